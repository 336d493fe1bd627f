/**
 * Since when each pending update has been pending, and what the last search found: `posture-state.json` in the data
 * folder. Written after each search, by renaming a new file into place. A file that is missing or damaged is a first
 * start: what is pending then counts from now. Without a folder, for a program that only looks, nothing is kept.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { moveInto } from '../../system/move-into.ts';
import { countOf, objectOf } from '../windows/script-answer.ts';

export interface PendingUpdates {
  /** When the search was, milliseconds since 1970. */
  readonly searched: number;
  readonly total: number;
  readonly security: number;
  /** Security updates by name and version, with the time they were first seen. At most `maxKept`. */
  readonly firstSeen: Readonly<Record<string, number>>;
}

/** More than a machine that was never updated has; those left out are no older than those kept. */
const maxKept = 1_000;

export class PendingFile {
  readonly #file: string | undefined;
  #pending: PendingUpdates | undefined;
  #isRead = false;

  constructor(folder: string | undefined) {
    this.#file = folder === undefined ? undefined : join(folder, 'posture-state.json');
  }

  get(): PendingUpdates | undefined {
    if (!this.#isRead) this.#pending = readPending(this.#file);
    this.#isRead = true;
    return this.#pending;
  }

  /** Whether it knows of earlier searches: without a file, all was first seen now. */
  get isKept(): boolean {
    return this.#file !== undefined;
  }

  /** Throws when the file cannot be written; what was found serves until the next start all the same. */
  found(updates: { readonly total: number; readonly security: readonly string[] }, now: number): PendingUpdates {
    const before = this.get()?.firstSeen ?? {};
    const seen = updates.security.slice(0, maxKept).map((name) => {
      const first = Object.hasOwn(before, name) ? before[name] : undefined;
      // A clock that was set back must not make an update one of tomorrow.
      return [name, Math.min(first ?? now, now)] as const;
    });
    const firstSeen = Object.fromEntries(seen);
    this.#pending = { searched: now, total: updates.total, security: updates.security.length, firstSeen };
    if (this.#file !== undefined) {
      const fresh = `${this.#file}.new`;
      writeFileSync(fresh, JSON.stringify(this.#pending), { mode: 0o600 });
      moveInto(fresh, this.#file);
    }
    return this.#pending;
  }
}

export function oldestOf({ firstSeen }: PendingUpdates): number | undefined {
  const times = Object.values(firstSeen);
  return times.length > 0 ? Math.min(...times) : undefined;
}

function readPending(file: string | undefined): PendingUpdates | undefined {
  if (file === undefined) return undefined;
  try {
    const fields = objectOf(JSON.parse(readFileSync(file, 'utf8')));
    const [searched, total, security] = [fields?.searched, fields?.total, fields?.security].map(countOf);
    if (searched === undefined || total === undefined || security === undefined) return undefined;
    const seen = Object.entries(objectOf(fields?.firstSeen) ?? {}).flatMap(([name, value]) => {
      const time = countOf(value);
      return time === undefined ? [] : [[name, time] as const];
    });
    return { searched, total, security, firstSeen: Object.fromEntries(seen) };
  } catch {
    return undefined;
  }
}
