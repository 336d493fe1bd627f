import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { point, rules } from '@vonggac/shared';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { detectorKinds } from '../incidents/incident.ts';
import { Incidents } from '../incidents/incidents.ts';
import { Evaluator } from './evaluator.ts';
import { RuleIncidents } from './rule-incidents.ts';

const minuteMs = 60_000;
let folder: string;
let incidents: Incidents;
let now: number;
let gone: Set<string>;
let suppressed: Set<string>;
let evaluator: Evaluator;
let watch: RuleIncidents;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vonggac-rules-'));
  incidents = new Incidents(folder);
  now = Date.UTC(2026, 0, 5, 8);
  gone = new Set();
  suppressed = new Set();
  startAgain();
});

afterEach(() => {
  incidents.stop();
  rmSync(folder, { recursive: true });
});

function startAgain(): void {
  evaluator = new Evaluator({ isGone: (agent) => gone.has(agent) });
  watch = new RuleIncidents({
    incidents,
    instancesOf: (rule) => evaluator.of(rule),
    isRetired: (agent) => gone.has(agent),
    isSuppressed: ({ origin }) => suppressed.has(origin.agent),
  });
}

/** Minutes in which these machines report how full their disks are. */
function pass(minutes: number, disks: Readonly<Record<string, Readonly<Record<string, number>>>>): void {
  for (let minute = 0; minute < minutes; minute += 1) {
    now += minuteMs;
    for (const [agent, mounts] of Object.entries(disks)) {
      const points = Object.entries(mounts).map(([mount, percent]) =>
        point('filesystem', { time: now, tags: { mount, type: 'ext4' }, fields: { used_percent: percent } }),
      );
      evaluator.take({ origin: { agent, host: `host-${agent}`, unit: 'DH', class: 'server' }, points }, now);
    }
    evaluator.tick(now);
    watch.tick(now);
  }
}

function open(): string[] {
  return incidents
    .list({ state: 'open', limit: 100 })
    .map(({ kind, subject, severity, count }) => `${kind} ${subject} ${severity} ${count}`)
    .sort();
}

test('every kind that a rule leaves to another detector is one', () => {
  for (const { tells } of rules) if (tells !== undefined) expect(detectorKinds).toContain(tells);
});

test('one incident tells of a machine with all its disks, grows, and closes when the last is over', () => {
  pass(4, { 'a-1': { '/': 98, '/var': 50 } });
  expect(open()).toEqual(['disk-full a-1 critical 1']);
  pass(4, { 'a-1': { '/': 98, '/var': 99 } });
  expect(open()).toEqual(['disk-full a-1 critical 2']);
  const [incident] = incidents.list({ state: 'open', limit: 10 }).filter(({ kind }) => kind === 'disk-full');
  expect(incident?.unit).toBe('DH');
  expect(incident?.evidence.at(-1)).toMatchObject({
    what: 'rule-fires',
    facts: { reading: 'filesystem.used_percent', value: '/: 98, /var: 99', hostname: 'host-a-1' },
  });
  pass(20, { 'a-1': { '/': 98, '/var': 50 } });
  expect(open()).toContain('disk-full a-1 critical 2');
  pass(20, { 'a-1': { '/': 50, '/var': 50 } });
  expect(open()).toEqual([]);
});

test('many machines of a unit make one incident, which takes the place of theirs', () => {
  const full = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, i) => [`a-${i}`, { '/': 99 }]));
  pass(4, full(3));
  expect(open().filter((each) => each.startsWith('disk-full '))).toHaveLength(3);
  pass(4, full(8));
  expect(open().filter((each) => each.startsWith('disk-full '))).toEqual(['disk-full DH critical 1']);
  const folded = incidents.lastOf('disk-full', 'a-0');
  expect(folded?.note).toMatch(/^told by incident \d+$/);
  // It stays one until nobody of the unit is left.
  pass(20, { ...full(2), ...Object.fromEntries([2, 3, 4, 5, 6, 7].map((i) => [`a-${i}`, { '/': 10 }])) });
  expect(open().filter((each) => each.startsWith('disk-full '))).toEqual(['disk-full DH critical 1']);
  pass(20, Object.fromEntries(Array.from({ length: 8 }, (_, i) => [`a-${i}`, { '/': 10 }])));
  expect(open()).toEqual([]);
});

test('what a stronger rule tells of is told once, and takes the place of the weaker one', () => {
  pass(10, { 'a-1': { '/': 92 } });
  expect(open()).toEqual(['disk-filling a-1 warning 1']);
  pass(10, { 'a-1': { '/': 99 } });
  expect(open()).toEqual(['disk-full a-1 critical 1']);
  expect(incidents.lastOf('disk-filling', 'a-1')?.note).toMatch(/^told by incident \d+$/);
  pass(20, { 'a-1': { '/': 92 } });
  expect(open()).toEqual(['disk-filling a-1 warning 1']);
});

test('suppression hides the opening, never the recovery', () => {
  suppressed.add('a-1');
  pass(10, { 'a-1': { '/': 99 } });
  expect(open()).toEqual([]);
  suppressed.clear();
  pass(1, { 'a-1': { '/': 99 } });
  expect(open()).toContain('disk-full a-1 critical 1');
  suppressed.add('a-1');
  pass(30, { 'a-1': { '/': 10 } });
  expect(open()).toEqual([]);
});

test('a machine that falls silent keeps its incident, one that is taken out loses it', () => {
  pass(4, { 'a-1': { '/': 99 } });
  pass(60, {});
  expect(open()).toContain('disk-full a-1 critical 1');
  gone.add('a-1');
  pass(1, {});
  expect(open()).toEqual([]);
});

test('after a restart what is open stays open, is not told again, and closes when it is over', () => {
  pass(8, { 'a-1': { '/': 99 }, 'a-2': { '/': 99 } });
  const before = open();
  startAgain();
  pass(30, { 'a-1': { '/': 99 }, 'a-2': { '/': 10 } });
  expect(open()).toEqual(before.filter((each) => each.includes('a-1')));
});

test('after a restart the incident of a silent machine waits for it, unless it was taken out', () => {
  pass(8, { 'a-1': { '/': 99 }, 'a-2': { '/': 99 } });
  startAgain();
  gone.add('a-2');
  pass(60, { 'a-3': { '/': 10 } });
  expect(open()).toEqual(['disk-full a-1 critical 1']);
});

test('what a person closed is not opened again while it lasts', () => {
  pass(4, { 'a-1': { '/': 99 } });
  const id = incidents.openOf('disk-full', 'a-1')?.id ?? 0;
  incidents.close(id, { at: now, by: 'an' });
  pass(10, { 'a-1': { '/': 99 } });
  expect(incidents.openOf('disk-full', 'a-1')).toBeUndefined();
});

test('rules that others tell of open nothing', () => {
  for (let minute = 0; minute < 10; minute += 1) {
    now += minuteMs;
    const state = point('unit_state', { time: now, tags: {}, fields: { alertable: 1 } });
    evaluator.take(
      { origin: { agent: 'collector', host: 'collector', unit: 'DH', class: 'server' }, points: [state] },
      now,
    );
    evaluator.tick(now);
    watch.tick(now);
  }
  expect([...evaluator.of('unit-unreachable')].map(({ state }) => state)).toEqual(['firing']);
  expect(open()).toEqual([]);
});
