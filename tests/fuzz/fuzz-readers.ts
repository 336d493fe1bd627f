/** Throws spoilt bytes at the readers of this process. */
import { Random } from './random.ts';
import { type Reader, readers, slowMs } from './readers.ts';
import { type Failure, Tally } from './tally.ts';

/** The input with this number; the same for a seed, whatever came before it. */
export function readerInput(seed: string, index: number): { reader: Reader; bytes: Buffer } {
  const random = new Random(`${seed} readers ${index}`);
  const reader = random.pick(readers);
  const bytes = reader.mutate(random.pick(reader.seeds), { random, other: random.pick(random.pick(readers).seeds) });
  return { reader, bytes };
}

/** Reads the bytes; returns what came of it, or what is wrong with that. */
export function tryReader(reader: Reader, bytes: Buffer): { outcome: string } | { problem: string } {
  const startedAt = performance.now();
  try {
    const outcome = reader.read(bytes);
    const ms = performance.now() - startedAt;
    return ms < slowMs ? { outcome } : { problem: `took ${Math.round(ms)} ms for ${bytes.length} bytes` };
  } catch (error) {
    return { problem: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

export class ReaderFuzz {
  readonly tally = new Tally();
  readonly #seed: string;
  #index = 0;

  constructor(seed: string) {
    this.#seed = seed;
  }

  /** Goes on for `ms`; stops at the first failure. */
  run(ms: number): Failure | undefined {
    for (const end = performance.now() + ms; performance.now() < end; this.#index += 1) {
      const { reader, bytes } = readerInput(this.#seed, this.#index);
      const result = tryReader(reader, bytes);
      if ('problem' in result) return { target: reader.name, index: this.#index, problem: result.problem, bytes };
      this.tally.add(result.outcome);
    }
    return undefined;
  }
}
