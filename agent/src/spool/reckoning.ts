/**
 * What is missing when the spool's file was opened: the file compared with the ledger.
 *
 * Each record gets an id before it is written, into the ledger first. So a file that has seen a higher id than the ledger
 * outlived a power cut, and is believed; one that has seen less has lost its end, and the ledger is believed, as it is for
 * a file that was salvaged. At the same id the file is believed, but for what was in memory only, for what came from there
 * behind its last id, and for losses of which it does not know.
 */
import type { Tally } from './ledger.ts';
import type { Owed, OwedRecord } from './ledger-entry.ts';
import { type Loss, Losses, without } from './losses.ts';

/** What was found in the file. */
export interface Found {
  readonly epoch: string;
  readonly last: number;
  readonly salvaged: boolean;
  readonly ids: ReadonlySet<number>;
  readonly gaps: readonly Loss[];
}

export interface Reckoning {
  /** New losses. */
  readonly lost: readonly Loss[];
  /** All losses that are to be told of, the new ones included. */
  readonly gaps: readonly Loss[];
  /** In the file, but done with. */
  readonly finished: readonly number[];
  /** Not in the file, but still in this process's memory. */
  readonly inMemory: ReadonlyMap<number, Owed>;
  /** Whether file and ledger have to be brought together. */
  readonly differs: boolean;
  /**
   * Whether the file has given up what the ledger still owes. Left so, a file that then loses its end would have that
   * again, beside the count of it.
   */
  readonly ledgerLags: boolean;
}

interface Known {
  /** Undefined when there is no ledger, or none that can be read. */
  readonly tally: (Tally & { readonly complete: boolean }) | undefined;
  readonly isInMemory: (id: number) => boolean;
  /** Losses that this process has in memory only. */
  readonly unwritten: readonly Loss[];
  readonly now: number;
}

export function reckon(found: Found, { tally, isInMemory, unwritten, now }: Known): Reckoning {
  const missing = new Map<number, OwedRecord>();
  const inMemory = new Map<number, Owed>();
  for (const [id, owed] of tally?.owed ?? []) {
    if (found.ids.has(id)) continue;
    if (isInMemory(id)) inMemory.set(id, owed);
    else missing.set(id, owed);
  }
  const counted = sum(found.gaps, unwritten);
  const nothing = { lost: [], gaps: counted, finished: [], inMemory, differs: false, ledgerLags: false };
  const unknown = (kind: Partial<Loss> = {}): Reckoning => {
    const lost: Loss = { reason: 'damaged', lane: 'metrics', points: -1, from: now, to: now, ...kind };
    return { ...nothing, lost: [lost], gaps: sum(counted, [lost]), differs: true };
  };

  if (!tally) return found.salvaged ? unknown() : nothing;
  const isOther = found.epoch !== tally.epoch;
  if (!tally.complete) {
    const isBehind = found.salvaged || isOther || found.last < tally.last;
    return isBehind ? unknown(span(missing.values())) : nothing;
  }
  if (isOther) {
    const lost = lossesOf(missing, tally.last);
    const differs = lost.length > 0 || tally.untold.length > 0;
    return { ...nothing, lost, gaps: sum(counted, tally.untold, lost), differs };
  }
  // Beyond what the ledger knows a salvaged file may have lost as much again.
  if (found.salvaged && found.last > tally.last) return unknown(span(missing.values()));
  if (found.last > tally.last) return nothing;

  const ledgerLags = missing.size > 0 || !isSame(tally.untold, counted);
  const finished = [...found.ids].filter((id) => id <= tally.last && !tally.owed.has(id));
  // A log that was cut may have lost nothing but that something was given up.
  if (found.salvaged || found.last < tally.last || without(tally.untold, counted).length > 0) {
    const lost = lossesOf(missing, tally.last);
    const differs = found.salvaged || lost.length > 0 || !isSame(tally.untold, counted);
    return { lost, gaps: sum(tally.untold, lost), finished, inMemory, differs, ledgerLags };
  }
  // What the file has given up just before a crash is no longer in it either, and what it has written before that is.
  const gaveUp = without(counted, tally.untold).length > 0;
  const isLost = ({ place }: OwedRecord) => place === 'memory' || (place === 'moved' && !gaveUp);
  const lost = lossesOf(new Map([...missing].filter(([, owed]) => isLost(owed))), tally.last);
  return { lost, gaps: sum(counted, lost), finished, inMemory, differs: lost.length > 0, ledgerLags };
}

/** The very last record may just not have been written yet. */
function lossesOf(missing: ReadonlyMap<number, OwedRecord>, last: number): Loss[] {
  const losses = [...missing].map(([id, { lane, points, from, to, place }]) => {
    const reason = place === 'memory' || id === last ? ('interrupted' as const) : ('damaged' as const);
    return { reason, lane, points, from, to };
  });
  return new Losses(losses).all();
}

function span(missing: Iterable<Owed>): Partial<Loss> {
  const all = [...missing];
  if (all.length === 0) return {};
  const from = all.reduce((least, owed) => Math.min(least, owed.from), Number.POSITIVE_INFINITY);
  return { from, to: all.reduce((most, owed) => Math.max(most, owed.to), 0) };
}

function sum(...losses: readonly (readonly Loss[])[]): Loss[] {
  return new Losses(losses.flat()).all();
}

function isSame(some: readonly Loss[], others: readonly Loss[]): boolean {
  const text = (losses: readonly Loss[]) =>
    losses
      .map(({ reason, lane, points }) => `${reason} ${lane} ${points}`)
      .sort()
      .join();
  return text(some) === text(others);
}
