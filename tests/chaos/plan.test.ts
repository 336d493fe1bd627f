import { expect, test } from 'vitest';
import { type Fault, planLanes, type Role, type Step } from './plan.ts';

const roles: readonly Role[] = [
  'small-spool',
  'small-disk',
  'odd-clock',
  'odd-clock',
  'plain',
  'plain',
  'plain',
  'plain',
];
const minuteMs = 60_000;

function plan(changes: { seed?: string; lengthMs?: number; roles?: readonly Role[]; hasInfluxd?: boolean } = {}) {
  return planLanes({ seed: '1', lengthMs: 30 * minuteMs, roles, hasInfluxd: true, ...changes });
}

function faults(changes: Parameters<typeof plan>[0] = {}): Fault[] {
  return plan(changes).flatMap(({ steps }) => steps.map(({ fault }) => fault));
}

function lengthOf(steps: readonly Step[]): number {
  return steps.reduce((total, { afterMs, holdMs }) => total + afterMs + holdMs, 0);
}

test('the same seed makes the same plan, another seed another', () => {
  expect(plan()).toEqual(plan());
  expect(plan({ seed: '2' })).not.toEqual(plan());
});

test('a longer run begins like a shorter one, and none goes over its time', () => {
  const short = plan({ lengthMs: 3 * minuteMs });
  for (const [index, { steps }] of plan().entries()) {
    const first = short[index]?.steps ?? [];
    expect(steps.slice(0, first.length)).toEqual(first);
    expect(lengthOf(first)).toBeLessThanOrEqual(3 * minuteMs);
  }
});

test('half an hour has as much of everything as is wanted before a release', () => {
  const all = faults();
  expect(all.filter(({ kind }) => kind === 'kill').length).toBeGreaterThan(50);
  expect(all.filter(({ kind }) => kind === 'hang').length).toBeGreaterThan(20);
  const isPartition = (fault: Fault) => fault.kind === 'line' && fault.weather !== 'slow' && fault.weather !== 'lossy';
  expect(all.filter(isPartition).length).toBeGreaterThan(20);
});

test('two minutes have every kind of fault once', () => {
  const all = faults({ lengthMs: 2 * minuteMs });
  const kinds = new Set(all.map(({ kind }) => kind));
  expect([...kinds].sort()).toEqual(['certificate-expired', 'clock', 'disk-full', 'hang', 'kill', 'line', 'store']);
  const moods = new Set(all.flatMap((fault) => (fault.kind === 'store' ? [fault.mood] : [])));
  expect([...moods].sort()).toEqual(['busy', 'error', 'forgetful', 'half', 'picky', 'silent']);
  const killed = new Set(all.flatMap((fault) => (fault.kind === 'kill' ? [fault.what] : [])));
  expect([...killed].sort()).toEqual(['agent', 'collector', 'influxd']);
});

test('the disk lane alone strikes the agent whose disk it fills', () => {
  for (const { name, steps } of plan()) {
    if (name === 'disk') continue;
    for (const { fault } of steps) if ('agents' in fault) expect(fault.agents).not.toContain(1);
  }
});

test('what there is not is not struck', () => {
  const all = faults({ roles: roles.map(() => 'plain' as const), hasInfluxd: false });
  for (const fault of all) {
    expect(['clock', 'disk-full', 'store']).not.toContain(fault.kind);
    if ('agents' in fault) expect(fault.agents.length).toBeGreaterThan(0);
    if ('what' in fault) expect(fault.what).not.toBe('influxd');
  }
});
