/** The three rules of suppression, after every second of random outages. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Departure } from '../live/live-state.ts';
import { isOfUnit } from './alert-plan.ts';
import { SmallProvince } from './testing/small-province.ts';

const machines = {
  a1: ['XA-A', 'gateway'],
  a2: ['XA-A', 'server'],
  a3: ['XA-A', 'pc'],
  b1: ['XA-B', 'server'],
  b2: ['XA-B', 'server'],
  b3: ['XA-B', 'pc'],
} as const;
const ids = Object.keys(machines);
const units = ['XA-A', 'XA-B'];

type Step =
  | { readonly do: 'cut-unit' | 'power-off' | 'return-unit'; readonly unit: string }
  | { readonly do: 'leave'; readonly id: string; readonly departure: Departure }
  | { readonly do: 'cut' | 'return' | 'reboot' | 'plan' | 'unplan'; readonly id: string }
  | { readonly do: 'pass'; readonly seconds: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    do: fc.constantFrom('cut-unit' as const, 'power-off' as const, 'return-unit' as const),
    unit: fc.constantFrom(...units),
  }),
  fc.record({
    do: fc.constant('leave' as const),
    id: fc.constantFrom(...ids),
    departure: fc.constantFrom<Departure[]>('closed', 'stop', 'shutdown', 'restart', 'dropped'),
  }),
  fc.record({
    do: fc.constantFrom(
      'cut' as const,
      'return' as const,
      'return' as const,
      'reboot' as const,
      'plan' as const,
      'unplan' as const,
    ),
    id: fc.constantFrom(...ids),
  }),
  fc.record({ do: fc.constant('pass' as const), seconds: fc.integer({ min: 1, max: 90 }) }),
);

function unitOf(id: string): string {
  return machines[id as keyof typeof machines][0];
}

function take(province: SmallProvince, each: Step): void {
  const now = province.now;
  const ofUnit = (unit: string) => ids.filter((id) => unitOf(id) === unit);
  const isAway = (id: string) => province.live.get(id)?.departure !== undefined;
  switch (each.do) {
    case 'cut-unit':
    case 'power-off':
      province.lines.set(each.unit, [{ link: 'l', kind: 'tslcd', edgeAnswers: false }]);
      return province.cut(...ofUnit(each.unit));
    case 'return-unit':
      province.lines.set(each.unit, [{ link: 'l', kind: 'tslcd', edgeAnswers: true }]);
      for (const id of ofUnit(each.unit)) province.arrive(id, { bootedAt: now % 20_000 < 10_000 ? now : 0 });
      return;
    case 'leave':
      return province.leave(each.id, each.departure);
    case 'cut':
      return province.cut(each.id);
    case 'return':
      return isAway(each.id) ? province.arrive(each.id) : undefined;
    case 'reboot':
      return isAway(each.id) ? province.arrive(each.id, { bootedAt: now }) : undefined;
    case 'plan':
      return void province.planned.set(each.id, { reason: 'maintenance' });
    case 'unplan':
      return void province.planned.delete(each.id);
    case 'pass':
      return;
  }
}

function check(province: SmallProvince): void {
  const open = province.watch.open().map(({ outage }) => outage);
  for (const id of ids) {
    const state = province.live.get(id)?.state;
    const own = open.filter(({ agent }) => agent === id);
    // Monitoring is never suppressed, and a machine's own state changes whatever its unit is in.
    if (state === 'offline' || state === 'planned') expect(own, `${id} is ${state}`).toHaveLength(1);
    if (state === 'online') expect(own, `${id} is online`).toEqual([]);
    expect(province.ledger.of(id).filter(({ endedAt }) => endedAt === undefined)).toEqual(own);
  }
  const alertable = province.alerts.alertable;
  for (const { kind, subject } of province.incidents.open()) {
    const members = open.filter(({ agent, unit }) => (kind === 'unit-unreachable' ? unit : agent) === subject);
    const due = kind === 'unit-unreachable' ? members.filter(isOfUnit) : members;
    // Recovery is never suppressed: nothing stays open for what is over.
    if (kind !== 'link-down') expect(due.length, `${kind} of ${subject}`).toBeGreaterThan(0);
  }
  for (const outage of open) {
    // Alerting is: what is of the unit is told once, by the unit's incident.
    if (isOfUnit(outage)) expect(alertable.agents.has(outage.agent)).toBe(false);
    if (outage.verdict === 'planned' || outage.class === 'pc') expect(alertable.agents.has(outage.agent)).toBe(false);
  }
  const subjects = province.incidents.open().map(({ kind, subject }) => `${kind} ${subject}`);
  expect(new Set(subjects).size).toBe(subjects.length);
}

test('alerting is suppressed and not monitoring, creation and not recovery, and every machine has its own state', () => {
  fc.assert(
    fc.property(fc.array(step, { minLength: 5, maxLength: 40 }), (steps) => {
      const province = new SmallProvince(machines);
      for (const each of steps) {
        take(province, each);
        const seconds = each.do === 'pass' ? each.seconds : 1;
        for (let second = 0; second < seconds; second += 1) {
          province.pass(1_000);
          check(province);
        }
      }
      // When all are back, nothing is left open.
      province.planned.clear();
      for (const id of ids) province.arrive(id);
      province.pass(180_000);
      expect(province.watch.open()).toEqual([]);
      expect(province.incidents.open().filter(({ kind }) => kind !== 'link-down')).toEqual([]);
    }),
    { numRuns: 40 },
  );
}, 60_000);
