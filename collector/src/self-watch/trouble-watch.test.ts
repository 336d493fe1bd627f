import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Incidents } from '../incidents/incidents.ts';
import type { SelfProblem } from './self-problem.ts';
import { TroubleWatch } from './trouble-watch.ts';

const start = Date.UTC(2026, 10, 23);

let folder: string;
let incidents: Incidents;
let watch: TroubleWatch;
let passed: number;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vonggac-trouble-'));
  incidents = new Incidents(folder);
  watch = new TroubleWatch(incidents);
  passed = 0;
});

afterEach(() => {
  incidents.stop();
  rmSync(folder, { recursive: true });
});

const disk = {
  code: 'disk',
  severity: 'warning',
  text: 'fills up',
  action: 'free some',
  facts: { free: '9 MB' },
} as const;
const store = { ...disk, code: 'store', severity: 'critical' } as const;

/** Looks each 15 s. */
function pass(seconds: number, ...problems: SelfProblem[]): void {
  for (let until = passed + seconds; passed < until; passed += 15) {
    watch.tick(problems, { now: 1_000 * passed, at: start + 1_000 * passed });
  }
}

function open(): string[] {
  return incidents.list({ state: 'open', limit: 10 }).map(({ subject, severity }) => `${subject} ${severity}`);
}

test('what stays for half a minute is an incident, until it has been away for a minute', () => {
  pass(30, disk);
  expect(open()).toEqual([]);
  pass(300, disk);
  expect(open()).toEqual(['disk warning']);
  const [incident] = incidents.list({ state: 'open', limit: 1 });
  expect(incident).toMatchObject({ kind: 'collector-trouble', count: 1, unit: undefined });
  expect(incident?.evidence).toMatchObject([{ what: 'collector-disk', facts: { free: '9 MB', text: 'fills up' } }]);
  pass(45);
  expect(open()).toEqual(['disk warning']);
  pass(30);
  expect(open()).toEqual([]);
});

test('a moment is no incident', () => {
  for (let i = 0; i < 10; i += 1) {
    pass(15, disk);
    pass(15);
  }
  expect(incidents.list({ state: 'all', limit: 10 })).toEqual([]);
});

test('what becomes worse is told again, in the same incident', () => {
  pass(60, disk);
  pass(15, { ...disk, severity: 'critical' });
  expect(open()).toEqual(['disk critical']);
  expect(incidents.list({ state: 'all', limit: 10 })).toHaveLength(1);
});

test('each trouble is an incident of its own', () => {
  pass(60, disk, store);
  expect(open().sort()).toEqual(['disk warning', 'store critical']);
  pass(90, disk);
  expect(open()).toEqual(['disk warning']);
});

test('what was open before a restart is taken up', () => {
  pass(60, disk, store);
  watch = new TroubleWatch(incidents);
  pass(120, store);
  expect(open()).toEqual(['store critical']);
  expect(incidents.list({ state: 'all', limit: 10 })).toHaveLength(2);
});
