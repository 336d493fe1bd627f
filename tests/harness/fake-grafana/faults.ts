/** What a test has go wrong: single calls by their path, or the whole server after so many writes. */
export interface CallPattern {
  readonly method?: string;
  /** A part of the path, or what it has to match. */
  readonly path: string | RegExp;
  /** How many such calls fail; 1. */
  readonly times?: number;
}

/** `cut` ends the connection before anything is done, `cut afterwards` when all is done but the answer; `hang` never answers. */
export type Failure =
  | 'hang'
  | 'cut'
  | 'cut afterwards'
  | {
      readonly status: number;
      /** A text is sent as HTML, as proxies do. */
      readonly body?: unknown;
      readonly headers?: Readonly<Record<string, string>>;
    };

export class Faults {
  readonly #planned: { pattern: CallPattern; failure: Failure; left: number }[] = [];
  #writesLeft = Number.POSITIVE_INFINITY;
  #isLastAnswerLost = false;

  add(pattern: CallPattern, failure: Failure): void {
    this.#planned.push({ pattern, failure, left: pattern.times ?? 1 });
  }

  goAwayAfter(writes: number, { isLastAnswerLost }: { isLastAnswerLost: boolean }): void {
    this.#writesLeft = writes;
    this.#isLastAnswerLost = isLastAnswerLost;
  }

  clear(): void {
    this.#planned.length = 0;
    this.#writesLeft = Number.POSITIVE_INFINITY;
  }

  get isAway(): boolean {
    return this.#writesLeft <= 0;
  }

  next(method: string, path: string): Failure | undefined {
    const plan = this.#planned.find(({ pattern, left }) => left > 0 && matches(pattern, { method, path }));
    if (!plan) return undefined;
    plan.left -= 1;
    return plan.failure;
  }

  /** Says of a write that was carried out whether its answer is lost. */
  countWrite(): boolean {
    this.#writesLeft -= 1;
    return this.isAway && this.#isLastAnswerLost;
  }
}

function matches({ method, path }: CallPattern, call: { method: string; path: string }): boolean {
  if (method !== undefined && method !== call.method) return false;
  return typeof path === 'string' ? call.path.includes(path) : path.test(call.path);
}
