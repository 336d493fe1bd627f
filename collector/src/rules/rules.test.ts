import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Point, point } from '@vonggac/shared';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Incidents } from '../incidents/incidents.ts';
import { LiveState, type Planned } from '../live/live-state.ts';
import { Rules } from './rules.ts';
import { createTestAgent } from './testing/test-agent.ts';

const minuteMs = 60_000;
let folder: string;
let incidents: Incidents;
let now: number;
let planned: Planned | undefined;
let live: LiveState;
let rules: Rules;
let log: string[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vonggac-rules-'));
  incidents = new Incidents(folder);
  now = Date.UTC(2026, 0, 5, 8);
  planned = undefined;
  log = [];
  live = new LiveState(() => now, { plannedAt: () => planned });
  live.put(createTestAgent('a-1'));
  live.connected('a-1', 0);
  rules = new Rules({
    live,
    plannedAt: () => planned,
    store: { query: async () => ({ series: [], truncated: false }) },
    incidents,
    ingest: { write: async () => ({ status: 'stored' }) },
    registry: new Registry(),
    logger: pino({ level: 'error' }, { write: (line: string) => void log.push(line) }),
    now: () => now,
  });
});

afterEach(() => {
  rules.stop();
  incidents.stop();
  rmSync(folder, { recursive: true });
});

function fullDisk(): Point {
  return point('filesystem', { time: now, tags: { mount: '/', type: 'ext4' }, fields: { used_percent: 99 } });
}

function pass(minutes: number): void {
  for (let minute = 0; minute < minutes; minute += 1) {
    now += minuteMs;
    rules.take({ origin: { agent: 'a-1', host: 'may-1', unit: 'DH', class: 'server' }, points: [fullDisk()] });
    rules.tick();
  }
}

function isOpen(): boolean {
  return incidents.openOf('disk-full', 'a-1') !== undefined;
}

test('a full disk of a machine that is there opens an incident', () => {
  pass(2);
  expect(isOpen()).toBe(false);
  pass(2);
  expect(isOpen()).toBe(true);
});

test('during maintenance nothing is opened, but what lasts is told of after it', () => {
  planned = { reason: 'maintenance' };
  pass(5);
  expect([...rules.evaluator.of('disk-full')].map(({ state }) => state)).toEqual(['firing']);
  expect(isOpen()).toBe(false);
  planned = undefined;
  pass(1);
  expect(isOpen()).toBe(true);
});

test('a machine that works outside working hours is told of like any other', () => {
  planned = { reason: 'off-hours' };
  pass(5);
  expect(isOpen()).toBe(true);
});

test('of a machine that is away nothing is opened', () => {
  live.disconnected('a-1', 'closed');
  pass(5);
  expect(isOpen()).toBe(false);
});

test('a fault of ours ends neither the collector nor the session of an agent', () => {
  incidents.stop();
  const points = [fullDisk()];
  Object.defineProperty(points[0], 'fields', {
    get: () => {
      throw new Error('boom');
    },
  });
  rules.take({ origin: { agent: 'a-1', host: 'may-1', unit: 'DH', class: 'server' }, points });
  expect(log.join()).toContain('cannot evaluate rules');
});

test('stops twice, and before it was started', () => {
  rules.stop();
  rules.start();
  rules.stop();
  rules.stop();
});
