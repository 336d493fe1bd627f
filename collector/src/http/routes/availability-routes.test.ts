import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createTestServer, type TestServer } from '../testing/test-server.ts';

const url = '/api/v1/availability';

let server: TestServer;

beforeEach(() => {
  server = createTestServer();
  // In the afternoon of 5 January, outages are recorded since the first.
  const start = Date.UTC(2025, 11, 31, 17);
  const { now } = server.clock;
  server.clock.now = start;
  server.availability.start({ audit: server.audit, logger: { error: () => undefined } });
  server.clock.now = now;
  server.units.add({ code: 'DH', name: 'Đồng Hới' }, { now });
  server.addAgent('a-1', { unit: 'DH', enrolledAt: start, hostname: '=cmd()' });
  const about = { agent: 'a-1', hostname: 'a-1', unit: 'DH', class: 'server', evidence: [] } as const;
  server.outages.ledger.open({ ...about, verdict: 'machine-lost', confidence: 'high', beganAt: now - 3_600_000 });
});

afterEach(() => server.close());

async function get(query: string, headers = server.authorization()) {
  const answer = await server.app.inject({ url: `${url}${query}`, headers });
  return {
    status: answer.statusCode,
    body: answer.headers['content-type']?.includes('json') ? answer.json() : answer.body,
  };
}

describe('availability', () => {
  it('is told for units, machines and lines, in seconds that add up', async () => {
    const { body } = await get('?month=2026-01&unit=DH');
    const seconds = { up: 110 * 3_600, down: 3_600, planned: 0, inconclusive: 0, absent: 0 };
    const figure = { available_percent: 99.099, seconds, down_seconds: { 'machine-lost': 3_600 } };
    expect(body).toMatchObject({ month: '2026-01', is_over: false, revisions: 0, links: [] });
    expect(body.taken_at).toBeUndefined();
    expect(body.machines).toEqual([
      { agent: 'a-1', hostname: '=cmd()', unit: 'DH', class: 'server', outages: 1, ...figure },
    ]);
    expect(body.units[0]).toMatchObject({ unit: 'DH', name: 'Đồng Hới', machines: { count: 1, ...figure } });
    expect(body.units[0].classes.pc).toMatchObject({ count: 0, seconds: { up: 0, down: 0 } });
    expect((await get('')).body.month).toBe('2026-01');
    expect((await get('?detail=units')).body).toMatchObject({ units: [{ machines: { count: 1 } }], machines: [] });
    expect((await get('?from=2026-01-02&to=2026-01-03&agent=a-1')).body.machines[0].seconds.up).toBe(48 * 3_600);
  });

  it.each([
    ['?month=2026-02', 'month', '2026-02 is still to come: there is nothing to report yet'],
    ['?month=thang-1', 'month', '"thang-1" is not a month: write it as 2026-11'],
    ['?from=2026-01-03&to=2026-01-01', 'to', '2026-01-01 is before 2026-01-03'],
    ['/export?month=2026-13', 'month', '"2026-13" is not a month: write it as 2026-11'],
  ])('of %s is refused', async (query, name, detail) => {
    const { status, body } = await get(query);
    expect([status, body.errors]).toEqual([400, [{ location: 'query', name, detail }]]);
  });

  it('of what is not there is not found', async () => {
    expect((await get('?unit=XX')).status).toBe(404);
    expect((await get('?agent=a-9')).status).toBe(404);
  });

  it('is a file that a spreadsheet can open', async () => {
    const { body } = await get('/export?month=2026-01&separator=%3B');
    expect(body).toContain("machine;DH;'=cmd();a-1;server;1;99.099;1;396000;3600;0;0;0;");
  });
});
