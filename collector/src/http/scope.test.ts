import { type Point, point } from '@vonggac/shared';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { SeriesQuery } from '../stores/store.ts';
import { createScopes, type Scope } from './scope.ts';
import { createTestServer, type TestServer } from './testing/test-server.ts';

const signal = new AbortController().signal;
let server: TestServer;
let scope: Scope;

beforeEach(async () => {
  server = createTestServer();
  for (const [code, parent] of [
    ['QB', undefined],
    ['DH', 'QB'],
    ['DH-BL', 'DH'],
    ['LT', 'QB'],
  ] as const) {
    server.units.ensure({ code, name: code, parent }, 0);
  }
  for (const [id, unit] of [
    ['a-qb', 'QB'],
    ['a-dh', 'DH'],
    ['a-bl', 'DH-BL'],
    ['a-lt', 'LT'],
  ] as const) {
    server.addAgent(id, { unit });
    await write(id, unit);
  }
  // It was in another unit before it came.
  await write('a-dh', 'LT', 100);
  scope = createScopes(server)({ role: 'unit-admin', unit: 'DH' });
});

afterEach(() => server.close());

async function write(agent: string, unit: string, from = 1_000): Promise<void> {
  const points: Point[] = [0, 1, 2].map((n) =>
    point('cpu', { time: from + n, tags: {}, fields: { usage_percent: n } }),
  );
  await server.store.write([{ origin: { agent, host: agent, unit, class: 'pc' }, points }]);
}

async function ask(rest: Partial<SeriesQuery> = {}, by = scope): Promise<[found: string[], truncated: boolean]> {
  const query = { measurement: 'cpu', field: 'usage_percent', from: 0, to: 9_000, limit: 100, ...rest } as const;
  const { series, truncated } = await by.query(query, signal);
  return [series.map(({ tags, points }) => `${tags.agent}@${tags.unit} ${points.length}`), truncated];
}

test('units, topmost without its parent', () => {
  expect(scope.units()).toEqual([
    { code: 'DH', name: 'DH', parent: undefined },
    { code: 'DH-BL', name: 'DH-BL', parent: 'DH' },
  ]);
});

test('agents, in the list and by id', () => {
  expect(
    scope
      .agents()
      .map(({ record }) => record.id)
      .sort(),
  ).toEqual(['a-bl', 'a-dh']);
  expect(scope.agent('a-bl')?.record.unit).toBe('DH-BL');
  expect(scope.agent('a-lt')).toBeUndefined();
});

test.each([
  ['nothing', {}, ['a-bl@DH-BL 3', 'a-dh@DH 3']],
  ['a unit below', { unit: 'DH-BL' }, ['a-bl@DH-BL 3']],
  ['the unit above', { unit: 'QB' }, []],
  ['another unit', { unit: 'LT' }, []],
  ['another unit and an own machine', { unit: 'LT', agent: 'a-dh' }, []],
  ['an own machine, but not its time elsewhere', { agent: 'a-dh' }, ['a-dh@DH 3']],
  ['a foreign machine', { agent: 'a-lt' }, []],
])('series, asked for %s', async (_, tags, expected) => {
  expect(await ask({ tags })).toEqual([expected, false]);
});

test.each([
  [6, ['a-bl@DH-BL 3', 'a-dh@DH 3'], false],
  [5, ['a-bl@DH-BL 3', 'a-dh@DH 2'], true],
  [3, ['a-bl@DH-BL 3'], true],
  [1, ['a-bl@DH-BL 1'], true],
])('a limit of %i holds over all units together', async (limit, _, truncated) => {
  const [found, cut] = await ask({ limit });
  expect(found.reduce((sum, each) => sum + Number(each.split(' ')[1]), 0)).toBe(limit);
  expect(cut).toBe(truncated);
});

test('the whole province for whoever is not limited', async () => {
  const province = createScopes(server)({ role: 'viewer', unit: undefined });
  expect(province.agents()).toHaveLength(4);
  expect((await ask({}, province))[0]).toHaveLength(5);
});

test.each([
  ['a unit-admin without a unit', { role: 'unit-admin', unit: undefined }],
  ['a unit that is gone', { role: 'unit-admin', unit: 'GONE' }],
] as const)('%s sees nothing', async (_, identity) => {
  const none = createScopes(server)(identity);
  expect([none.units(), none.agents(), none.agent('a-dh')]).toEqual([[], [], undefined]);
  expect(await ask({}, none)).toEqual([[], false]);
  expect(await ask({ tags: { agent: 'a-dh' } }, none)).toEqual([[], false]);
});

test('a unit limits whatever the role', () => {
  const limited = createScopes(server)({ role: 'operator', unit: 'LT' });
  expect(limited.agents().map(({ record }) => record.id)).toEqual(['a-lt']);
});

test('nobody at all is an error of the program', () => {
  expect(() => createScopes(server)(undefined)).toThrow('without an identity');
});
