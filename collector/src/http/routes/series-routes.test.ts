import { type Point, point } from '@vonggac/shared';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { SeriesAnswer } from '../schemas.ts';
import { createTestServer, type TestServer } from '../testing/test-server.ts';

let server: TestServer;
let now: number;

beforeEach(async () => {
  server = createTestServer();
  now = server.clock.now;
  await write('a-1', 'so-tttt', [
    point('cpu', { time: now - 90_000, tags: {}, fields: { usage_percent: 10 } }),
    point('cpu', { time: now - 30_000, tags: {}, fields: { usage_percent: 20 } }),
    point('cpu', { time: now - 20_000, tags: {}, fields: { usage_percent: 40 } }),
    point('network', { time: now - 10_000, tags: { interface: 'eth0' }, fields: { up: true } }),
    point('network', { time: now - 10_000, tags: { interface: 'eth1' }, fields: { up: false } }),
    point('inventory', { time: now - 10_000, tags: {}, fields: { os_name: 'Debian' } }),
  ]);
  await write('a-2', 'dh', [point('cpu', { time: now - 10_000, tags: {}, fields: { usage_percent: 99 } })]);
});

afterEach(() => server.close());

async function write(agent: string, unit: string, points: Point[]): Promise<void> {
  await server.store.write([{ origin: { agent, host: `host-${agent}`, unit, class: 'server' }, points }]);
}

async function ask(query: string) {
  return await server.app.inject({ url: `/api/v1/series?${query}`, headers: server.authorization() });
}

async function pointsOf(query: string): Promise<unknown[]> {
  const answer = await ask(query);
  expect(answer.statusCode, answer.body).toBe(200);
  return SeriesAnswer.parse(answer.json()).series.map((series) => series.points);
}

test('raw points of one agent, with the tags of their series', async () => {
  const answer = await ask('measurement=cpu&field=usage_percent&agent=a-1');
  expect(SeriesAnswer.parse(answer.json())).toEqual({
    series: [
      {
        tags: { agent: 'a-1', host: 'host-a-1', unit: 'so-tttt', class: 'server' },
        points: [
          [now - 90_000, 10],
          [now - 30_000, 20],
          [now - 20_000, 40],
        ],
      },
    ],
    truncated: false,
  });
});

test.each([
  ['unit=dh', [[[-10, 99]]]],
  ['tag.agent=a-2', [[[-10, 99]]]],
  ['agent=a-1&from=-25s', [[[-20, 40]]]],
  ['agent=a-1&from=2026-01-05T14:58:00%2B07:00&to=-1m', [[[-90, 10]]]],
  [
    'agent=a-1&step=1m',
    [
      [
        [-120, 10],
        [-60, 30],
      ],
    ],
  ],
  [
    'agent=a-1&step=1m&aggregate=last',
    [
      [
        [-120, 10],
        [-60, 40],
      ],
    ],
  ],
  ['agent=none', []],
])('cpu: %s', async (query, expected) => {
  const series = await pointsOf(`measurement=cpu&field=usage_percent&${query}`);
  const relative = (series as [number, number][][]).map((points) =>
    points.map(([time, v]) => [(time - now) / 1_000, v]),
  );
  expect(relative).toEqual(expected);
});

test('tags of the measurement pick series', async () => {
  expect(await pointsOf('measurement=network&field=up&tag.interface=eth1')).toEqual([[[now - 10_000, 0]]]);
});

test('texts are aggregated by the last one unless asked otherwise', async () => {
  expect(await pointsOf('measurement=inventory&field=os_name&step=1h')).toEqual([[[now - 3_600_000, 'Debian']]]);
});

test('an answer that is cut off says so', async () => {
  const answer = await ask('measurement=cpu&field=usage_percent&limit=2');
  expect(answer.json()).toMatchObject({ truncated: true });
});

test.each([
  ['field=usage_percent', ['measurement']],
  ['measurement=cpu', ['field']],
  ['measurement=nothing&field=x', ['measurement']],
  ['measurement=cpu&field=nothing', ['field']],
  ['measurement=cpu&field=constructor', ['field']],
  ['measurement=cpu&field=usage_percent&tag.interface=eth0', ['tag.interface']],
  ['measurement=cpu&field=usage_percent&tag.nothing=1', ['tag.nothing']],
  ['measurement=cpu&field=usage_percent&from=now&to=-1h', ['from']],
  ['measurement=cpu&field=usage_percent&from=yesterday&to=soon&step=1ms', ['from', 'to', 'step']],
  ['measurement=cpu&field=usage_percent&limit=1000000', ['limit']],
  ['measurement=inventory&field=os_name&aggregate=mean', ['aggregate']],
  ['measurement=cpu&field=usage_percent&field=user_percent', ['field']],
])('refused: %s', async (query, names) => {
  const answer = await ask(query);
  expect(answer.statusCode).toBe(400);
  expect(answer.json().errors.map((error: { name: string }) => error.name)).toEqual(names);
});

test('a store that is away is told from a question that failed', async () => {
  server.store.away = 'http://127.0.0.1:8086 refuses connections';
  const answer = await ask('measurement=cpu&field=usage_percent');
  expect(answer.json()).toMatchObject({
    status: 503,
    type: 'urn:problem-type:vonggac:store-away',
    detail: 'the store is away: http://127.0.0.1:8086 refuses connections',
  });
});
