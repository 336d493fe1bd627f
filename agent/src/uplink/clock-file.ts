/**
 * `clock.json`: what the collector's clock is ahead of this machine's uptime by. That holds until the machine restarts,
 * however its own clock is set meanwhile; so an agent that is started again without a connection knows the time at once.
 */
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod/mini';

const KeptClock = z.object({
  /** Names the run of the machine, as the kernel does. */
  boot: z.string().check(z.minLength(1)),
  /** Milliseconds. */
  aheadOfUptime: z.number(),
});

/** Where Linux names the run of the machine; see random(4). Other systems have no such name. */
const bootIdFile = '/proc/sys/kernel/random/boot_id';
/** What is not worth a write. */
const toleranceMs = 200;

export class ClockFile {
  readonly #file: string;
  /** Empty where runs of the machine have no name. */
  readonly #boot: string;
  #kept: number | undefined;

  /** `folder` is the data folder. */
  constructor(folder: string, boot: string = bootId()) {
    this.#file = join(folder, 'clock.json');
    this.#boot = boot;
  }

  /** Undefined when nothing is known, or the machine has restarted since. */
  read(): number | undefined {
    try {
      const parsed = KeptClock.safeParse(JSON.parse(readFileSync(this.#file, 'utf8')));
      if (parsed.success && parsed.data.boot === this.#boot) this.#kept = parsed.data.aheadOfUptime;
    } catch {
      // None yet, or a damaged one: the collector will say.
    }
    return this.#kept;
  }

  /** Never throws: at worst a restart without a connection knows nothing, and the spool reports the state of the disk. */
  write(aheadOfUptime: number): void {
    if (this.#boot === '') return;
    if (this.#kept !== undefined && Math.abs(aheadOfUptime - this.#kept) < toleranceMs) return;
    try {
      const fresh = `${this.#file}.new`;
      writeFileSync(fresh, JSON.stringify({ boot: this.#boot, aheadOfUptime }), { mode: 0o600 });
      renameSync(fresh, this.#file);
      this.#kept = aheadOfUptime;
    } catch {
      // The comment above says why.
    }
  }
}

function bootId(): string {
  try {
    return readFileSync(bootIdFile, 'utf8').trim();
  } catch {
    return '';
  }
}
