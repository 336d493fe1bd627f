import { type Point, point, type Rule, ruleById } from '@vonggac/shared';
import { expect, test } from 'vitest';
import type { Origin } from '../stores/store.ts';
import { Evaluator } from './evaluator.ts';

const minuteMs = 60_000;
const start = Date.UTC(2026, 0, 5, 8);

function origin(agent: string, parts: Partial<Origin> = {}): Origin {
  return { agent, host: `host-${agent}`, unit: 'DH', class: 'server', ...parts };
}

function disk(mount: string, percent: number, time: number): Point {
  return point('filesystem', { time, tags: { mount, type: 'ext4' }, fields: { used_percent: percent } });
}

function ruleOf(id: string): Rule {
  const rule = ruleById(id);
  if (!rule) throw new Error(`no rule ${id}`);
  return rule;
}

function statesOf(evaluator: Evaluator, rule: string): string[] {
  return [...evaluator.of(rule)].map(({ origin: { agent, unit }, tags, state }) =>
    [agent, unit, ...tags, state].join(' '),
  );
}

test('follows each disk of each machine by itself', () => {
  const evaluator = new Evaluator({ isGone: () => false });
  for (let minute = 0; minute <= 3; minute += 1) {
    const now = start + minute * minuteMs;
    evaluator.take({ origin: origin('a-1'), points: [disk('/', 50, now), disk('/var', 99, now)] }, now);
    evaluator.take({ origin: origin('a-2', { unit: 'BT' }), points: [disk('/', 98, now)] }, now);
    evaluator.tick(now);
  }
  expect(statesOf(evaluator, 'disk-full')).toEqual(['a-1 DH / normal', 'a-1 DH /var firing', 'a-2 BT / firing']);
});

test('reads booleans as 0 and 1, and only the classes and tags that the rule is about', () => {
  const rules = ['disk-read-only', 'cpu-saturated', 'dns-failing'].map(ruleOf);
  const evaluator = new Evaluator({ rules, isGone: () => false });
  const tags = { mount: '/', type: 'ext4' };
  const readOnly = point('filesystem', { time: start, tags, fields: { read_only: true } });
  const busy = point('cpu', { time: start, tags: {}, fields: { usage_percent: 100 } });
  const check = (kind: string) =>
    point('connectivity', { time: start, tags: { target: kind, kind, scope: 'lan' }, fields: { up: false } });
  const points = [readOnly, busy, check('dns'), check('icmp')];
  evaluator.take({ origin: origin('a-1', { class: 'gateway' }), points }, start);
  evaluator.tick(start);
  expect(rules.flatMap(({ id }) => statesOf(evaluator, id))).toEqual(['a-1 DH / pending', 'a-1 DH dns pending']);
});

test('what the collector says of units is told apart by the unit', () => {
  const evaluator = new Evaluator({ isGone: () => true });
  const state = point('unit_state', { time: start, tags: {}, fields: { alertable: 1 } });
  for (const unit of ['DH', 'BT']) evaluator.take({ origin: origin('collector', { unit }), points: [state] }, start);
  evaluator.tick(start);
  expect(statesOf(evaluator, 'unit-unreachable')).toEqual(['collector DH pending', 'collector BT pending']);
});

test('history that comes late fires nothing, nor does a clock that is far ahead', () => {
  const evaluator = new Evaluator({ rules: [ruleOf('disk-full')], isGone: () => false });
  const backlog = Array.from({ length: 60 }, (_, minute) => disk('/', 99, start - (120 - minute) * minuteMs));
  evaluator.take({ origin: origin('a-1'), points: [...backlog, disk('/', 99, start + 3_600_000)] }, start);
  evaluator.tick(start);
  expect(evaluator.instances).toBe(0);
  evaluator.take({ origin: origin('a-1'), points: [disk('/', 50, start)] }, start);
  evaluator.take({ origin: origin('a-1'), points: [disk('/', 99, start - minuteMs)] }, start);
  evaluator.tick(start);
  expect(statesOf(evaluator, 'disk-full')).toEqual(['a-1 DH / normal']);
});

test('an agent that makes up series is followed for so many only, and the rest is counted; the collector is believed', () => {
  const evaluator = new Evaluator({ rules: [ruleOf('disk-full')], isGone: () => false });
  const points = Array.from({ length: 1_000 }, (_, index) => disk(`/${index}`, 99, start));
  evaluator.take({ origin: origin('a-1'), points }, start);
  expect([evaluator.instances, evaluator.dropped]).toEqual([64, 936]);
  const others = new Evaluator({ isGone: () => false });
  const services = Array.from({ length: 500 }, (_, index) =>
    point('service', { time: start, tags: { service: `s-${index}` }, fields: { state: 2 } }),
  );
  others.take({ origin: origin('collector', { unit: 'collector' }), points: services }, start);
  others.tick(start);
  expect(statesOf(others, 'service-down')).toHaveLength(500);
});

test('forgets machines that are gone, and series without a reading for a week', () => {
  const gone = new Set<string>();
  const evaluator = new Evaluator({ rules: [ruleOf('disk-full')], isGone: (agent) => gone.has(agent) });
  for (const agent of ['a-1', 'a-2']) evaluator.take({ origin: origin(agent), points: [disk('/', 99, start)] }, start);
  gone.add('a-1');
  evaluator.tick(start);
  expect(statesOf(evaluator, 'disk-full')).toEqual(['a-2 DH / pending']);
  evaluator.tick(start + 7 * 86_400_000);
  expect(statesOf(evaluator, 'disk-full')).toEqual(['a-2 DH / no-data']);
  evaluator.tick(start + 7 * 86_400_000 + 1);
  expect(evaluator.instances).toBe(0);
});
