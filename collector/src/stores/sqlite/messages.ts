/** What crosses between the collector's thread and the two threads of the embedded store. */
import type { CheckedQuery } from '../check-query.ts';
import type { QueryError, SeriesResult } from '../store.ts';
import type { Trouble } from './database-file.ts';
import type { TableSpec } from './tables.ts';
import type { RetentionDays } from './tiers.ts';

/** Points of one measurement as columns: no object per point is made for the other thread. */
export interface PointColumns {
  /** Index in the list of TableSpec. */
  readonly table: number;
  readonly rows: number;
  /** The sender's own number of each row's series, see NewSeries. */
  readonly series: Uint32Array<ArrayBuffer>;
  /** Milliseconds. */
  readonly times: Float64Array<ArrayBuffer>;
  /** Row by row, all fields in the order of the spec; NaN is "no value", booleans are 0 and 1. */
  readonly values: Float64Array<ArrayBuffer>;
  /** Row by row, the text fields only. */
  readonly texts: readonly (string | null)[];
}

/** Sent once, with the first point of the series. */
export interface NewSeries {
  readonly number: number;
  readonly measurement: string;
  /** JSON, keys ascending. */
  readonly tags: string;
}

export interface WriterSettings {
  readonly file: string;
  readonly specs: readonly TableSpec[];
  readonly retention: RetentionDays;
  readonly maxBytes: number | undefined;
  /** Rows that maintenance handles before it lets a write go first. */
  readonly rowsPerSlice: number;
}

/** Times `now` are milliseconds since 1970. */
export type WriterRequest =
  | { readonly kind: 'open' }
  | {
      readonly kind: 'write';
      /** Which numbering of series this uses; see SqliteWriter. */
      readonly generation: number;
      readonly now: number;
      readonly columns: readonly PointColumns[];
      readonly newSeries: readonly NewSeries[];
    }
  | { readonly kind: 'maintain'; readonly now: number }
  | { readonly kind: 'set-aside'; readonly now: number }
  | { readonly kind: 'close' };

export type WriterOutcome =
  | { readonly status: 'done' }
  /** One slice of maintenance is done and another waits. */
  | { readonly status: 'more' }
  | { readonly status: 'set-aside'; readonly file: string }
  /** `refused`: a person has to act. `stale`: the request used an older generation of numbers. */
  | { readonly status: 'failed'; readonly trouble: Trouble | 'refused' | 'stale'; readonly reason: string };

/** With the generation of series numbers that holds from now on. */
export type WriterReply = WriterOutcome & { readonly generation: number };

export interface ReaderSettings {
  readonly file: string;
  readonly specs: readonly TableSpec[];
  /** Milliseconds that one query may take. */
  readonly budgetMs: number;
  /** Its only element becomes 1 when the query under way is no longer wanted. */
  readonly cancelled: Int32Array<SharedArrayBuffer>;
}

export interface ReaderRequest {
  readonly query: CheckedQuery;
}

export type ReaderReply =
  | { readonly status: 'done'; readonly result: SeriesResult }
  | { readonly status: 'failed'; readonly cause: QueryError['reason'] | 'damaged'; readonly message: string };
