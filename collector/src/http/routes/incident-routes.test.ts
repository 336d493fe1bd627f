import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { NewPerson } from '../../registry/people.ts';
import { createTestServer, type TestServer } from '../testing/test-server.ts';

let server: TestServer;
let ids: number[];

beforeEach(() => {
  server = createTestServer();
  ids = ['a-1', 'a-2', 'a-3'].map((subject) => {
    const evidence = { at: server.clock.now, what: 'second-holder', facts: { address: '10.0.0.9' } };
    return server.incidents.report({ kind: 'clone', severity: 'critical', subject, unit: 'DV', evidence }).id;
  });
});
afterEach(() => server.close());

async function get(url: string) {
  const answer = await server.app.inject({ url, headers: server.authorization('viewer') });
  return { status: answer.statusCode, body: answer.json() };
}

async function post(url: string, payload?: object) {
  const headers = server.authorization('operator');
  const answer = await server.app.inject({ method: 'POST', url, headers, ...(payload && { payload }) });
  return { status: answer.statusCode, body: answer.json() };
}

test('lists newest first, a page at a time', async () => {
  const first = await get('/api/v1/incidents?limit=2');
  expect(first.body.items.map(({ subject }: { subject: string }) => subject)).toEqual(['a-3', 'a-2']);
  const second = await get(`/api/v1/incidents?limit=2&after=${first.body.next}`);
  expect(second.body).toMatchObject({ items: [{ subject: 'a-1', count: 1, kind: 'clone' }], next: null });
  expect(second.body.items[0]).not.toHaveProperty('evidence');
});

test('shows one with its evidence', async () => {
  const { body } = await get(`/api/v1/incidents/${ids[0]}`);
  const time = new Date(server.clock.now).toISOString();
  expect(body).toMatchObject({
    subject: 'a-1',
    opened_at: time,
    evidence: [{ time, what: 'second-holder', facts: { address: '10.0.0.9' } }],
  });
});

test.each(['0', '999', 'x', '1e3', '-1', '9999999999999999999'])('there is no incident %s', async (id) => {
  expect((await get(`/api/v1/incidents/${id}`)).status).toBe(404);
  expect((await post(`/api/v1/incidents/${id}/close`)).status).toBe(404);
});

test('someone acknowledges and closes it; the audit log knows who, and a closed one stays closed', async () => {
  const url = `/api/v1/incidents/${ids[0]}`;
  const note = 'đã gọi cho xã, máy ảo bị nhân bản';
  expect(await post(`${url}/acknowledge`, { note })).toMatchObject({ status: 200, body: { note } });
  const closed = await post(`${url}/close`);
  expect(closed).toMatchObject({ status: 200, body: { note, closed_by: 'test operator' } });
  expect(await post(`${url}/close`, {})).toMatchObject({ status: 409 });
  expect(await post(`${url}/acknowledge`, {})).toMatchObject({ status: 409 });
  expect((await get('/api/v1/incidents?state=closed')).body.items).toMatchObject([{ id: ids[0] }]);
  expect((await get('/api/v1/incidents')).body.items).toHaveLength(2);
  expect((await get('/api/v1/incidents?state=all')).body.items).toHaveLength(3);
  const entries = server.audit.list({ limit: 10 }).map(({ action, actor, subject }) => ({ action, actor, subject }));
  expect(entries).toEqual([
    { action: 'incident.close', actor: 'test operator', subject: String(ids[0]) },
    { action: 'incident.acknowledge', actor: 'test operator', subject: String(ids[0]) },
  ]);
});

test('refuses what makes no sense, and who may only look', async () => {
  expect((await get('/api/v1/incidents?state=gone')).status).toBe(400);
  expect((await get('/api/v1/incidents?after=x')).status).toBe(400);
  expect((await post(`/api/v1/incidents/${ids[0]}/close`, { note: 'x'.repeat(201) })).status).toBe(400);
  expect((await post(`/api/v1/incidents/${ids[0]}/close`, { reason: 'x' })).status).toBe(400);
  const url = `/api/v1/incidents/${ids[0]}/close`;
  const answer = await server.app.inject({ method: 'POST', url, headers: server.authorization('viewer') });
  expect(answer.statusCode).toBe(403);
});

describe('duties', () => {
  const person = (name: string, rest: Partial<NewPerson> = {}) =>
    server.people.add({ name, role: 'operator', unit: undefined, passwordHash: 'x', ...rest }, 0);

  beforeEach(() => {
    server.units.ensure({ code: 'QB', name: 'Tỉnh', parent: undefined }, server.clock.now);
    server.units.ensure({ code: 'DV', name: 'Đơn vị', parent: 'QB' }, server.clock.now);
    server.units.ensure({ code: 'KHAC', name: 'Khác', parent: 'QB' }, server.clock.now);
    person('an');
    person('xa', { role: 'unit-admin', unit: 'DV' });
    person('tren', { role: 'unit-admin', unit: 'QB' });
    person('khac', { role: 'unit-admin', unit: 'KHAC' });
    person('xem', { role: 'viewer' });
    server.people.change(person('nghi'), { disabledAt: 1 });
  });

  test('is given to someone who may handle it, and to nobody again', async () => {
    const url = `/api/v1/incidents/${ids[0]}`;
    const headers = server.authorization('operator');
    const { items } = (await server.app.inject({ url: `${url}/assignees`, headers })).json();
    expect(items.map(({ name }: { name: string }) => name)).toEqual(['an', 'tren', 'xa']);
    expect(await post(`${url}/assign`, { to: 'xa' })).toMatchObject({
      status: 200,
      body: { assigned_to: 'xa', assigned_by: 'test operator', level: 1 },
    });
    for (const to of ['khac', 'xem', 'nghi', 'không có', '']) {
      expect(await post(`${url}/assign`, { to }), to).toMatchObject({
        status: 400,
        body: { errors: [{ name: 'to' }] },
      });
    }
    expect((await post(`${url}/assign`, {})).status).toBe(400);
    expect((await get('/api/v1/incidents?assignee=xa')).body.items).toMatchObject([{ id: ids[0] }]);
    expect((await get('/api/v1/incidents?assignee=me')).body.items).toEqual([]);
    const { body } = await post(`${url}/assign`, { to: null });
    expect(body.assigned_to).toBeUndefined();
    expect(server.audit.list({ limit: 2 }).map(({ action, before, after }) => [action, before, after])).toEqual([
      ['incident.assign', '{"assigned_to":"xa"}', '{"about":"a-1","assigned_to":null,"kind":"clone"}'],
      ['incident.assign', '{}', '{"about":"a-1","assigned_to":"xa","kind":"clone"}'],
    ]);
  });

  test('is put off for 30 days at most, and woken', async () => {
    const url = `/api/v1/incidents/${ids[0]}`;
    const days = (count: number) => new Date(server.clock.now + count * 86_400_000).toISOString();
    for (const until of [days(0), days(-1), days(30.1), 'mai', '2026-01-06', 5]) {
      expect(await post(`${url}/snooze`, { until }), `${until}`).toMatchObject({ status: 400 });
    }
    expect(await post(`${url}/snooze`, { until: days(30) })).toMatchObject({
      status: 200,
      body: { snoozed_until: days(30), snoozed_by: 'test operator' },
    });
    expect((await get('/api/v1/incidents')).body.items).toHaveLength(3);
    expect((await post(`${url}/unsnooze`)).body.snoozed_until).toBeUndefined();
    expect(server.audit.list({ limit: 2 }).map(({ action }) => action)).toEqual([
      'incident.unsnooze',
      'incident.snooze',
    ]);
    await post(`${url}/close`);
    expect(await post(`${url}/snooze`, { until: days(1) })).toMatchObject({ status: 409 });
    expect(await post(`${url}/assign`, { to: 'an' })).toMatchObject({ status: 409 });
  });
});
