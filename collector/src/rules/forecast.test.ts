import fc from 'fast-check';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import { LiveState } from '../live/live-state.ts';
import { QueryError, type SeriesQuery, type SeriesResult, type StoreBatch } from '../stores/store.ts';
import { daysUntilFull, Forecast } from './forecast.ts';
import { createTestAgent } from './testing/test-agent.ts';

const hourMs = 3_600_000;
const now = Date.UTC(2026, 0, 8);

/** Percents by the hour up to now. */
function hourly(hours: number, percentOf: (hour: number) => number): [number, number][] {
  return Array.from({ length: hours }, (_, hour) => [now - (hours - hour) * hourMs, percentOf(hour)]);
}

test.each<[string, [number, number][], number | undefined]>([
  ['2 % a day with 20 % left', hourly(121, (hour) => 70 + hour / 12), 10],
  ['a disk that does not grow', hourly(100, () => 60), 365],
  ['a disk that is being emptied', hourly(100, (hour) => 90 - hour / 10), 365],
  ['hardly any growth', hourly(100, (hour) => 50 + hour / 10_000), 365],
  ['a full disk', hourly(100, (hour) => Math.min(100, 90 + hour)), 0],
  ['less than a day of values', hourly(23, (hour) => hour), undefined],
  ['nothing', [], undefined],
  ['a disk that is no longer seen', hourly(100, (hour) => hour).slice(0, 90), undefined],
])('%s', (_, hours, days) => {
  const found = daysUntilFull(hours, now);
  if (days === undefined) expect(found).toBeUndefined();
  else expect(found).toBeCloseTo(days, 0);
});

test('a forecast is a number of days from 0 to 365, whatever the values', () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: 0, max: 100, noNaN: true }), { minLength: 24, maxLength: 168 }),
      (percents) => {
        const days = daysUntilFull(
          hourly(percents.length, (hour) => percents[hour] ?? 0),
          now,
        );
        expect(days).toBeGreaterThanOrEqual(0);
        expect(days).toBeLessThanOrEqual(365);
      },
    ),
  );
});

class FakeStore {
  readonly asked: SeriesQuery[] = [];
  fails = false;

  async query(query: SeriesQuery): Promise<SeriesResult> {
    this.asked.push(query);
    if (this.fails) throw new QueryError('unavailable', 'the store is away');
    return { series: [{ tags: { mount: '/' }, points: hourly(121, (hour) => 70 + hour / 12) }], truncated: false };
  }
}

test('servers and gateways have their turn one by one, once an hour; a store that is away costs only that turn', async () => {
  const live = new LiveState(() => now);
  for (const [id, agentClass] of [
    ['a-1', 'server'],
    ['a-2', 'gateway'],
    ['a-3', 'pc'],
  ] as const) {
    live.put(createTestAgent(id, { class: agentClass }));
  }
  const store = new FakeStore();
  const batches: StoreBatch[] = [];
  const logger = pino({ level: 'silent' });
  const forecast = new Forecast({ agents: () => live.all(), store, emit: (batch) => batches.push(batch), logger });
  store.fails = true;
  await forecast.tick(now);
  store.fails = false;
  for (let second = 1; second < 10; second += 1) await forecast.tick(now + second * 1_000);
  expect(store.asked.map(({ tags }) => tags?.agent)).toEqual(['a-2', 'a-1']);
  expect(batches).toMatchObject([
    { origin: { agent: 'a-1' }, points: [{ measurement: 'filesystem_forecast', tags: { mount: '/' } }] },
  ]);
  await forecast.tick(now + hourMs);
  expect(store.asked).toHaveLength(3);
});
