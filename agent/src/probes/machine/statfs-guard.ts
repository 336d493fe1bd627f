import type { StatsFs } from 'node:fs';

export type Statfs = (path: string) => Promise<StatsFs>;

/** A healthy disk answers in a tenth of a millisecond. */
const patienceMs = 2_000;
/** Node has four threads for files and names; the rest of the agent needs the others. */
const maxUnanswered = 2;

/**
 * Asks about file systems without ever hanging on one: a call to a disk that is gone may not return for hours, and it
 * holds a thread while it does not.
 */
export class StatfsGuard {
  readonly #statfs: Statfs;
  readonly #unanswered = new Set<string>();

  constructor(statfs: Statfs) {
    this.#statfs = statfs;
  }

  /** Throws when there is no answer in time; the path is then not asked about again until the old answer came. */
  async ask(path: string): Promise<StatsFs> {
    if (this.#unanswered.has(path)) throw new Error(`${path} still gives no answer`);
    if (this.#unanswered.size >= maxUnanswered) throw new Error(`${path} not asked: others give no answer`);
    this.#unanswered.add(path);
    const answer = this.#statfs(path).finally(() => this.#unanswered.delete(path));
    return withinPatience(answer, path);
  }
}

async function withinPatience<T>(answer: Promise<T>, path: string): Promise<T> {
  const { promise: overdue, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`no answer from ${path} within ${patienceMs} ms`)), patienceMs);
  try {
    return await Promise.race([answer, overdue]);
  } finally {
    clearTimeout(timer);
  }
}
