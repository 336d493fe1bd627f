/** What every time-series store promises. The contract suite in store-contract.ts runs against each of them. */
import type { AgentClass, FieldName, MeasurementName, Point } from '@vonggac/shared';

/** Who sent a batch, from the registry; becomes the tags `agent`, `host`, `unit` and `class` of every point. */
export interface Origin {
  readonly agent: string;
  readonly host: string;
  readonly unit: string;
  readonly class: AgentClass;
}

export interface StoreBatch {
  readonly origin: Origin;
  readonly points: readonly Point[];
}

/**
 * The outcome of a write, for all batches of the call together.
 * - `accepted`: committed and synced; `refused` counts points the store would not take for good (and why).
 * - `retry`: nothing is promised, some may be written; writing the same batches again is harmless.
 */
export type WriteResult =
  | { readonly status: 'accepted'; readonly refused: readonly { readonly reason: string; readonly points: number }[] }
  | { readonly status: 'retry'; readonly afterMs: number; readonly reason: string };

export const aggregates = ['mean', 'min', 'max', 'sum', 'count', 'last'] as const;
export type Aggregate = (typeof aggregates)[number];

export interface SeriesQuery {
  readonly measurement: MeasurementName;
  /** A field of the measurement. */
  readonly field: FieldName;
  /** Only series that have all of these tags: the catalogue's own and the origin's. */
  readonly tags?: Readonly<Record<string, string>>;
  /** Half-open range, milliseconds: from <= time < to. */
  readonly from: number;
  readonly to: number;
  /** Milliseconds; points are aggregated into windows that begin at multiples of `step`. Absent: raw points. */
  readonly step?: number;
  /** How values in a window become one; `mean` by default. Text fields have only `last`, their default, and `count`. */
  readonly aggregate?: Aggregate;
  /** Points returned at most, over all series; `truncated` says that there were more. */
  readonly limit: number;
}

export interface Series {
  readonly tags: Readonly<Record<string, string>>;
  /** Ascending in time; booleans as 0 and 1, texts as texts. A window without values has no entry. */
  readonly points: readonly (readonly [time: number, value: number | string])[];
}

export interface SeriesResult {
  /** Sorted by tags; a series without a point in the range is absent. */
  readonly series: readonly Series[];
  readonly truncated: boolean;
}

/**
 * Why a query has no answer; the message is for the person who asked.
 * - `invalid`: it will never have one. `too_slow`: it asks for too much. `unavailable`: the store cannot answer now.
 */
export class QueryError extends Error {
  override name = 'QueryError';
  readonly reason: 'invalid' | 'too_slow' | 'unavailable';

  constructor(reason: QueryError['reason'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.reason = reason;
  }
}

export interface Store {
  /** Name for logs and metrics. */
  readonly name: string;
  /** Opens what it needs. Throws when a person has to act; a server that is only away is reported by `health`. */
  start(): Promise<void>;
  /** Safe twice and before start; finishes writes under way. */
  stop(): Promise<void>;
  /** Idempotent: the same series and time overwrite. */
  write(batches: readonly StoreBatch[]): Promise<WriteResult>;
  /** Rejects with QueryError, or with the signal's reason when it aborts. */
  query(query: SeriesQuery, signal?: AbortSignal): Promise<SeriesResult>;
  /** Undefined when the store takes writes, otherwise why not, for a person. */
  health(): string | undefined;
}
