import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Incidents } from '../incidents/incidents.ts';
import type { AgentRecord } from '../registry/agents.ts';
import { ClockWatch, clockOffset } from './clock-watch.ts';

const hour = 3_600_000;
const machine = { id: 'a-1', hostname: 'PC-1', unit: 'U' } as AgentRecord;

let folder: string;
let incidents: Incidents;
let watch: ClockWatch;
let monotonic: number;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vonggac-clocks-'));
  incidents = new Incidents(folder);
  monotonic = 0;
  watch = createWatch();
});

afterEach(() => {
  incidents.stop();
  rmSync(folder, { recursive: true });
});

function createWatch(): ClockWatch {
  const logger = pino({ enabled: false });
  return new ClockWatch({ incidents, logger, now: () => hour + monotonic, monotonic: () => monotonic });
}

/** A batch each ten seconds. */
function pass(seconds: number, offsetSeconds: number): void {
  for (let i = 0; i < seconds; i += 10) {
    watch.take(machine, 1_000 * offsetSeconds);
    monotonic += 10_000;
  }
}

const open = () => incidents.list({ state: 'open', limit: 10 });

test.each([61, -61, 86_400 * 365])('a clock that is off by %i s for a minute is an incident', (offset) => {
  pass(60, offset);
  expect(open()).toEqual([]);
  pass(60, offset);
  expect(open()).toMatchObject([{ kind: 'clock-wrong', subject: 'a-1', unit: 'U', severity: 'warning', count: 1 }]);
  expect(open()[0]?.evidence).toMatchObject([
    { what: 'clock-wrong', facts: { hostname: 'PC-1', offset_seconds: `${offset}.0` } },
  ]);
});

test('it closes when the clock is right again, and not while it wavers about the mark', () => {
  pass(120, 300);
  pass(120, 45);
  expect(open()).toHaveLength(1);
  pass(120, 70);
  expect(open()[0]?.count).toBe(1);
  pass(10, 2);
  expect(open()).toEqual([]);
});

test('a clock that is being set is left alone', () => {
  pass(50, 7_200);
  pass(10, 0);
  pass(50, 7_200);
  pass(10, 0);
  expect(incidents.list({ state: 'all', limit: 10 })).toEqual([]);
});

test('a restart of the collector neither opens nor forgets one', () => {
  pass(120, 300);
  watch = createWatch();
  pass(120, 300);
  expect(open()[0]?.count).toBe(1);
  pass(10, 0);
  expect(open()).toEqual([]);
});

test('nobody waits for the clock of a retired machine', () => {
  pass(120, 300);
  watch.forget('a-1');
  expect([open(), watch.wrong]).toEqual([[], 0]);
});

describe('the offset of a frame', () => {
  const now = 1_000 * hour;

  test('is what the agent has measured; the rest is the way', () => {
    expect(clockOffset({ sent: now - hour - 90_000, claimed: hour, now })).toBe(hour);
  });

  test('is what is seen when the agent has measured nothing', () => {
    expect(clockOffset({ sent: now + hour, claimed: undefined, now })).toBe(-hour);
  });

  test('is what is seen when that cannot be the way', () => {
    expect(clockOffset({ sent: now - hour, claimed: 0, now })).toBe(hour);
    expect(clockOffset({ sent: now + hour, claimed: 0, now })).toBe(-hour);
  });
});
