import { point } from '@vonggac/shared';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { NewState } from '../../connectivity/link-ledger.ts';
import { createTestServer, type TestServer } from '../testing/test-server.ts';

const hour = 3_600_000;
const line = { unit: 'DH', link: 'tslcd-1' };
let server: TestServer;
/** Noon in Vietnam, on the first day of the month. */
let noon: number;

beforeEach(() => {
  server = createTestServer();
  server.clock.now = Date.UTC(2026, 0, 1, 5);
  noon = server.clock.now;
  const at = { now: noon - 100 * hour };
  server.units.add({ code: 'DH', name: 'Đồng Hới', declared_pcs: 3 }, at);
  const links = [
    { id: 'tslcd-1', kind: 'tslcd', carrier: '=VNPT', edge: '10.1.2.1' },
    { id: 'inet', kind: 'internet' },
  ] as const;
  server.units.change('DH', { links: [...links] }, at);
  record('up', 'works', noon - 20 * hour);
  record('down', 'line-cut', noon - 3 * hour);
  record('up', 'works', noon - 2 * hour);
});
afterEach(() => server.close());

function record(state: NewState['state'], cause: NewState['cause'], at: number): void {
  const evidence = { at, what: cause, facts: { edge: 'silent' } };
  server.connectivity.ledger.record(line, { state, cause, carrier: '=VNPT', at, evidence });
}

async function get(url: string) {
  const answer = await server.app.inject({ url, headers: server.authorization('viewer') });
  return { status: answer.statusCode, text: answer.body, headers: answer.headers };
}

async function getJson(url: string) {
  const { status, text } = await get(url);
  return { status, body: JSON.parse(text) };
}

test('the lines as they are now; one that nothing is known of yet is unknown', async () => {
  const { body } = await getJson('/api/v1/links');
  expect(body.items).toEqual([
    {
      unit: 'DH',
      link: 'tslcd-1',
      kind: 'tslcd',
      carrier: '=VNPT',
      edge: '10.1.2.1',
      state: 'up',
      cause: 'works',
      since: new Date(noon - 2 * hour).toISOString(),
      // 12 hours of January, one of them down.
      availability_percent: 91.667,
    },
    { unit: 'DH', link: 'inet', kind: 'internet', state: 'unknown', cause: 'no-evidence' },
  ]);
});

test('the intervals of one, page by page', async () => {
  const url = '/api/v1/links/DH/tslcd-1/intervals';
  const first = await getJson(`${url}?limit=2`);
  expect(first.body.items.map(({ state }: { state: string }) => state)).toEqual(['up', 'down']);
  expect(first.body.items[1]).toEqual({
    carrier: '=VNPT',
    state: 'down',
    cause: 'line-cut',
    from: new Date(noon - 3 * hour).toISOString(),
    to: new Date(noon - 2 * hour).toISOString(),
    evidence: [{ time: new Date(noon - 3 * hour).toISOString(), what: 'line-cut', facts: { edge: 'silent' } }],
  });
  const second = await getJson(`${url}?limit=2&after=${first.body.next}`);
  expect(second.body).toMatchObject({ items: [{ state: 'up' }], next: null });
  expect(second.body.items[0]).not.toHaveProperty('to');
  expect((await getJson(`${url}?from=-150m`)).body.items).toHaveLength(2);
  expect((await getJson('/api/v1/links/DH/no/intervals')).status).toBe(404);
  expect((await getJson('/api/v1/links/NO/tslcd-1/intervals')).status).toBe(404);
  expect((await getJson(`${url}?from=yesterday`)).status).toBe(400);
});

test('a month: seconds add up, of the time that was known', async () => {
  const { body } = await getJson('/api/v1/links/report?month=2026-01&unit=DH');
  expect(body).toMatchObject({ month: '2026-01', truncated: false });
  expect(body.links).toHaveLength(1);
  expect(body.links[0]).toMatchObject({
    seconds: { up: 11 * 3_600, degraded: 0, down: 3_600, unknown: 0 },
    outages: 1,
    availability_percent: 91.667,
    days: [{ day: '2026-01-01', outages: 1 }],
  });
  const before = await getJson('/api/v1/links/report?month=2025-12');
  expect(before.body.links[0].seconds).toMatchObject({ up: 8 * 3_600, down: 0 });
  expect((await getJson('/api/v1/links/report?month=2027-01')).body.links).toEqual([]);
  expect((await getJson('/api/v1/links/report?unit=NO')).body.links).toEqual([]);
  expect((await getJson('/api/v1/links/report?month=2026-13')).status).toBe(400);
});

test('the evidence as a file for a spreadsheet, in which nothing is a formula', async () => {
  const { text, headers } = await get('/api/v1/links/report/export?month=2026-01&separator=%3B');
  expect(headers['content-type']).toBe('text/csv; charset=utf-8');
  expect(headers['content-disposition']).toBe('attachment; filename="links-2026-01.csv"');
  const lines = text.replace('\ufeff', '').trim().split('\r\n');
  expect(lines[0]).toBe('unit;link;carrier;from;to;seconds;state;cause;revision;evidence');
  expect(lines[2]).toBe(
    `DH;tslcd-1;'=VNPT;2026-01-01T09:00:00+07:00;2026-01-01T10:00:00+07:00;3600;down;line-cut;;` +
      `"2026-01-01T09:00:00+07:00 line-cut, edge: silent"`,
  );
  expect(lines).toHaveLength(4);
});

test('devices of a unit, held against its machines and what it declares', async () => {
  const began = noon / 1_000 - 86_400;
  const device = (mac: string, fields: { first_seen_seconds: number; address?: string; present?: boolean }) =>
    point('lan_device', {
      time: noon,
      tags: { mac },
      fields: { network: '10.1.2.0/24', last_seen_seconds: noon / 1_000, present: true, ...fields },
    });
  server.addAgent('a-1', { unit: 'DH', hostname: 'pc-1', addresses: ['10.1.2.5'] });
  server.connectivity.devices.take({ unit: 'DH', agent: 'a-gw' }, [
    device('00:16:3e:00:00:05', { first_seen_seconds: began, address: '10.1.2.5' }),
    device('00:16:3e:00:00:06', { first_seen_seconds: began + 60, address: '10.1.2.6' }),
    device('da:16:3e:00:00:07', { first_seen_seconds: began, present: false }),
  ]);
  const { body } = await getJson('/api/v1/units/DH/devices');
  expect(body.counts).toEqual({ devices: 3, present: 2, with_agent: 1, without_agent: 1, declared: 3 });
  expect(body.items).toMatchObject([
    { mac: '00:16:3e:00:00:05', agent: 'a-1', agent_name: 'pc-1', vendor: 'Test Vendor', is_new: false },
    { mac: '00:16:3e:00:00:06', address: '10.1.2.6', is_new: true },
    { mac: 'da:16:3e:00:00:07', class: 'private', present: false },
  ]);
  expect((await getJson('/api/v1/units/NO/devices')).status).toBe(404);
});
