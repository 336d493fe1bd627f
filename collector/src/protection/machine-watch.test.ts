import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Point, point } from '@vonggac/shared';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Incidents } from '../incidents/incidents.ts';
import { LiveState } from '../live/live-state.ts';
import type { AgentRecord } from '../registry/agents.ts';
import type { StoreBatch } from '../stores/store.ts';
import { MachineWatch } from './machine-watch.ts';
import { ProtectionFile } from './protection-file.ts';
import { ProtectionSection } from './settings.ts';
import { UnprotectedWatch } from './unprotected-watch.ts';

const minute = 60_000;
const hour = 60 * minute;
const settings = ProtectionSection.parse({});

let folder: string;
let now: number;
let live: LiveState;
let file: ProtectionFile;
let watch: MachineWatch;
let emitted: StoreBatch[];

function start(): void {
  live = new LiveState(() => now);
  file = new ProtectionFile(folder);
  emitted = [];
  watch = new MachineWatch({
    settings,
    live,
    file,
    threatsOf: () => [],
    emit: (batches) => void emitted.push(...batches),
  });
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vonggac-protection-'));
  now = Date.UTC(2026, 10, 23, 8);
  start();
});
afterEach(() => {
  file.stop();
  rmSync(folder, { recursive: true });
});

function add(id: string, changes: Partial<AgentRecord> = {}): void {
  live.put({
    id,
    hostname: `host-${id}`,
    unit: 'U',
    class: 'pc',
    publicKey: id,
    platform: 'windows',
    version: '1',
    enrolledAt: now - 100 * 24 * hour,
    lastSeen: undefined,
    revokedAt: undefined,
    keySince: now,
    previousPublicKey: undefined,
    rotateKeyAskedAt: undefined,
    hardware: [],
    addresses: [],
    ...changes,
  });
}

function reading(fields: Readonly<Record<string, boolean | number | string>> = {}, product = 'defender'): Point {
  const good = { read_state: 'ok', running: true, realtime: true, mode: 'active' };
  const signature_time_seconds = Math.floor((now - hour) / 1_000);
  return point('antivirus', { time: now, tags: { product }, fields: { ...good, signature_time_seconds, ...fields } });
}

/** Time passes; a machine that is connected repeats its word every ten minutes. */
function pass(minutes: number, repeat?: () => readonly Point[]): void {
  for (let left = minutes; left > 0; left -= 1) {
    now += minute;
    if (repeat && left % 10 === 0) watch.take('a', repeat(), now);
    watch.tick(now);
  }
}

function level(): string | undefined {
  return watch.get('a')?.level;
}

test('unknown until it says something, protected at once when it does', () => {
  add('a');
  live.connected('a', 0);
  watch.tick(now);
  expect(level()).toBe('unknown');
  now += 1_000;
  watch.take('a', [reading()], now);
  expect(level()).toBe('protected');
  expect(emitted.map(({ points }) => points[0]?.fields.state)).toEqual([-1, 2]);
  expect(emitted[1]?.origin).toEqual({ agent: 'a', host: 'host-a', unit: 'U', class: 'pc' });
  watch.take('a', [reading()], now);
  pass(4);
  expect(emitted).toHaveLength(2);
  pass(2);
  expect(emitted).toHaveLength(3);
});

test('a connected machine that falls silent is unknown, then needs attention', () => {
  add('a');
  live.connected('a', 0);
  watch.take('a', [reading()], now);
  pass(29);
  expect(level()).toBe('protected');
  pass(3);
  expect(level()).toBe('unknown');
  pass(24 * 60);
  expect(level()).toBe('attention');
  expect(watch.get('a')?.findings.map(({ rule, evidence }) => [rule, evidence.reason])).toEqual([
    ['AV-16', 'no-fresh-reading'],
  ]);
});

test('a machine that is off is judged by its last proof, also after a restart', () => {
  add('a');
  live.connected('a', 0);
  watch.take('a', [reading()], now);
  live.disconnected('a', 'closed');
  pass(12 * 60);
  watch.save();
  file.stop();
  start();
  add('a');
  expect(level()).toBe('protected');
  pass(59 * 60);
  expect(level()).toBe('protected');
  // The signatures were fresh when it was seen last, but that is too long ago to be a proof.
  pass(2 * 60);
  expect(level()).toBe('unknown');
  pass(24 * 60);
  expect(level()).toBe('attention');
});

test('a product that went while nobody looked no longer counts', () => {
  add('a');
  live.connected('a', 0);
  watch.take('a', [reading()], now);
  live.disconnected('a', 'closed');
  pass(120);
  live.connected('a', 0);
  watch.take('a', [reading({ read_state: 'absent' }, 'none')], now);
  pass(3, () => [reading({ read_state: 'absent' }, 'none')]);
  expect(level()).toBe('unprotected');
});

test('late readings change nothing', () => {
  add('a');
  live.connected('a', 0);
  watch.take('a', [reading()], now);
  const { before, after } = watch.take('a', [{ ...reading({ running: false }), time: now - hour }], now);
  expect(after).toBe(before);
});

test('a revoked machine is no longer expected', () => {
  add('a');
  watch.tick(now);
  add('a', { revokedAt: now });
  expect(watch.all()).toEqual([]);
  watch.save();
  watch.tidy();
  expect(file.all().size).toBe(0);
});

test('a server is an incident of its own, PCs are one for their unit; each is over when they are protected', () => {
  const incidents = new Incidents(folder);
  const unprotected = () => new UnprotectedWatch({ settings, incidents });
  let told = unprotected();
  const off = () => [reading({ realtime: false })];
  for (const [id, kind] of [
    ['a', 'server'],
    ['b', 'pc'],
    ['c', 'pc'],
  ] as const) {
    add(id, { class: kind });
    live.connected(id, 0);
    watch.take(id, off(), now);
  }
  const run = (minutes: number, points: () => readonly Point[]) => {
    for (let passed = 0; passed < minutes; passed += 1) {
      now += minute;
      if (passed % 10 === 0) for (const id of ['a', 'b', 'c']) watch.take(id, points(), now);
      watch.tick(now);
      told.tick(watch.all(), now);
    }
  };
  const open = () =>
    incidents.list({ state: 'open', limit: 10 }).map(({ kind, subject, severity }) => [kind, subject, severity]);
  run(9, off);
  expect(open()).toEqual([]);
  run(5, off);
  expect(open().sort()).toEqual([
    ['unprotected', 'U', 'warning'],
    ['unprotected', 'a', 'critical'],
  ]);
  expect(incidents.openOf('unprotected', 'U')?.evidence[0]?.facts).toEqual({
    machines: '2',
    names: 'host-b, host-c',
    rules: 'AV-03',
  });
  told = unprotected();
  run(5, off);
  expect(incidents.openOf('unprotected', 'a')?.count).toBe(1);
  run(12, () => [reading()]);
  expect(open()).toEqual([]);
  incidents.stop();
});

test('of many units that lose their protection together some are told of at each look, until all are', () => {
  const reported: string[] = [];
  const incidents = {
    report: ({ subject }: { subject: string }) => void reported.push(subject),
    resolve: () => {},
    list: () => [],
  };
  const told = new UnprotectedWatch({ settings, incidents: incidents as unknown as Incidents });
  for (let unit = 0; unit < 50; unit += 1) {
    add(`m${unit}`, { unit: `U${unit}` });
    live.connected(`m${unit}`, 0);
    watch.take(`m${unit}`, [reading({ realtime: false })], now);
  }
  for (let passed = 0; passed < 20; passed += 1) {
    now += minute;
    if (passed % 10 === 0)
      for (const { record } of live.all()) watch.take(record.id, [reading({ realtime: false })], now);
    watch.tick(now);
  }
  const looks = [0, 1, 2, 3].map(() => {
    told.tick(watch.all(), now);
    return reported.length;
  });
  expect(looks).toEqual([20, 40, 50, 50]);
  expect(new Set(reported).size).toBe(50);
});
