/** What was asked of the fake, in order. */
export interface CallRecord {
  readonly method: string;
  /** As it came, with its query. */
  readonly path: string;
  readonly body: unknown;
  /** None when the connection ended without an answer. */
  readonly status: number | undefined;
  readonly kind: 'read' | 'write' | 'unknown';
}

export class CallLog {
  readonly #records: CallRecord[] = [];

  get all(): readonly CallRecord[] {
    return this.#records;
  }

  /** Attempts to change something, refused ones too. */
  get writes(): readonly string[] {
    return this.#linesOf('write');
  }

  /** Calls that no Grafana knows. */
  get unknown(): readonly string[] {
    return this.#linesOf('unknown');
  }

  add(record: CallRecord): void {
    this.#records.push(record);
  }

  forget(): void {
    this.#records.length = 0;
  }

  #linesOf(kind: CallRecord['kind']): readonly string[] {
    return this.#records.filter((record) => record.kind === kind).map(({ method, path }) => `${method} ${path}`);
  }
}
