/** Answers of programs that are not asked every time, failures included: what hangs is not tried more often than what works. */

interface Entry {
  readonly time: number;
  readonly answer: Promise<unknown>;
}

export class Remembered {
  readonly #monotonic: () => number;
  readonly #entries = new Map<string, Entry>();

  constructor(monotonic: () => number) {
    this.#monotonic = monotonic;
  }

  /** What `ask` said for `key` in the last `seconds`, by whomever it was asked for. `key` names one kind of answer. */
  get<T>(key: string, { seconds, ask }: { readonly seconds: number; readonly ask: () => Promise<T> }): Promise<T> {
    const now = this.#monotonic();
    const entry = this.#entries.get(key);
    if (entry !== undefined && now - entry.time < seconds * 1_000) return entry.answer as Promise<T>;
    const answer = ask();
    this.#entries.set(key, { time: now, answer });
    return answer;
  }
}
