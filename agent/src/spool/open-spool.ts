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
  /** What has shown in use that the file is damaged. */
  readonly suspect: Error | undefined;
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
  /** New losses. */
  readonly lost: readonly Loss[];
  /** As before; undefined when the file was replaced. */
  readonly suspect: Error | undefined;
}

interface Opened extends Common {
  readonly database: SpoolDatabase;
  readonly inMemory: ReadonlyMap<number, Owed>;
  /** Whether all losses are in the file now. */
  readonly adopted: boolean;
}

export function openSpool(before: Before): Opened | (Common & { readonly error: Error }) {
  const { files, logger } = before;
  let { ledger, last, suspect } = before;
  let epoch: string | undefined;
  let database: SpoolDatabase | undefined;
  let lost: readonly Loss[] = [];
  let isReplaced = false;
  try {
    finishReplacement(files.database);
    let inspected = suspect ?? inspectOrWhy(before);
    if (inspected instanceof Error) {
      const tally = Ledger.read(files.ledger);
      if (tally?.complete && last === undefined) {
        // There may be no room for a new file: what is in memory until then is counted all the same.
        ledger = Ledger.resume(files.ledger, tally, files.onWrite);
        ({ epoch, last } = tally);
      }
      const why = whyUnusable(inspected) ?? 'damaged';
      files.onWrite('new database');
      replaceFile(files.database, { why, tally });
      isReplaced = true;
      suspect = undefined;
      const problem = inspected.message;
      logger.error('the spool could not be used and was set aside as spool.db.damaged', { reason: why, problem });
      inspected = inspect(before);
    }

    const { tally, reckoning } = inspected;
    ({ database } = inspected);
    const { gaps, finished, inMemory, differs, ledgerLags } = reckoning;
    for (const id of finished) database.remove(id);
    const highest = Math.max(database.last, tally?.last ?? 0, last ?? 0);
    last = differs ? highest + 1 : highest;
    epoch = differs ? (tally?.epoch ?? database.epoch) : database.epoch;
    // The ledger first: after a crash between the two, a file with a higher id would be believed alone.
    if (differs || ledgerLags || !ledger?.usable) {
      ledger?.close();
      ledger = openLedger(before, { ...inspected, epoch, last });
    }
    // What the ledger counts is no new loss when this is tried again.
    if (ledger) lost = reckoning.lost;
    if (differs) database.adopt({ epoch, last, gaps });
    lost = reckoning.lost;
    return { database, ledger, epoch, last, lost, inMemory, adopted: differs, suspect };
  } catch (error) {
    tryToClose(database);
    const failed = { error: error as Error, ledger, epoch, last, lost, suspect };
    if (isReplaced || whyUnusable(error) !== 'damaged') return failed;
    // SQLite's check does not look at all that a write touches.
    const again = openSpool({ ...before, ledger, last, suspect: failed.error });
    return { ...again, lost: [...lost, ...again.lost] };
  }
}

interface Inspected {
  readonly database: SpoolDatabase;
  readonly tally: ReadTally | undefined;
  readonly reckoning: Reckoning;
}

/** Opens the file and compares it with the ledger. Throws as SpoolDatabase does, also for what only the comparison shows. */
function inspect({ files, removed, isInMemory, unwritten, now }: Before): Inspected {
  const lookUp = () => Ledger.read(files.ledger)?.owed ?? new Map<number, Owed>();
  const database = new SpoolDatabase(files.database, { removed, onWrite: files.onWrite, lookUp });
  try {
    const tally = Ledger.read(files.ledger);
    const { epoch, last } = database;
    // A ledger that cannot be read says that there has been a file.
    const salvaged = database.salvaged || (database.isNew && !tally && existsSync(files.ledger));
    const found = { epoch, last, salvaged, ids: new Set(database.ids()), gaps: database.gaps() };
    return { database, tally, reckoning: reckon(found, { tally, isInMemory, unwritten, now: now() }) };
  } catch (error) {
    tryToClose(database);
    throw error;
  }
}

/** The error of a file that cannot be used; others are thrown. */
function inspectOrWhy(before: Before): Inspected | Error {
  try {
    return inspect(before);
  } catch (error) {
    if (whyUnusable(error) === undefined) throw error;
    return error as Error;
  }
}

/** What has failed already; the error that matters is the other one. */
function tryToClose(database: SpoolDatabase | undefined): void {
  try {
    database?.close();
  } catch {
    // See above.
  }
}

interface BroughtTogether extends Inspected {
  readonly epoch: string;
  readonly last: number;
}

function openLedger({ files, logger }: Before, together: BroughtTogether): Ledger | undefined {
  const { database, tally, reckoning, epoch, last } = together;
  try {
    const { differs, ledgerLags } = reckoning;
    if (tally?.complete && !differs && !ledgerLags && tally.epoch === epoch && tally.last >= database.last) {
      return Ledger.resume(files.ledger, tally, files.onWrite);
    }
    const owed = database.owed();
    // What the ledger knew of a record is more to be relied on than a row that nobody has read yet.
    for (const [id, known] of tally?.owed ?? []) {
      if (owed.has(id)) owed.set(id, { ...known, place: known.place === 'file' ? 'file' : 'moved' });
    }
    for (const [id, each] of reckoning.inMemory) owed.set(id, { ...each, place: 'memory' });
    return Ledger.write(files.ledger, { epoch, last, owed, untold: reckoning.gaps }, files.onWrite);
  } catch (error) {
    // One that is not kept up would count wrongly.
    removeLedger(files.ledger);
    const problem = (error as Error).message;
    logger.warn('the ledger of the spool cannot be written: losses could not be counted', { problem });
    return undefined;
  }
}
