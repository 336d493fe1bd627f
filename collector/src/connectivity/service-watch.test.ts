import { type Point, point } from '@vonggac/shared';
import { beforeEach, expect, test } from 'vitest';
import type { Sighting } from '../incidents/incident.ts';
import { ServiceWatch } from './service-watch.ts';
import { ConnectivitySection } from './settings.ts';
import { TargetResults } from './target-results.ts';

const machines = [
  { agent: 'a-dh', unit: 'DH' },
  { agent: 'a-lt', unit: 'LT' },
  { agent: 'a-bt', unit: 'BT' },
];

let now: number;
let results: TargetResults;
let watch: ServiceWatch;
let emitted: Point[];
let incidents: string[];
let offline: Set<string>;
let cutOff: Set<string>;

beforeEach(() => {
  now = 1_000_000;
  results = new TargetResults();
  emitted = [];
  incidents = [];
  offline = new Set();
  cutOff = new Set();
  watch = new ServiceWatch({
    settings: ConnectivitySection.parse({ services: [{ id: 's', name: 'S', url: 'https://s.example/', every: 30 }] }),
    results,
    vantagePoints: { of: () => machines },
    isOnline: (agent) => !offline.has(agent),
    isCutOff: (unit) => cutOff.has(unit),
    incidents: {
      report: ({ kind, subject }: Sighting) => incidents.push(`open ${kind} ${subject}`) as never,
      resolve: (kind, subject) => incidents.push(`close ${kind} ${subject}`) > 0,
    },
    emit: (points) => emitted.push(...points),
  });
});

function tell(agent: string, up: boolean, { target = 's', scope = 'service' } = {}): void {
  const fields = up ? { up, checks: 1, rtt_ms: 10 } : { up, checks: 1, error: 'timeout' };
  results.take(agent, [point('connectivity', { time: now, tags: { target, kind: 'https', scope }, fields })]);
}

/** Seconds go by; machines report what does not change once a minute. */
function pass(seconds: number, reporting: readonly [string, boolean][] = []): void {
  for (let second = 0; second < seconds; second += 1) {
    now += 1_000;
    if (second % 60 === 0) for (const [agent, up] of reporting) tell(agent, up);
    watch.tick(now);
  }
}

function state() {
  const { judgement } = watch.all()[0] ?? {};
  return judgement && `${judgement.state} ${judgement.failingPoints}/${judgement.vantagePoints}`;
}

const all = (up: boolean) => machines.map(({ agent }): [string, boolean] => [agent, up]);

test('unknown, then up; what was open before a restart is closed', () => {
  watch.tick(now);
  expect(state()).toBe('unknown 0/0');
  pass(40, all(true));
  expect(state()).toBe('up 0/3');
  expect(incidents.toSorted()).toEqual([
    'close service-down s',
    'close service-unreachable BT/s',
    'close service-unreachable DH/s',
    'close service-unreachable LT/s',
  ]);
});

test('down when most fail two checks in a row, and up again', () => {
  pass(40, all(true));
  incidents = [];
  for (const [agent] of all(false)) tell(agent, false);
  pass(20);
  expect(state()).toBe('up 0/3');
  pass(13);
  expect(state()).toBe('down 3/3');
  expect(incidents).toEqual(['open service-down s']);
  pass(60, all(true));
  expect(state()).toBe('up 0/3');
  expect(incidents).toEqual(['open service-down s', 'close service-down s']);
  expect(emitted.filter(({ fields }) => fields.state === 0)[0]?.fields).toEqual({
    state: 0,
    vantage_points: 3,
    failing_points: 3,
    error: 'timeout',
  });
});

test('one unit that cannot reach it', () => {
  pass(40, all(true));
  incidents = [];
  tell('a-dh', false);
  pass(40);
  expect(state()).toBe('partial 1/3');
  expect(incidents).toEqual(['open service-unreachable DH/s']);
  tell('a-dh', true);
  pass(40);
  expect(incidents).toEqual(['open service-unreachable DH/s', 'close service-unreachable DH/s']);
});

test.each([
  ['its lines are dead', () => cutOff.add('DH').add('LT')],
  ['they are away', () => offline.add('a-dh').add('a-lt')],
  [
    'none of their own targets answers',
    () => {
      for (const agent of ['a-dh', 'a-lt']) tell(agent, false, { target: 'collector', scope: 'wan' });
    },
  ],
])('is not down because machines fail of which %s', (_, happen) => {
  pass(40, all(true));
  tell('a-dh', false);
  tell('a-lt', false);
  happen();
  pass(40);
  expect(state()).toBe('up 0/1');
});

test('silence is no failure: results grow old and nothing is known', () => {
  pass(40, all(true));
  tell('a-dh', false);
  tell('a-lt', false);
  tell('a-bt', false);
  pass(35);
  expect(state()).toBe('down 3/3');
  pass(200);
  expect(state()).toBe('unknown 0/0');
  // What was open stays open.
  expect(incidents.at(-1)).toBe('open service-down s');
});
