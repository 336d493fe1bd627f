import { describe, expect, test } from 'vitest';
import { balance, type Stored, type StoredReading } from './books.ts';
import type { Entry } from './journal.ts';
import { hasEvent, readingOf, textOf } from './numbered.ts';

const agent = 'a-1';
const channels = ['channel-0', 'channel-1'] as const;
const epoch = 1_800_000_000_000;
const ticks = 10;
/** Readings of ten ticks, and two events. */
const all = ticks * channels.length + 2;

function timeOf(seq: number): number {
  return epoch + seq * 1_000;
}

function begun(seq: number): Entry {
  return { kind: 'begun', seq, time: timeOf(seq), monotonic: seq * 1_000 };
}

function kept(seq: number): Entry {
  return { kind: 'kept', seq, spoolState: 0, lostPoints: 0, missed: 0 };
}

const seqs = Array.from({ length: ticks }, (_, index) => index + 1);
const journal = seqs.flatMap((seq) => [begun(seq), kept(seq)]);

function reading(seq: number, channel: string, changes: Partial<StoredReading> = {}): StoredReading {
  return { channel, seq, time: timeOf(seq), ...readingOf({ agent, seq }, channel), ...changes };
}

function everything(): {
  readings: StoredReading[];
  events: Stored['events'][number][];
  gaps: Stored['gaps'][number][];
} {
  return {
    readings: seqs.flatMap((seq) => channels.map((channel) => reading(seq, channel))),
    events: seqs.filter(hasEvent).map((seq) => ({ seq, time: timeOf(seq), text: textOf({ agent, seq }) })),
    gaps: [],
  };
}

function booksOf(stored: Stored, entries: readonly Entry[] = journal, kills = 0) {
  return balance({ agent, channels, journal: entries, kills, epoch }, stored);
}

const good = {
  lost: 0,
  arrived: 0,
  duplicated: 0,
  altered: 0,
  overcounted: 0,
  misplaced: 0,
  eventGaps: 0,
  uncounted: 0,
};

test('all that was kept is stored', () => {
  expect(booksOf(everything())).toEqual({ ...good, sent: all, stored: all, gaps: 0, newest: timeOf(ticks) });
});

describe('it is noticed', () => {
  test('that readings are neither stored nor counted', () => {
    const stored = everything();
    stored.readings.splice(3, 2);
    expect(booksOf(stored)).toMatchObject({ ...good, sent: all, stored: all - 2, lost: 2 });
  });

  test('that an event is lost, though readings were counted', () => {
    const stored = everything();
    stored.events.pop();
    stored.gaps.push({ lane: 'metrics', reason: 'overflow', points: 1 });
    expect(booksOf(stored)).toMatchObject({ lost: 1, overcounted: 1 });
  });

  test('that an event was given up', () => {
    const stored = everything();
    stored.events.pop();
    stored.gaps.push({ lane: 'events', reason: 'overflow', points: 1 });
    expect(booksOf(stored)).toMatchObject({ ...good, gaps: 1, eventGaps: 1 });
  });

  test('that one is stored again at another time', () => {
    const stored = everything();
    stored.readings.push(reading(4, channels[0], { time: timeOf(4) + 3 }));
    expect(booksOf(stored)).toMatchObject({ ...good, stored: all, duplicated: 1 });
  });

  test.each([
    ['a changed value', reading(4, channels[0], { failures: 1 })],
    ['a number that was never given', reading(99, channels[0])],
    ["another channel's value", { ...reading(4, channels[0]), channel: channels[1] }],
    ['a channel that there is not', reading(4, 'channel-7')],
  ])('%s', (_, spoilt) => {
    const stored = everything();
    stored.readings.push(spoilt);
    expect(booksOf(stored)).toMatchObject({ ...good, stored: all, altered: 1 });
  });

  test('that one is stored at a wrong time', () => {
    const stored = everything();
    stored.readings[0] = reading(1, channels[0], { time: timeOf(1) + 3_600_000 });
    expect(booksOf(stored)).toMatchObject({ ...good, misplaced: 1 });
  });

  test('that more was counted as given up than is missing', () => {
    const gaps = [{ lane: 'metrics', reason: 'thinned', points: 2 }];
    expect(booksOf({ ...everything(), gaps })).toMatchObject({ ...good, gaps: 0, overcounted: 2 });
    expect(booksOf({ ...everything(), gaps }, journal, 1)).toMatchObject({ ...good, gaps: 0, arrived: 2 });
  });

  test('that a queue was damaged', () => {
    const gaps = [{ lane: 'metrics', reason: 'damaged', points: -1 }];
    expect(booksOf({ ...everything(), gaps })).toMatchObject({ ...good, uncounted: 1 });
  });
});

test('what was counted as given up is not lost', () => {
  const stored = everything();
  stored.readings.splice(0, 4);
  stored.gaps.push(
    { lane: 'metrics', reason: 'thinned', points: 3 },
    { lane: 'metrics', reason: 'overflow', points: 1 },
  );
  expect(booksOf(stored)).toMatchObject({ ...good, sent: all, stored: all - 4, gaps: 4 });
});

describe('a tick that a kill has caught in the middle', () => {
  const entries = [...journal, begun(11)];

  test('may be gone', () => {
    expect(booksOf(everything(), entries)).toMatchObject({ ...good, sent: all });
  });

  test('may be stored', () => {
    const stored = everything();
    stored.readings.push(...channels.map((channel) => reading(11, channel)));
    expect(booksOf(stored, entries)).toMatchObject({ ...good, sent: all + 2, stored: all + 2 });
  });

  test('may have been kept and given up, but no more than that', () => {
    const of = (points: number) => ({ ...everything(), gaps: [{ lane: 'metrics', reason: 'overflow', points }] });
    expect(booksOf(of(2), entries)).toMatchObject({ ...good, sent: all + 2, stored: all, gaps: 2 });
    expect(booksOf(of(3), entries)).toMatchObject({ ...good, overcounted: 1 });
  });
});
