/**
 * The books of one agent: what it has collected, against what the store holds and what was counted as given up. Pure;
 * the model is Vector's oracle: what was kept is stored, what is stored was collected, and nothing about it is altered.
 */
import { limits } from '@vonggac/shared';
import type { Entry } from './journal.ts';
import { hasEvent, readingOf, textOf } from './numbered.ts';

export interface StoredReading {
  readonly channel: string;
  readonly time: number;
  readonly seq: number;
  readonly failures: number;
  readonly duration: number;
}

export interface StoredEvent {
  readonly time: number;
  readonly seq: number;
  readonly text: string;
}

/** All that the store has of one agent. */
export interface Stored {
  readonly readings: readonly StoredReading[];
  readonly events: readonly StoredEvent[];
  /** The gap records. */
  readonly gaps: readonly { readonly lane: string; readonly reason: string; readonly points: number }[];
}

export interface Collected {
  readonly agent: string;
  readonly channels: readonly string[];
  readonly journal: readonly Entry[];
  readonly kills: number;
  /** Milliseconds since 1970 when the monotonic clock of the journal was 0. */
  readonly epoch: number;
}

/** Readings and events, each counted as one. */
export interface Books {
  /** What the spool took, as far as anybody can know: what a kill has caught in the middle counts if it is seen again. */
  readonly sent: number;
  /** Of what was sent, each once. */
  readonly stored: number;
  /** Not stored, and counted by the agent as given up. */
  readonly gaps: number;
  /** Neither stored nor counted. */
  readonly lost: number;
  /** Stored once more, at another time. */
  readonly duplicated: number;
  /** Stored otherwise than it was sent, or never sent. */
  readonly altered: number;
  /**
   * Counted as given up, but stored: they were on their way, or their ack was not on the disk yet, when the process was
   * killed, so the next one could not know.
   */
  readonly arrived: number;
  /** The same, without such an explanation. */
  readonly overcounted: number;
  /** Stored at another time than it was collected. */
  readonly misplaced: number;
  /** Events that were given up. */
  readonly eventGaps: number;
  /** Losses that the agent could not count: its queue was damaged. */
  readonly uncounted: number;
  /** Of the last tick that is stored, in milliseconds since 1970. */
  readonly newest: number;
}

/** Half of the slowest answer to the question what time it is, and more. */
const timeToleranceMs = 60_000;

type Lane = 'metrics' | 'events';

interface Sample {
  readonly lane: Lane;
  readonly isKept: boolean;
}

export function balance(collected: Collected, stored: Stored): Books {
  const { agent, channels, journal, epoch } = collected;
  const kept = new Set(journal.flatMap((entry) => (entry.kind === 'kept' ? [entry.seq] : [])));
  const samples = new Map<string, Sample>();
  const takenAt = new Map<number, number>();
  for (const entry of journal) {
    if (entry.kind !== 'begun') continue;
    const { seq } = entry;
    takenAt.set(seq, epoch + entry.monotonic);
    const isKept = kept.has(seq);
    for (const channel of channels) samples.set(`${seq} ${channel}`, { lane: 'metrics', isKept });
    if (hasEvent(seq)) samples.set(`${seq} event`, { lane: 'events', isKept });
  }

  const found = new Set<string>();
  const tally = { duplicated: 0, altered: 0, misplaced: 0, newest: 0 };
  const see = (key: string, what: { seq: number; time: number; isTrue: boolean }) => {
    const at = takenAt.get(what.seq);
    if (!what.isTrue || !samples.has(key) || at === undefined) tally.altered += 1;
    else if (found.has(key)) tally.duplicated += 1;
    else {
      found.add(key);
      tally.newest = Math.max(tally.newest, at);
      if (Math.abs(what.time - at) > timeToleranceMs) tally.misplaced += 1;
    }
  };
  for (const { channel, time, seq, failures, duration } of stored.readings) {
    const wanted = readingOf({ agent, seq }, channel);
    const isTrue = failures === wanted.failures && duration === wanted.duration;
    see(`${seq} ${channel}`, { seq, time, isTrue });
  }
  for (const { time, seq, text } of stored.events)
    see(`${seq} event`, { seq, time, isTrue: text === textOf({ agent, seq }) });

  const lanes = (['metrics', 'events'] as const).map((lane) => ({ lane, ...settle(lane, { samples, found, stored }) }));
  // All batches that were on their way when it was killed, each as full as it may be.
  const explained = collected.kills * limits.window * limits.pointsPerBatch;
  const sum = (of: (books: (typeof lanes)[number]) => number) => lanes.reduce((total, books) => total + of(books), 0);
  const overcounted = sum((lane) => lane.overcounted);
  return {
    sent: sum(({ sent }) => sent),
    stored: found.size,
    gaps: sum(({ gaps }) => gaps),
    lost: sum(({ lost }) => lost),
    arrived: Math.min(overcounted, explained),
    overcounted: Math.max(0, overcounted - explained),
    eventGaps: lanes.find(({ lane }) => lane === 'events')?.gaps ?? 0,
    uncounted: stored.gaps.filter(({ points }) => points < 0).length,
    ...tally,
  };
}

/** Of one lane: what is missing, against what was counted. */
function settle(
  lane: Lane,
  { samples, found, stored }: { samples: ReadonlyMap<string, Sample>; found: ReadonlySet<string>; stored: Stored },
) {
  const count = { kept: 0, missing: 0, caught: 0, caughtAndFound: 0 };
  for (const [key, { lane: of, isKept }] of samples) {
    if (of !== lane) continue;
    const isFound = found.has(key);
    if (isKept) count.kept += 1;
    else count.caught += 1;
    if (isKept && !isFound) count.missing += 1;
    if (!isKept && isFound) count.caughtAndFound += 1;
  }
  const counted = stored.gaps.reduce((total, gap) => total + (gap.lane === lane ? Math.max(0, gap.points) : 0), 0);
  // A tick that a kill has caught in the middle may have been kept, and given up later.
  const caughtAndCounted = Math.min(Math.max(0, counted - count.missing), count.caught - count.caughtAndFound);
  const overcounted = Math.max(0, counted - count.missing - caughtAndCounted);
  return {
    sent: count.kept + count.caughtAndFound + caughtAndCounted,
    gaps: counted - overcounted,
    lost: Math.max(0, count.missing - counted),
    overcounted,
  };
}
