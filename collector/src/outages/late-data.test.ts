/** What machines measured hours ago and could not send then: it may explain an outage that is over, and does nothing else. */
import { type Point, point } from '@vonggac/shared';
import { beforeEach, expect, test } from 'vitest';
import { SmallProvince } from './testing/small-province.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

let province: SmallProvince;

beforeEach(() => {
  province = new SmallProvince({ gate: ['A', 'gateway'], server: ['A', 'server'], pc: ['A', 'pc'] });
});

function router(up: boolean, time: number): Point {
  return point('connectivity', { time, tags: { target: 'gateway', kind: 'icmp', scope: 'lan' }, fields: { up } });
}

/** Of one minute each. */
function backlog(up: boolean, from: number, minutes: number): Point[] {
  return Array.from({ length: minutes }, (_, index) => router(up, from + index * minuteMs));
}

test.each(['gate', 'server', 'pc'])('a backlog of bad hours opens nothing for a %s that is heard', (agent) => {
  province.watch.take(agent, backlog(false, province.now - 5 * hourMs, 290));
  province.pass(2 * minuteMs);
  expect(province.ledger.rows).toEqual([]);
  expect(province.incidents.all).toEqual([]);
  expect(province.live.all().map(({ state }) => state)).toEqual(['online', 'online', 'online']);
});

test('the hours of an outage that is over revise its cause, and neither its times nor its incident', () => {
  const cutAt = province.now;
  province.cut('server');
  province.pass(30 * minuteMs);
  province.arrive('server');
  province.pass(10_000);
  const [before] = province.ledger.of('server');
  const incidents = province.incidents.all.map(({ id, count, closedAt }) => ({ id, count, closedAt }));
  province.pass(2 * hourMs);
  for (let time = 0; time < 2; time += 1) province.watch.take('server', backlog(true, cutAt + minuteMs, 25));
  province.pass(2 * minuteMs);
  const rows = province.ledger.of('server');
  expect(rows).toHaveLength(1);
  expect(rows[0]).toMatchObject({ beganAt: before?.beganAt, endedAt: before?.endedAt });
  expect(rows[0]?.evidence.map(({ what }) => what)).toContain('router-was-reached');
  expect(province.incidents.all).toMatchObject(incidents);
  expect(province.incidents.open()).toEqual([]);
});

test('the hours of an earlier outage say nothing of the last one', () => {
  const firstAt = province.now;
  province.cut('server');
  province.pass(10 * minuteMs);
  province.arrive('server');
  province.pass(2 * hourMs);
  province.cut('server');
  province.pass(10 * minuteMs);
  province.arrive('server');
  province.pass(2 * minuteMs);
  const [first, last] = province.ledger.of('server');
  province.watch.take('server', backlog(true, firstAt + minuteMs, 8));
  province.pass(2 * minuteMs);
  expect(province.ledger.of('server')).toEqual([first, last]);
});
