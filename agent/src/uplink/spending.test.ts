import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createLogger } from '../log.ts';
import { Spending } from './spending.ts';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
/** Midnight in Vietnam. */
const midnight = Date.UTC(2026, 10, 22, 17);

let folder: string;
let now: number;
let uptime: number;
let lineBytes: number;
let bytesPerDay: number;
let lines: string[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vonggac-spending-'));
  now = midnight;
  uptime = 5 * day;
  lineBytes = 0;
  bytesPerDay = 960_000;
  lines = [];
});

afterEach(() => rmSync(folder, { recursive: true }));

function start(): Spending {
  const spending = new Spending({
    folder,
    budget: () => ({ bytes_per_day: bytesPerDay, backfill_bits_per_second: 64_000 }),
    lineBytes: () => lineBytes,
    now: () => now,
    uptime: () => uptime,
    logger: createLogger({ write: (line) => lines.push(line), pretty: false, level: 'debug', now: () => now }),
  });
  spending.start();
  return spending;
}

function pass(ms: number): void {
  now += ms;
  uptime += ms;
}

/** Spends for a time as a machine would; the states it went through, with the hours it was in each. */
function spend(
  spending: Spending,
  options: { ms: number; bytesPerMinute: (everyMs: number) => number },
): Map<string, number> {
  const hours = new Map<string, number>();
  for (let passed = 0; passed < options.ms; passed += minute) {
    pass(minute);
    const { state, everyMs } = spending.pace();
    lineBytes += options.bytesPerMinute(everyMs);
    hours.set(state, (hours.get(state) ?? 0) + 1 / 60);
  }
  return hours;
}

/** What gathering saves: a batch and its ack cost, and beats in between. */
function typical(everyMs: number): number {
  if (everyMs === 0) return 1_500;
  return everyMs === 30_000 ? 850 : 600;
}

describe('a day', () => {
  test('that stays within its share is never shaped', () => {
    const hours = spend(start(), { ms: day - minute, bytesPerMinute: () => 600 });
    expect([...hours.keys()]).toEqual(['normal']);
  });

  test('that would cost more than twice the budget is gathered, and ends within it', () => {
    const spending = start();
    const hours = spend(spending, { ms: day - minute, bytesPerMinute: typical });
    expect([...hours.keys()]).toEqual(['normal', 'gathering']);
    const { usedBytes } = spending.status();
    expect(usedBytes).toBeLessThanOrEqual(bytesPerDay);
    expect(usedBytes).toBeGreaterThan(0.9 * bytesPerDay);
  });

  test('that costs too much whatever is gathered goes from state to state, then the next one begins', () => {
    const spending = start();
    const hours = spend(spending, { ms: day - minute, bytesPerMinute: (everyMs) => 1_000 + 2 * typical(everyMs) });
    expect([...hours.keys()]).toEqual(['normal', 'gathering', 'saving', 'spent']);
    expect(spending.pace()).toEqual({ state: 'spent', everyMs: 900_000, history: false });
    pass(2 * minute);
    expect(spending.pace()).toEqual({ state: 'normal', everyMs: 0, history: true });
    expect(spending.status().usedBytes).toBeLessThan(5_000);
  });

  test('of office hours only may cost twice as much an hour for most of them', () => {
    pass(7 * hour);
    const hours = spend(start(), { ms: 9 * hour, bytesPerMinute: typical });
    expect([...hours.keys()]).toEqual(['normal', 'gathering']);
    expect(hours.get('normal')).toBeGreaterThan(5);
  });

  test('with a burst of history: readings are gathered at most, and history stops before they are saved', () => {
    const spending = start();
    pass(6 * hour);
    const seen = new Set<string>();
    let history = 0;
    for (let minutes = 0; minutes < 120; minutes += 1) {
      pass(minute);
      const { state, everyMs, history: mayGo } = spending.pace();
      seen.add(state);
      lineBytes += typical(everyMs);
      if (mayGo) {
        lineBytes += 20_000;
        history += 20_000;
      }
    }
    expect([...seen]).toEqual(['normal', 'gathering']);
    expect(history).toBeGreaterThan(0.25 * bytesPerDay);
  });
});

test('a machine at the edge of two states does not go to and fro', () => {
  const spending = start();
  spend(spending, { ms: day - minute, bytesPerMinute: (everyMs) => (everyMs === 0 ? 700 : 600) });
  expect(lines.filter((line) => line.includes("day's bytes")).length).toBeLessThan(10);
});

test('each change of state is logged once, the last one as a warning', () => {
  const spending = start();
  lineBytes += bytesPerDay;
  for (let times = 0; times < 5; times += 1) spending.pace();
  expect(lines.map((line) => JSON.parse(line) as object)).toMatchObject([
    { level: 'warn', state: 'spent', before: 'normal', usedBytes: bytesPerDay },
  ]);
});

test('a budget that is raised ends the saving at once', () => {
  pass(hour);
  const spending = start();
  lineBytes += bytesPerDay;
  expect(spending.pace().state).toBe('spent');
  bytesPerDay *= 1_000;
  expect(spending.pace().state).toBe('normal');
});

describe('the clock', () => {
  test('set a day ahead gives no second budget within twenty hours', () => {
    const spending = start();
    pass(day);
    spending.pace();
    lineBytes += bytesPerDay;
    now += day;
    expect(spending.pace().state).toBe('spent');
    pass(19 * hour);
    expect(spending.pace().state).toBe('spent');
    pass(hour);
    expect(spending.pace().state).not.toBe('spent');
  });

  test('going to and fro over midnight gives no more', () => {
    const spending = start();
    lineBytes += bytesPerDay;
    let budgets = 0;
    for (let times = 0; times < 40; times += 1) {
      now += times % 2 === 0 ? day : -day;
      pass(minute);
      if (spending.pace().state === 'spent') continue;
      budgets += 1;
      lineBytes += bytesPerDay;
    }
    expect(budgets).toBe(1);
  });

  test('that was years ahead and is put right does not keep the next day from beginning', () => {
    now += 5_000 * day;
    const spending = start();
    lineBytes += bytesPerDay;
    spending.pace();
    now = midnight + 10 * hour;
    expect(spending.pace().state).toBe('spent');
    pass(15 * hour);
    expect(spending.pace().state).toBe('normal');
  });

  test('that went on while the machine slept begins the day', () => {
    const spending = start();
    lineBytes += bytesPerDay;
    spending.pace();
    pass(day);
    expect(spending.pace().state).toBe('normal');
    lineBytes += bytesPerDay;
    pass(day);
    expect(spending.pace().state).toBe('normal');
  });
});

describe('a restart', () => {
  test('goes on from what was spent, on the same day only', () => {
    const before = start();
    lineBytes += 700_000;
    before.stop();
    pass(hour);
    lineBytes = 0;
    expect(start().status().usedBytes).toBe(700_000);
    pass(day);
    expect(start().status().usedBytes).toBe(0);
  });

  test('after a crash has lost a minute of it at most, and the file is written no more often', () => {
    const spending = start();
    const writes = new Set<string>();
    for (let seconds = 0; seconds < 600; seconds += 1) {
      pass(1_000);
      lineBytes += 10;
      spending.pace();
      writes.add(fileText());
    }
    expect(writes.size).toBeLessThanOrEqual(11);
    lineBytes = 0;
    expect(start().status().usedBytes).toBeGreaterThan(5_300);
  });

  test.each(['', '{', '{"day":"x","used":1}', '{"day":1,"used":-5}', 'null'])(
    'with the file %j begins anew',
    (text) => {
      writeFileSync(join(folder, 'spending.json'), text);
      expect(start().status().usedBytes).toBe(0);
    },
  );

  test('without a disk does without the file', () => {
    const spending = start();
    rmSync(folder, { recursive: true });
    lineBytes += 100;
    spending.stop();
    expect(spending.status().usedBytes).toBe(100);
    folder = mkdtempSync(join(tmpdir(), 'vonggac-spending-'));
  });
});

function fileText(): string {
  try {
    return readFileSync(join(folder, 'spending.json'), 'utf8');
  } catch {
    return '';
  }
}
