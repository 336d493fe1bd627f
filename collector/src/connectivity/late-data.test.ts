/** What was measured hours ago and could not be sent then: it opens nothing, and what is current stays what it is. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Point, point } from '@vonggac/shared';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Incidents } from '../incidents/incidents.ts';
import { DeviceWatch } from './device-watch.ts';
import { Devices } from './devices.ts';
import { LateEvidence } from './late-evidence.ts';
import { LinkDays } from './link-days.ts';
import { LinkLedger } from './link-ledger.ts';
import { LinkWatch } from './link-watch.ts';
import { ServiceWatch } from './service-watch.ts';
import { ConnectivitySection } from './settings.ts';
import { TargetResults } from './target-results.ts';
import { liveAgent } from './testing/live-agents.ts';
import { TracedPaths } from './traced-paths.ts';
import { UnitIndex } from './unit-index.ts';

const minute = 60_000;
const hour = 60 * minute;
const start = Date.UTC(2026, 10, 23, 8);

let folder: string;
let incidents: Incidents;
let now: number;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vonggac-late-'));
  incidents = new Incidents(folder);
  now = start;
});
afterEach(() => {
  incidents.stop();
  rmSync(folder, { recursive: true });
});

const all = () => incidents.list({ state: 'all', limit: 100 }).map(({ kind, subject }) => `${kind} ${subject}`);

function target(id: string, scope: string, { up, time }: { up: boolean; time: number }): Point {
  const fields = up ? { up, checks: 1, rtt_ms: 10 } : { up, checks: 1, error: 'timeout' };
  return point('connectivity', { time, tags: { target: id, kind: 'icmp', scope }, fields });
}

/** One reading a minute of an hour that is long over; in this order and in the other, since the newest are sent first. */
function badHour(make: (time: number) => Point): Point[] {
  const times = Array.from({ length: 60 }, (_, index) => start - 4 * hour + index * minute);
  return [...times, ...times.toReversed()].map(make);
}

describe('results of targets', () => {
  const bad = badHour((time) => target('s', 'service', { up: false, time }));

  test('that are newer stay', () => {
    const results = new TargetResults();
    results.take('a', [target('s', 'service', { up: true, time: start })]);
    const before = results.of('a', 's');
    results.take('a', bad);
    expect(results.of('a', 's')).toEqual(before);
  });

  test('that alone are known are not current', () => {
    const results = new TargetResults();
    results.take('a', bad);
    expect(results.current('a', 's', { every: 30, now: start })).toBeUndefined();
    expect(results.currentOf('a', 'service', { every: 30, now: start })).toEqual([]);
  });
});

describe('a shared service', () => {
  const agents = ['a', 'b', 'c'];
  const results = () => new TargetResults();

  function watchOf(known: TargetResults): ServiceWatch {
    const services = [{ id: 's', name: 'S', url: 'https://s.example/', every: 30 }];
    return new ServiceWatch({
      settings: ConnectivitySection.parse({ services }),
      results: known,
      vantagePoints: { of: () => agents.map((agent) => ({ agent, unit: agent.toUpperCase() })) },
      isOnline: () => true,
      isCutOff: () => false,
      incidents,
      emit: () => undefined,
    });
  }

  test.each([
    ['that is up stays up', true, 'up'],
    ['of which nothing else is known is unknown', false, 'unknown'],
  ])('%s', (_, isKnown, expected) => {
    const known = results();
    const watch = watchOf(known);
    const bad = badHour((time) => target('s', 'service', { up: false, time }));
    for (let second = 0; second < 180; second += 1) {
      now += 1_000;
      if (isKnown && second % 60 === 0)
        for (const agent of agents) known.take(agent, [target('s', 'service', { up: true, time: now })]);
      if (second === 70) for (const agent of agents) known.take(agent, bad);
      watch.tick(now);
    }
    expect(watch.all()[0]?.judgement?.state).toBe(expected);
    expect(all()).toEqual([]);
  });
});

describe('a line', () => {
  const key = { unit: 'DH', link: 'tslcd' };
  let ledger: LinkLedger;
  let watch: LinkWatch;
  let late: LateEvidence;

  beforeEach(() => {
    ledger = new LinkLedger(folder);
    watch = new LinkWatch({
      settings: ConnectivitySection.parse({}),
      ledger,
      days: new LinkDays(ledger.database),
      edges: new TargetResults(),
      agentsOf: () => [liveAgent('gw', { class: 'gateway' }), liveAgent('pc')],
      incidents,
      emit: () => undefined,
      collector: 'collector',
    });
    late = new LateEvidence({ ledger, linksOf: (unit) => watch.linksOf(unit) });
    watch.start(now);
    const links = ['tslcd', 'inet'].map((id) => ({ id, kind: 'tslcd' as const }));
    watch.follow(new UnitIndex([{ code: 'DH', parent: undefined, links }]), now);
  });
  afterEach(() => {
    ledger.stop();
  });

  function reading(up: boolean, time: number): Point {
    const fields = { up, interface: 'eth0', ...(up ? { rtt_ms: 9 } : { error: 'timeout' }) };
    return point('link', { time, tags: { link: 'tslcd' }, fields });
  }

  function take(points: readonly Point[]): void {
    watch.take('gw', points);
    late.take({ agent: 'gw', unit: 'DH', isGateway: true }, points, now);
  }

  test.each([
    ['that works goes on working', true, 'up'],
    ['of which nothing else is known is unknown', false, 'unknown'],
  ])('%s', (_, isKnown, expected) => {
    for (let second = 0; second < 240; second += 1) {
      now += 1_000;
      if (isKnown && second % 60 === 0) take([reading(true, now)]);
      if (second === 100) take(badHour((time) => reading(false, time)));
      watch.tick(now);
    }
    expect(watch.now(key)?.judgement.state).toBe(expected);
    expect(ledger.last(key)?.state).toBe(expected);
    expect(all()).toEqual([]);
  });

  test('that was not judged for hours: what it was is told by what comes late, and what it is by what is current', () => {
    const at = now;
    watch.tick(now);
    now += 5 * hour;
    watch.tick(now);
    take([reading(true, now), reading(false, at + hour)]);
    for (const end = now + minute; now < end; now += 1_000) watch.tick(now);
    expect(ledger.last(key)?.state).toBe('up');
    expect(watch.now(key)?.judgement.state).toBe('up');
    expect(all()).toEqual([]);
  });
});

describe('a device', () => {
  let devices: Devices;
  let watch: DeviceWatch;

  beforeEach(() => {
    devices = new Devices(folder, () => undefined);
    watch = new DeviceWatch({ settings: ConnectivitySection.parse({}).devices, devices, incidents });
    take(device(1, { seen: start - 72 * hour, told: start }));
  });
  afterEach(() => {
    devices.stop();
  });

  function device(number: number, { seen, told, present = true }: { seen: number; told: number; present?: boolean }) {
    const [first_seen_seconds, last_seen_seconds] = [seen / 1_000, told / 1_000];
    const fields = { network: '10.1.1.0/24', present, first_seen_seconds, last_seen_seconds };
    return point('lan_device', { time: told, tags: { mac: `00:16:3e:00:00:0${number}` }, fields });
  }

  function take(...points: readonly Point[]): void {
    watch.take({ unit: 'DH', agent: 'gw' }, points);
  }

  test('that is known is not changed by what was said of it before', () => {
    const before = devices.of('DH');
    take(device(1, { seen: start - 72 * hour, told: start - 5 * hour, present: false }));
    expect(devices.of('DH')).toEqual(before);
    expect(all()).toEqual([]);
  });

  // The office has it, and nobody has heard of it.
  test('that came hours ago is new to us: told once, at its own time', () => {
    const late = device(2, { seen: start - 5 * hour, told: start - 5 * hour });
    for (let time = 0; time < 3; time += 1) take(late);
    const [incident] = incidents.list({ state: 'all', limit: 10 });
    expect(all()).toEqual(['new-device DH/2026-11-23']);
    expect(incident).toMatchObject({ count: 1, evidence: [{ at: start - 5 * hour }] });
  });
});

test('a path that was traced hours ago belongs to no incident of now, only to one that was open then', () => {
  const paths = new TracedPaths(incidents);
  const open = (subject: string, at: number) =>
    incidents.report({
      kind: 'service-down',
      severity: 'critical',
      subject,
      unit: undefined,
      evidence: { at, what: 'down', facts: {} },
    });
  open('new', start - 10 * minute);
  open('old', start - 5 * hour);
  for (const id of ['new', 'old']) {
    const late = target(id, 'service', { up: false, time: start - 4 * hour });
    paths.take({ agent: 'a', unit: 'DH' }, [{ ...late, fields: { ...late.fields, path: '10.0.0.1 *' } }]);
  }
  paths.tick(start);
  expect(incidents.openOf('service-down', 'new')?.evidence).toHaveLength(1);
  expect(incidents.openOf('service-down', 'old')?.evidence).toHaveLength(2);
});
