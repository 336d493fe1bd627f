import { expect, test } from 'vitest';
import type { IntervalView } from '../../../src/http/link-schemas.ts';
import { axisTimes, timeLineParts } from './time-line-parts.ts';

const hour = 3_600_000;

function interval(state: IntervalView['state'], from: number, to?: number): IntervalView {
  return {
    carrier: 'VNPT',
    state,
    cause: 'works',
    from: new Date(from).toISOString(),
    ...(to !== undefined && { to: new Date(to).toISOString() }),
    evidence: [],
  };
}

test('intervals are cut to the span; the open one reaches to its end', () => {
  const parts = timeLineParts([interval('up', 0, 5 * hour), interval('down', 5 * hour)], { from: hour, to: 11 * hour });
  expect(parts.map(({ state, x, width, from }) => [state, x, width, from])).toEqual([
    ['up', 0, 400, hour],
    ['down', 400, 600, 5 * hour],
  ]);
});

test('a short outage is wide enough to be seen, lies over the rest and stays within', () => {
  const span = { from: 0, to: 720 * hour };
  const end = span.to - 10_000;
  const parts = timeLineParts([interval('down', end, span.to), interval('up', 0, end)], span);
  expect(parts.map(({ state }) => state)).toEqual(['up', 'down']);
  expect(parts[1]).toMatchObject({ x: 998, width: 2 });
});

test('what is outside is left out', () => {
  expect(timeLineParts([interval('up', 0, hour)], { from: hour, to: 2 * hour })).toEqual([]);
});

test.each([24, 168, 720])('the axis of %i hours has a few round times', (hours) => {
  const to = Date.UTC(2026, 10, 23, 9, 41);
  const times = axisTimes({ from: to - hours * hour, to });
  expect(times.length).toBeGreaterThanOrEqual(3);
  expect(times.length).toBeLessThanOrEqual(7);
  for (const time of times) expect(new Date(time).getMinutes()).toBe(0);
});
