/**
 * What an agent has done, in a file of its own that no fault touches: a write that was made outlives `kill -9`. A tick is
 * `begun` before its points exist and `kept` when the spool has them; between the two a kill may or may not lose it.
 */
import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';
import type { Tick } from './numbered.ts';

export interface Begun extends Omit<Tick, 'agent'> {
  readonly kind: 'begun';
  /** By the machine's monotonic clock, which no fault touches either. */
  readonly monotonic: number;
}

export interface Kept {
  readonly kind: 'kept';
  readonly seq: number;
  /** The spool's, as the catalogue numbers it. */
  readonly spoolState: number;
  /** Points that it has given up since the process started. */
  readonly lostPoints: number;
  /** Due moments that passed without a tick since then: the process was starved. */
  readonly missed: number;
}

export type Entry = Begun | Kept;

export class Journal {
  readonly #file: number;

  constructor(path: string) {
    this.#file = openSync(path, 'a');
  }

  write(entry: Entry): void {
    writeSync(this.#file, `${JSON.stringify(entry)}\n`);
  }

  close(): void {
    closeSync(this.#file);
  }
}

/** All entries; none when there is no file yet. */
export function readJournal(path: string): Entry[] {
  try {
    const lines = readFileSync(path, 'utf8').split('\n').slice(0, -1);
    return lines.map((line) => JSON.parse(line) as Entry);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
