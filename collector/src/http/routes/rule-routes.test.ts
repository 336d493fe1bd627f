import { type Point, point, rules } from '@vonggac/shared';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { RuleList, RuleWithInstances } from '../rule-schemas.ts';
import { createTestServer, type TestServer } from '../testing/test-server.ts';

const minuteMs = 60_000;
let server: TestServer;

beforeEach(() => {
  server = createTestServer();
});

afterEach(() => server.close());

async function get<T>(url: string): Promise<{ status: number; body: T }> {
  const answer = await server.app.inject({ url, headers: server.authorization() });
  return { status: answer.statusCode, body: answer.json() };
}

/** Minutes in which three machines tell of their disks. */
function pass(minutes: number): void {
  for (let minute = 0; minute < minutes; minute += 1) {
    server.clock.now += minuteMs;
    const { now } = server.clock;
    for (const [agent, percent] of [
      ['a-1', 99],
      ['a-2', 50],
      ['a-3', 98],
    ] as const) {
      const points: Point[] = [
        point('filesystem', { time: now, tags: { mount: '/', type: 'ext4' }, fields: { used_percent: percent } }),
      ];
      server.rules.take({ origin: { agent, host: `may-${agent}`, unit: 'DH', class: 'server' }, points }, now);
    }
    server.rules.tick(now);
  }
}

test('every rule is listed with its texts and what it follows by state', async () => {
  pass(4);
  const { status, body } = await get<RuleList>('/api/v1/rules');
  expect(status).toBe(200);
  expect(body.items.map(({ id }) => id)).toEqual(rules.map(({ id }) => id));
  expect(body.items.find(({ id }) => id === 'disk-full')).toMatchObject({
    title: { vi: 'Ổ đĩa đầy' },
    severity: 'critical',
    condition: { kind: 'above', threshold: 97, recovers: 95 },
    counts: { firing: 2, normal: 1, pending: 0, 'no-data': 0 },
  });
});

test('one rule comes with its instances, the worst first, and its runbook', async () => {
  pass(4);
  const { body } = await get<RuleWithInstances>('/api/v1/rules/disk-full');
  expect(body.instances.map(({ agent, tags, state, value }) => ({ agent, tags, state, value }))).toEqual([
    { agent: 'a-1', tags: { mount: '/' }, state: 'firing', value: 99 },
    { agent: 'a-3', tags: { mount: '/' }, state: 'firing', value: 98 },
    { agent: 'a-2', tags: { mount: '/' }, state: 'normal', value: 50 },
  ]);
  expect(body.runbook.vi).toMatch(/^# Ổ đĩa đầy\n/);
  expect(body.runbook.en).toMatch(/^# A disk is full\n/);
});

test('a rule that is not there is not found, whatever its name looks like', async () => {
  for (const id of ['nope', '..%2f..%2fREADME', 'constructor', '__proto__']) {
    expect((await get(`/api/v1/rules/${id}`)).status).toBe(404);
  }
});

test('an incident says what its rule says, and where its runbook is', async () => {
  const evidence = { at: server.clock.now, what: 'rule-fires', facts: {} };
  const about = { severity: 'critical', unit: 'DH', evidence } as const;
  const own = server.incidents.report({ kind: 'disk-full', subject: 'a-1', ...about }).id;
  const detected = server.incidents.report({ kind: 'unprotected', subject: 'a-1', ...about }).id;
  expect((await get(`/api/v1/incidents/${own}`)).body).toMatchObject({
    rule: { title: { en: 'A disk is full' }, scope: 'machine' },
    runbook: 'disk-full',
  });
  const { body } = await get<object>(`/api/v1/incidents/${detected}`);
  expect(body).toMatchObject({ runbook: 'antivirus-unprotected' });
  expect(body).not.toHaveProperty('rule');
});
