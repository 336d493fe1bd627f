/** A wall clock of one process that can be set, by libfaketime; its monotonic clock goes on as if nothing had been. */
import { globSync, renameSync, writeFileSync } from 'node:fs';

const library = '/usr/lib/*/faketime/libfaketime.so.1';

/** Why there can be none, or undefined. As root, with `CI` in the environment, a missing library throws. */
export function noOddClock(): string | undefined {
  if (globSync(library).length > 0) return undefined;
  const missing = `no ${library} here: install the package "faketime"`;
  if (process.env.CI && process.getuid?.() === 0) throw new Error(missing);
  return missing;
}

export class OddClock {
  readonly #file: string;

  /** `file` holds what the clock is ahead by. */
  constructor(file: string) {
    this.#file = file;
    this.set(0);
  }

  /** For the process. */
  get environment(): Record<string, string> {
    const [path = ''] = globSync(library);
    return {
      LD_PRELOAD: path,
      FAKETIME_TIMESTAMP_FILE: this.#file,
      // Or it would be noticed in the middle of a tick more often than not.
      FAKETIME_NO_CACHE: '1',
      DONT_FAKE_MONOTONIC: '1',
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
    };
  }

  /** Ahead of the machine's clock, or behind it. */
  set(seconds: number): void {
    // Replaced as a whole: half a number is another time.
    writeFileSync(`${this.#file}.new`, `${seconds < 0 ? '' : '+'}${seconds}\n`);
    renameSync(`${this.#file}.new`, this.#file);
  }
}
