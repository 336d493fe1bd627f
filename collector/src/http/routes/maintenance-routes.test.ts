import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createTestServer, type TestServer } from '../testing/test-server.ts';

const hour = 3_600_000;
const url = '/api/v1/maintenance';

let server: TestServer;
let now: number;

beforeEach(() => {
  server = createTestServer();
  now = server.clock.now;
  const links = [{ id: 'tslcd', kind: 'tslcd' as const }];
  server.units.add({ code: 'DH', name: 'Đồng Hới', links }, { now });
  server.addAgent('a-1', { unit: 'DH' });
  server.addAgent('a-old', { unit: 'DH', revokedAt: now });
});

afterEach(() => server.close());

function iso(time: number): string {
  return new Date(time).toISOString();
}

async function post(payload: object, path = url, headers = server.authorization('operator')) {
  const answer = await server.app.inject({ method: 'POST', url: path, headers, payload });
  return { status: answer.statusCode, body: answer.json() };
}

const once = () => ({ unit: 'DH', from: iso(now + hour), to: iso(now + 3 * hour), reason: 'thay UPS' });

describe('a maintenance window', () => {
  it('is planned, listed, cancelled, and written down', async () => {
    const { status, body } = await post(once());
    expect([status, body]).toEqual([
      201,
      {
        id: 1,
        unit: 'DH',
        from: iso(now + hour),
        to: iso(now + 3 * hour),
        reason: 'thay UPS',
        state: 'coming',
        next_from: iso(now + hour),
        next_to: iso(now + 3 * hour),
        created_at: iso(now),
        created_by: 'test operator',
      },
    ]);
    expect(server.calendars.planned.plannedAt({ unit: 'DH' }, now + 2 * hour)?.note).toBe('thay UPS');
    const cancelled = await post({}, `${url}/1/cancel`);
    expect(cancelled.body).toMatchObject({ state: 'cancelled', cancelled_by: 'test operator' });
    expect(server.calendars.planned.plannedAt({ unit: 'DH' }, now + 2 * hour)).toBeUndefined();
    expect((await post({}, `${url}/1/cancel`)).status).toBe(409);
    expect((await post({}, `${url}/99/cancel`)).status).toBe(404);
    expect((await post({}, `${url}/x/cancel`)).status).toBe(404);
    const [last, first] = server.audit.list({ limit: 2 });
    expect([first?.action, last?.action]).toEqual(['maintenance.add', 'maintenance.cancel']);
    expect(JSON.parse(first?.after ?? '')).toMatchObject({ unit: 'DH', reason: 'thay UPS', from: iso(now + hour) });
  });

  it('comes again, and is of a machine or a line', async () => {
    const weekly = { cron: '0 22 * * 6', duration_minutes: 90, reason: 'sao lưu' };
    expect((await post({ ...weekly, agent: 'a-1' })).body).toMatchObject({
      agent: 'a-1',
      unit: 'DH',
      duration_minutes: 90,
    });
    expect((await post({ ...weekly, unit: 'DH', link: 'tslcd' })).body).toMatchObject({
      link: 'tslcd',
      state: 'coming',
    });
    const list = await server.app.inject({ url: `${url}?limit=1`, headers: server.authorization() });
    expect(list.json()).toMatchObject({ items: [{ id: 2 }], next: '2' });
    const next = await server.app.inject({ url: `${url}?limit=1&after=2`, headers: server.authorization() });
    expect(next.json()).toMatchObject({ items: [{ id: 1 }], next: null });
  });

  it.each<[string, object, string, string]>([
    ['nothing', { unit: undefined }, 'unit', 'either a unit or a machine is needed'],
    ['both', { agent: 'a-1' }, 'unit', 'either a unit or a machine is needed'],
    ['no such unit', { unit: 'XX' }, 'unit', 'there is no unit XX'],
    ['no such machine', { unit: undefined, agent: 'a-9' }, 'agent', 'there is no agent a-9'],
    ['a retired machine', { unit: undefined, agent: 'a-old' }, 'agent', 'there is no agent a-old'],
    ['no such line', { link: 'vnpt' }, 'link', 'DH has no line vnpt'],
    ['the past', { from: '2026-01-01T00:00:00Z' }, 'from', 'a window cannot begin in the past'],
    ['no end', { to: undefined }, 'to', 'an end is needed'],
    ['a bad expression', { cron: '61 * * * *', duration_minutes: 60 }, 'cron', '"61 * * * *" is not a cron expression'],
    [
      'a long time',
      { cron: '0 22 * * 6', duration_minutes: 9_999 },
      'duration_minutes',
      'lasts from a minute to 3 days',
    ],
    ['no reason', { reason: ' ' }, 'reason', 'a reason is needed'],
    ['a local time', { to: '2026-01-06T10:00:00' }, 'to', 'is a time with its offset'],
    ['more than asked for', { note: 'x' }, 'note', ''],
  ])('is refused about %s', async (_, wrong, name, detail) => {
    const { status, body } = await post({ ...once(), ...wrong });
    expect(status).toBe(400);
    expect(body.errors).toContainEqual({ location: 'body', name, detail: expect.stringContaining(detail) });
    expect(server.calendars.windows.all()).toEqual([]);
  });

  it('is for those who operate, and read by all', async () => {
    for (const role of ['viewer', 'security'] as const) {
      expect((await post(once(), url, server.authorization(role))).status).toBe(403);
      expect((await server.app.inject({ url, headers: server.authorization(role) })).statusCode).toBe(200);
    }
  });
});

it('says which calendars there are, and what is not known of them', async () => {
  const answer = await server.app.inject({ url: '/api/v1/calendars', headers: server.authorization() });
  expect(answer.json()).toMatchObject({
    time_zone: 'Asia/Ho_Chi_Minh',
    default: 'gio-hanh-chinh',
    classes: ['pc'],
    calendars: [{ name: 'gio-hanh-chinh', hours: ['mon-fri 07:00-17:00'], holidays: true }, { name: '24-7' }],
    warnings: [expect.stringContaining('2026'), expect.stringContaining('2027')],
  });
});
