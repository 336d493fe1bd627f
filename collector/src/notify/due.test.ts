import { expect, test } from 'vitest';
import { dueOf, type Hearing } from './due.ts';
import { brief } from './testing/incident.ts';

const minute = 60_000;
const opened = brief();
const told = { incident: 1, severity: 'warning', level: 1, count: 1, at: 0, thread: 't' } as const;

function hearing(changes: Partial<Hearing> = {}): Hearing {
  return {
    routes: [{ level: 1 }],
    told: undefined,
    now: minute,
    gatherMs: 30_000,
    updateMs: 30 * minute,
    isPlanned: false,
    isQuiet: false,
    isBehind: false,
    ...changes,
  };
}

const event = (...args: Parameters<typeof dueOf>) => dueOf(...args)?.event;

test('what opens is told once, after the time to gather', () => {
  expect(dueOf(opened, hearing({ now: 29_999 }))).toEqual({ event: 'opened', isReady: false });
  expect(dueOf(opened, hearing({ now: 30_000 }))).toEqual({ event: 'opened', isReady: true });
  expect(dueOf(opened, hearing({ told }))).toBeUndefined();
  expect(dueOf(opened, hearing({ routes: [] }))).toBeUndefined();
});

test('a count that grows is told once in a while, and not while older messages wait', () => {
  const grown = brief({ count: 9 });
  expect(event(grown, hearing({ told, now: 30 * minute - 1 }))).toBeUndefined();
  expect(event(grown, hearing({ told, now: 30 * minute }))).toBe('updated');
  expect(event(grown, hearing({ told, now: 30 * minute, isBehind: true }))).toBeUndefined();
  expect(event(opened, hearing({ told, now: 99 * minute }))).toBeUndefined();
});

test('what gets worse, or rises, is told at once; who hears of a level only then', () => {
  expect(event(brief({ severity: 'critical' }), hearing({ told }))).toBe('updated');
  expect(event(brief({ severity: 'info' }), hearing({ told }))).toBeUndefined();
  const risen = brief({ level: 2 });
  expect(event(opened, hearing({ routes: [{ level: 2 }] }))).toBeUndefined();
  expect(event(risen, hearing({ routes: [{ level: 2 }] }))).toBe('escalated');
  expect(event(risen, hearing({ routes: [{ level: 1 }, { level: 2 }], told }))).toBe('escalated');
  expect(event(risen, hearing({ routes: [{ level: 1 }], told }))).toBeUndefined();
});

test('snoozed and planned ones are not told of, but that they are over is', () => {
  const snoozed = brief({ snoozedUntil: 2 * minute });
  expect(event(snoozed, hearing())).toBeUndefined();
  expect(event(snoozed, hearing({ now: 2 * minute }))).toBe('opened');
  expect(event(opened, hearing({ isPlanned: true }))).toBeUndefined();
  const over = brief({ snoozedUntil: 9 * minute, closedAt: minute });
  expect(event(over, hearing({ told, isPlanned: true }))).toBe('resolved');
  expect(event(over, hearing())).toBeUndefined();
});

test('in quiet hours only what is critical is told; the rest afterwards', () => {
  const critical = brief({ severity: 'critical' });
  expect(event(critical, hearing({ isQuiet: true }))).toBe('opened');
  expect(event(opened, hearing({ isQuiet: true }))).toBeUndefined();
  expect(event(brief({ closedAt: 9 }), hearing({ told, isQuiet: true }))).toBeUndefined();
  expect(event(brief({ closedAt: 9 }), hearing({ told }))).toBe('resolved');
});
