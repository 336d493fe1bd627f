/**
 * What machines found hours ago and could not send then. A detection or a stopped product is new to us whenever it comes:
 * it is told once, at its own time. The current state of a machine is what its newest reading says.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Point, point } from '@vonggac/shared';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { agentRecord } from '../connectivity/testing/live-agents.ts';
import { Incidents } from '../incidents/incidents.ts';
import { LiveState } from '../live/live-state.ts';
import { Protection } from './protection.ts';
import { ProtectionSection } from './settings.ts';

const minute = 60_000;
const hour = 60 * minute;
const machines = ['a', 'b', 'c'];

let folder: string;
let now: number;
let incidents: Incidents;
let live: LiveState;
let protection: Protection;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vonggac-late-'));
  now = Date.UTC(2026, 10, 23, 8);
  incidents = new Incidents(folder);
  live = new LiveState(() => now);
  for (const id of machines) {
    live.put(agentRecord(id, { unit: 'U' }));
    live.connected(id, 0, { bootedAt: now - 100 * hour, startedAt: now - 50 * hour });
  }
  protection = new Protection({
    folder,
    settings: ProtectionSection.parse({}),
    live,
    units: { list: () => [] },
    incidents,
    ingest: { write: async () => ({ status: 'stored' }) },
    registry: new Registry(),
    logger: pino({ enabled: false }),
    now: () => now,
  });
});
afterEach(() => {
  protection.stop();
  incidents.stop();
  rmSync(folder, { recursive: true });
});

function say(agent: string, ...points: readonly Point[]): void {
  live.receive(agent, points);
  protection.take({ origin: { agent, host: agent, unit: 'U', class: 'server' }, points });
}

/** Machines repeat their word, and time passes. */
function pass(minutes: number): void {
  for (let left = minutes; left > 0; left -= 1) {
    now += minute;
    if (left % 10 === 0) for (const id of machines) say(id, ...well(now));
    for (const id of machines) live.heard(id);
    live.tick();
    protection.tick();
  }
}

function reading(time: number, isOn: boolean): Point[] {
  const state = { read_state: 'ok', running: isOn, realtime: isOn, mode: 'active' };
  const signature_time_seconds = Math.floor((time - hour) / 1_000);
  return [
    point('antivirus', { time, tags: { product: 'defender' }, fields: { ...state, signature_time_seconds } }),
    point('posture', { time, tags: {}, fields: { firewall: isOn, local_admins: isOn ? 1 : 3 } }),
  ];
}

function started(time: number, startedAt: number): Point {
  return point('agent', { time, tags: {}, fields: { start_time_seconds: startedAt / 1_000 } });
}

const well = (time: number) => reading(time, true);

function detection(time: number, event = `${time}`): Point {
  const fields = { event, name: 'Eicar', action: 'blocked', resolved: true };
  return point('malware', { time, tags: { product: 'defender', severity: 'high' }, fields });
}

function told() {
  return incidents
    .list({ state: 'all', limit: 100 })
    .map(({ kind, subject, count, evidence }) => [`${kind} ${subject}`, count, evidence[0]?.at]);
}

test('bad readings of hours ago change nothing of a machine that is well now', () => {
  pass(60);
  const before = protection.machines.get('a');
  for (let ago = 5 * hour; ago > hour; ago -= 10 * minute) say('a', ...reading(now - ago, false));
  expect(protection.machines.get('a')).toEqual(before);
  pass(60);
  expect(protection.machines.get('a')?.level).toBe(before?.level);
  expect(told()).toEqual([]);
});

test('an earlier start of the agent that is told late is no restart', () => {
  pass(30);
  say('a', point('system', { time: now, tags: {}, fields: { boot_time_seconds: now / 1_000 - 360_000 } }));
  say('a', started(now, now - 50 * hour));
  say('a', started(now - 5 * hour, now - 60 * hour));
  say('a', started(now + minute, now - 50 * hour));
  now += 2 * minute;
  say('a', ...reading(now, false).slice(0, 1));
  expect(told().map(([what]) => what)).toEqual([]);
});

test('what stopped together in an hour that was kept back is told once, at its own time', () => {
  pass(10);
  const at = now + 10 * minute;
  now += 4 * hour;
  for (let time = 0; time < 2; time += 1) {
    say('a', ...well(at - minute), ...reading(at, false));
    say('a', ...well(now));
  }
  expect(told().map(([what, , when]) => [what, when])).toEqual([['compromise-hint a', at]]);
});

test('a detection of hours ago is new to us: told once, at its own time', () => {
  pass(60);
  const at = now - 5 * hour;
  for (let time = 0; time < 3; time += 1) say('a', detection(at));
  pass(30);
  expect(told()).toEqual([['malware a/eicar', 1, at]]);
});

test('one that is older than what an incident may be about is kept, and opens none', () => {
  const { event_hours } = ProtectionSection.parse({});
  say('a', detection(now - (event_hours + 1) * hour));
  expect(protection.malware.threatsOf('a', 0)).toHaveLength(1);
  expect(told()).toEqual([]);
});

test('a detection that comes after a person has closed its incident opens none when it is older than that', () => {
  say('a', detection(now));
  incidents.resolve('malware', 'a/eicar', now + minute);
  now += hour;
  say('a', detection(now - 5 * hour, 'late'));
  expect(told()).toHaveLength(1);
});

test.each([
  ['far apart, which arrive together, are no outbreak', 7 * 24 * hour, 'malware'],
  ['close together, which arrive late, are one', 2 * minute, 'outbreak'],
])('detections %s', (_, apart, expected) => {
  const within = ProtectionSection.parse({}).outbreak.within_minutes * minute;
  const step = expected === 'malware' ? Math.min(apart, within + minute) : apart;
  machines.forEach((id, index) => {
    say(id, detection(now - 5 * hour - index * step));
  });
  expect(new Set(told().map(([what]) => `${what}`.split(' ')[0]))).toContain(expected);
  expect(told().some(([what]) => `${what}`.startsWith('outbreak'))).toBe(expected === 'outbreak');
});
