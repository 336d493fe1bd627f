import { type Point, point } from '@vonggac/shared';
import { beforeEach, expect, test } from 'vitest';
import type { Sighting } from '../incidents/incident.ts';
import type { Incidents } from '../incidents/incidents.ts';
import { LiveState } from '../live/live-state.ts';
import type { AgentRecord } from '../registry/agents.ts';
import { CompromiseWatch } from './compromise-watch.ts';
import { type Evidence, noEvidence, withPoints } from './evidence.ts';
import { ProtectionSection } from './settings.ts';

const minute = 60_000;
const booted = Date.UTC(2026, 10, 23, 6);
const from = { agent: 'a', host: 'h', unit: 'U' };

let now: number;
let live: LiveState;
let evidence: Evidence;
let sightings: Sighting[];
let watch: CompromiseWatch;

beforeEach(() => {
  now = booted + 120 * minute;
  live = new LiveState(() => now);
  live.put({ id: 'a', hostname: 'h', unit: 'U' } as AgentRecord);
  evidence = noEvidence;
  sightings = [];
  const report = (sighting: Sighting) => void sightings.push(sighting);
  watch = new CompromiseWatch({
    settings: ProtectionSection.parse({}),
    live,
    incidents: { report } as unknown as Pick<Incidents, 'report'>,
  });
});

function say(...points: readonly Point[]): void {
  live.receive('a', points);
  const before = evidence;
  evidence = withPoints(before, points);
  watch.take(from, points, { before, after: evidence, now });
}

const product = (fields: Record<string, boolean | string>) =>
  point('antivirus', { time: now, tags: { product: 'defender' }, fields: { read_state: 'ok', ...fields } });
const posture = (fields: Record<string, boolean | number>) => point('posture', { time: now, tags: {}, fields });
const boot = (time: number) => point('system', { time: now, tags: {}, fields: { boot_time_seconds: time / 1_000 } });
const started = (time: number) => point('agent', { time: now, tags: {}, fields: { start_time_seconds: time / 1_000 } });

function first(): void {
  say(
    boot(booted),
    started(booted),
    product({ running: true, realtime: true }),
    posture({ firewall: true, local_admins: 2 }),
  );
  now += minute;
}

function told(): (string | undefined)[] {
  return sightings.map(({ evidence: { facts } }) => facts.signals);
}

test('protection stops and minutes later there is one more administrator', () => {
  first();
  say(product({ running: true, realtime: false }));
  expect(told()).toEqual([]);
  now += 5 * minute;
  say(posture({ firewall: true, local_admins: 3 }));
  expect(told()).toEqual(['new-local-admin']);
  expect(sightings[0]).toMatchObject({
    kind: 'compromise-hint',
    severity: 'critical',
    subject: 'a',
    evidence: { facts: { product: 'defender', stopped: 'realtime', minutes: '5' } },
  });
  now += minute;
  say(posture({ firewall: false, local_admins: 3 }));
  expect(told()).toEqual(['new-local-admin', 'new-local-admin firewall-off']);
});

test('the other way round, and with a detection', () => {
  first();
  watch.add(from, { kind: 'detection', at: now }, now);
  now += minute;
  say(product({ running: false, realtime: false }));
  expect(told()).toEqual(['detection']);
});

test('each alone, or too far apart, is no hint', () => {
  first();
  say(product({ running: false }));
  now += 16 * minute;
  say(posture({ firewall: false, local_admins: 3 }));
  expect(told()).toEqual([]);
});

test('the agent starts anew without its machine', () => {
  first();
  say(product({ running: false }));
  now += minute;
  say(started(now));
  expect(told()).toEqual(['agent-restart']);
});

test('a machine that starts is none: its services come up one after the other', () => {
  first();
  now += 60 * minute;
  say(boot(now), started(now + 10_000), product({ running: false }), posture({ firewall: false, local_admins: 2 }));
  expect(told()).toEqual([]);
});

test('what was kept back for a day says nothing about now', () => {
  first();
  const stop = product({ running: false });
  const off = posture({ firewall: false });
  now += 25 * 60 * minute;
  say(stop, off);
  expect(told()).toEqual([]);
});
