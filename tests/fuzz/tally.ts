/** What came of the inputs so far, for a person to watch. */
export class Tally {
  readonly #counts = new Map<string, number>();
  #inputs = 0;

  add(outcome: string): void {
    this.#inputs += 1;
    this.#counts.set(outcome, (this.#counts.get(outcome) ?? 0) + 1);
  }

  get inputs(): number {
    return this.#inputs;
  }

  /** The outcomes, the most frequent first. */
  toString(): string {
    const sorted = [...this.#counts].sort(([, a], [, b]) => b - a);
    return sorted.map(([outcome, count]) => `${outcome} ${count.toLocaleString('en')}`).join(', ');
  }
}

/** An input that did what no input may do. */
export interface Failure {
  readonly target: string;
  readonly index: number;
  readonly problem: string;
  readonly bytes: Buffer;
}
