/**
 * `antivirus-cursors.json` in the data folder: how far each source of detections has been read.
 *
 * Saved right after the detections are in the spool, never before: a crash in between makes the same detections be read
 * again, with the same ids, and none be missed. A file that is missing or damaged is a first start. One that cannot be
 * written is complained of once; until the next start the cursors in memory serve.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Logger } from '../../log.ts';
import { moveInto } from '../../system/move-into.ts';

export class CursorFile {
  /** Undefined for a program that only looks. */
  readonly #file: string | undefined;
  readonly #logger: Pick<Logger, 'warn'>;
  #cursors: Record<string, unknown> | undefined;
  #complained = false;

  constructor(folder: string | undefined, logger: Pick<Logger, 'warn'>) {
    this.#file = folder === undefined ? undefined : join(folder, 'antivirus-cursors.json');
    this.#logger = logger;
  }

  get(source: string): unknown {
    this.#cursors ??= this.#read();
    return Object.hasOwn(this.#cursors, source) ? this.#cursors[source] : undefined;
  }

  set(source: string, cursor: unknown): void {
    this.#cursors = { ...(this.#cursors ?? this.#read()), [source]: cursor };
    if (this.#file === undefined) return;
    try {
      const fresh = `${this.#file}.new`;
      writeFileSync(fresh, JSON.stringify(this.#cursors), { mode: 0o600, flush: true });
      moveInto(fresh, this.#file);
      this.#complained = false;
    } catch (error) {
      if (!this.#complained) {
        this.#logger.warn('cannot save how far detections were read, the next start may read them again', {
          problem: (error as Error).message,
        });
      }
      this.#complained = true;
    }
  }

  #read(): Record<string, unknown> {
    if (this.#file === undefined) return {};
    try {
      const value: unknown = JSON.parse(readFileSync(this.#file, 'utf8'));
      return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
    } catch {
      return {};
    }
  }
}
