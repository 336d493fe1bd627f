import { afterEach, beforeEach, expect, test } from 'vitest';
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
