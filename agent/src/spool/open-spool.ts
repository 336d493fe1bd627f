/**
 * Opens the spool's file and the ledger beside it: a file that cannot be used is replaced, what is missing is found and
 * counted, and both are brought together.
 */
import { existsSync } from 'node:fs';
import type { Logger } from '../log.ts';
import { Ledger, type OnWrite, type ReadTally, removeLedger } from './ledger.ts';
import type { Owed } from './ledger-entry.ts';
import type { Loss } from './losses.ts';
import { type Reckoning, reckon } from './reckoning.ts';
import { finishReplacement, replaceFile } from './salvage.ts';
import { SpoolDatabase } from './spool-database.ts';
import { whyUnusable } from './spool-format.ts';

export interface SpoolFiles {
  readonly database: string;
  readonly ledger: string;
  readonly onWrite: OnWrite;
}

/** What this process had, if it had the files open before. */
interface Before {
  readonly files: SpoolFiles;
  readonly removed: readonly number[];
  readonly ledger: Ledger | undefined;
  readonly last: number | undefined;
  readonly unwritten: readonly Loss[];
  readonly isInMemory: (id: number) => boolean;
  readonly now: () => number;
  readonly logger: Logger;
}

interface Common {
  readonly ledger: Ledger | undefined;
  readonly epoch: string | undefined;
  /** The last id that was given. */
  readonly last: number | undefined;
}

interface Opened extends Common {
  readonly database: SpoolDatabase;
  readonly lost: readonly Loss[];
  readonly inMemory: ReadonlyMap<number, Owed>;
  /** Whether all losses are in the file now. */
  readonly adopted: boolean;
}

export function openSpool(before: Before): Opened | (Common & { readonly error: Error }) {
  const { files, logger } = before;
  let { ledger, last } = before;
  let epoch: string | undefined;
  let database: SpoolDatabase | undefined;
  try {
    finishReplacement(files.database);
    try {
      database = connect(before);
    } catch (error) {
      const why = whyUnusable(error);
      if (why === undefined) throw error;
      const tally = Ledger.read(files.ledger);
      if (tally?.complete && last === undefined) {
        // There may be no room for a new file: what is in memory until then is counted all the same.
        ledger = Ledger.resume(files.ledger, tally, files.onWrite);
        ({ epoch, last } = tally);
      }
      files.onWrite('new database');
      replaceFile(files.database, { why, tally });
      const problem = (error as Error).message;
      logger.error('the spool could not be used and was set aside as spool.db.damaged', { reason: why, problem });
      database = connect(before);
    }

    const tally = Ledger.read(files.ledger);
    const reckoning = compare(database, tally, before);
    const { lost, gaps, finished, inMemory, differs } = reckoning;
    for (const id of finished) database.remove(id);
    const highest = Math.max(database.last, tally?.last ?? 0, last ?? 0);
    last = differs ? highest + 1 : highest;
    epoch = differs ? (tally?.epoch ?? database.epoch) : database.epoch;
    if (differs) {
      // Again: what is in memory until the disk takes it is counted.
      if (tally?.complete && !ledger?.usable) ledger = Ledger.resume(files.ledger, tally, files.onWrite);
      database.adopt({ epoch, last, gaps });
    }
    if (differs || !ledger?.usable) {
      ledger?.close();
      ledger = openLedger(before, { database, tally, reckoning, epoch, last });
    }
    if (lost.length > 0) logger.error('records of the spool were lost', { losses: lost });
    return { database, ledger, epoch, last, lost, inMemory, adopted: differs };
  } catch (error) {
    try {
      database?.close();
    } catch {
      // It has failed already; the error that matters is the other one.
    }
    return { error: error as Error, ledger, epoch, last };
  }
}

function connect({ files, removed }: Before): SpoolDatabase {
  const lookUp = () => Ledger.read(files.ledger)?.owed ?? new Map<number, Owed>();
  return new SpoolDatabase(files.database, { removed, onWrite: files.onWrite, lookUp });
}

function compare(database: SpoolDatabase, tally: ReadTally | undefined, before: Before): Reckoning {
  const { epoch, last } = database;
  // A ledger that cannot be read says that there has been a file.
  const salvaged = database.salvaged || (database.isNew && !tally && existsSync(before.files.ledger));
  const found = { epoch, last, salvaged, ids: new Set(database.ids()), gaps: database.gaps() };
  const { isInMemory, unwritten, now } = before;
  return reckon(found, { tally, isInMemory, unwritten, now: now() });
}

interface BroughtTogether {
  readonly database: SpoolDatabase;
  readonly tally: ReadTally | undefined;
  readonly reckoning: Reckoning;
  readonly epoch: string;
  readonly last: number;
}

function openLedger({ files, logger }: Before, together: BroughtTogether): Ledger | undefined {
  const { database, tally, reckoning, epoch, last } = together;
  try {
    if (tally?.complete && !reckoning.differs && tally.epoch === epoch && tally.last >= database.last) {
      return Ledger.resume(files.ledger, tally, files.onWrite);
    }
    const owed = new Map<number, Owed & { held: boolean }>(database.owed());
    // What the ledger knew of a record is more to be relied on than a row that nobody has read yet.
    for (const [id, known] of tally?.owed ?? []) if (owed.has(id)) owed.set(id, { ...known, held: false });
    for (const [id, each] of reckoning.inMemory) owed.set(id, { ...each, held: true });
    return Ledger.write(files.ledger, { epoch, last, owed, untold: reckoning.gaps }, files.onWrite);
  } catch (error) {
    // One that is not kept up would count wrongly.
    removeLedger(files.ledger);
    const problem = (error as Error).message;
    logger.warn('the ledger of the spool cannot be written: losses could not be counted', { problem });
    return undefined;
  }
}
