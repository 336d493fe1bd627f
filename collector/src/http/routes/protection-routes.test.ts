import { point } from '@vonggac/shared';
import { parse } from 'csv-parse/sync';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readDetection } from '../../protection/detection.ts';
import { createTestServer, type TestServer } from '../testing/test-server.ts';

let server: TestServer;

beforeEach(() => {
  server = createTestServer();
  const at = server.clock.now;
  server.units.ensure({ code: 'TOP', name: 'tỉnh', parent: undefined }, at);
  server.units.ensure({ code: 'A', name: 'xã', parent: 'TOP' }, at);
  server.units.change('A', { declared_pcs: 3 }, { now: at });
  for (const [id, unit] of [
    ['a-1', 'A'],
    ['a-2', 'A'],
    ['a-3', 'TOP'],
  ] as const) {
    server.addAgent(id, { unit, class: 'pc', hostname: id === 'a-2' ? '=cmd()' : `host-${id}` });
    server.live.connected(id, 0);
  }
  const signature_time_seconds = at / 1_000 - 3_600;
  const fields = { read_state: 'ok', running: true, realtime: true, mode: 'active', signature_time_seconds };
  server.protection.machines.take('a-1', [point('antivirus', { time: at, tags: { product: 'kesl' }, fields })], at);
  const none = point('antivirus', { time: at, tags: { product: 'none' }, fields: { read_state: 'absent' } });
  server.protection.machines.take('a-2', [none], at);
  server.clock.now += 60_000;
  server.protection.machines.tick(server.clock.now);
});

afterEach(() => server.close());

async function get(url: string, status = 200) {
  const answer = await server.app.inject({ url, headers: server.authorization() });
  expect(answer.statusCode, answer.body).toBe(status);
  return answer.headers['content-type']?.includes('json') ? answer.json() : answer.body;
}

function find(agent: string, minutes: number, fields: Readonly<Record<string, string | boolean>>): void {
  const time = server.clock.now - minutes * 60_000;
  const tags = { product: 'kesl', severity: 'high' };
  const told = point('malware', { time, tags, fields: { event: `${minutes}`, ...fields } });
  const from = { agent, host: `host-${agent}`, unit: agent === 'a-3' ? 'TOP' : 'A', class: 'pc' } as const;
  const detection = readDetection(told, { ...from, receivedAt: server.clock.now });
  if (detection) server.protection.malware.take([detection]);
}

test('machines, the worst first, with what is wrong', async () => {
  const { items, next, counts } = await get('/api/v1/protection');
  expect(items.map(({ agent, level }: { agent: string; level: string }) => [agent, level])).toEqual([
    ['a-2', 'unprotected'],
    ['a-3', 'unknown'],
    ['a-1', 'protected'],
  ]);
  expect(next).toBeNull();
  expect(counts).toEqual({ protected: 1, attention: 0, unknown: 1, unprotected: 1 });
  expect(items[0]).toMatchObject({
    hostname: '=cmd()',
    unit: 'A',
    class: 'pc',
    state: 'online',
    findings: [{ rule: 'AV-01', level: 'critical', since: '2026-01-05T08:00:00.000Z', evidence: {} }],
  });
  expect(items[2]).toMatchObject({ signature_age_hours: 1, products: [{ product: 'kesl', realtime: true }] });
});

test('filters and pages', async () => {
  const ids = ({ items }: { items: { agent: string }[] }) => items.map(({ agent }) => agent);
  expect(ids(await get('/api/v1/protection?level=unknown,protected'))).toEqual(['a-3', 'a-1']);
  expect(ids(await get('/api/v1/protection?unit=A'))).toEqual(['a-2', 'a-1']);
  expect(ids(await get('/api/v1/protection?unit=TOP'))).toHaveLength(3);
  expect(ids(await get('/api/v1/protection?agent=a-1'))).toEqual(['a-1']);
  const first = await get('/api/v1/protection?limit=2');
  expect(ids(await get(`/api/v1/protection?limit=2&after=${encodeURIComponent(first.next)}`))).toEqual(['a-1']);
  await get('/api/v1/protection?level=good', 400);
  await get('/api/v1/protection?colour=red', 400);
});

test('units, by what they have declared', async () => {
  const { items } = await get('/api/v1/protection/units');
  expect(items).toMatchObject([
    { unit: 'A', own: { declared: 3, enrolled: 2, missing: 1, protected: 1, protected_percent: 33.3 } },
    { unit: 'TOP', own: { enrolled: 1, unknown: 1 }, total: { declared: 3, enrolled: 3, protected_percent: 25 } },
  ]);
  expect(items[1].own.declared).toBeUndefined();
});

test('detections, newest first', async () => {
  find('a-1', 1, { name: 'Eicar', resolved: true, object: '@evil()', action: 'removed' });
  find('a-1', 2, { name: 'Emotet' });
  find('a-3', 60 * 24 * 31, { name: 'Old' });
  const names = ({ items }: { items: { name: string }[] }) => items.map(({ name }) => name);
  expect(names(await get('/api/v1/malware'))).toEqual(['Eicar', 'Emotet']);
  expect(names(await get('/api/v1/malware?from=-40d'))).toEqual(['Eicar', 'Emotet', 'Old']);
  expect(names(await get('/api/v1/malware?resolved=false'))).toEqual(['Emotet']);
  expect(names(await get('/api/v1/malware?resolved=true'))).toEqual(['Eicar']);
  expect(names(await get('/api/v1/malware?name=emo&unit=TOP&agent=a-1'))).toEqual(['Emotet']);
  const first = await get('/api/v1/malware?limit=1');
  expect(names(await get(`/api/v1/malware?limit=1&after=${first.next}`))).toEqual(['Emotet']);
  expect(first.items[0]).toMatchObject({
    threat: 'eicar',
    hostname: 'host-a-1',
    detected_at: '2026-01-05T08:00:00.000Z',
  });
  await get('/api/v1/malware?after=x', 400);
  await get('/api/v1/malware?from=yesterday', 400);
  const rows = parse(await get('/api/v1/malware/export'), { columns: true, bom: true }) as Record<string, string>[];
  expect(rows.map(({ name, object, resolved }) => [name, object, resolved])).toEqual([
    ['Eicar', "'@evil()", 'true'],
    ['Emotet', '', ''],
  ]);
});

test('machines as a file that no spreadsheet runs', async () => {
  const text = await get('/api/v1/protection/export?separator=;');
  const rows = parse(text, { columns: true, bom: true, delimiter: ';' }) as Record<string, string>[];
  expect(rows.map(({ hostname, level, rules }) => [hostname, level, rules])).toEqual([
    ["'=cmd()", 'unprotected', 'AV-01'],
    ['host-a-3', 'unknown', 'AV-16'],
    ['host-a-1', 'protected', ''],
  ]);
});
