import { type FieldType, fieldOf, type Measurement, originTags } from '@vonggac/shared';
import { type Aggregate, QueryError, type SeriesQuery } from './store.ts';

/** Points a single answer may hold, whatever `limit` says: it is built in memory. */
const maxLimit = 1_000_000;

/** A query whose names exist and whose numbers make sense, with its defaults filled in. */
export interface CheckedQuery {
  readonly measurement: string;
  readonly field: string;
  readonly type: FieldType;
  readonly tags: readonly (readonly [name: string, value: string])[];
  readonly from: number;
  readonly to: number;
  readonly step: number | undefined;
  readonly aggregate: Aggregate;
  readonly limit: number;
}

function invalid(message: string): QueryError {
  return new QueryError('invalid', message);
}

/** Throws QueryError (`invalid`) and says the offending value. */
export function checkQuery(query: SeriesQuery, catalogue: ReadonlyMap<string, Measurement>): CheckedQuery {
  const measurement = catalogue.get(query.measurement);
  if (!measurement) throw invalid(`no measurement "${query.measurement}"`);
  const field = fieldOf(measurement, query.field);
  if (!field) throw invalid(`measurement "${query.measurement}" has no field "${query.field}"`);

  const tags = Object.entries(query.tags ?? {});
  const known: readonly string[] = [...measurement.tagNames, ...originTags];
  for (const [name] of tags) {
    if (!known.includes(name)) throw invalid(`measurement "${query.measurement}" has no tag "${name}"`);
  }
  if (!Number.isSafeInteger(query.from) || !Number.isSafeInteger(query.to) || query.from < 0) {
    throw invalid(`from and to must be whole milliseconds since 1970, got ${query.from} and ${query.to}`);
  }
  if (query.step !== undefined && !(Number.isSafeInteger(query.step) && query.step > 0)) {
    throw invalid(`step must be whole milliseconds above 0, got ${query.step}`);
  }
  if (!Number.isSafeInteger(query.limit) || query.limit < 1 || query.limit > maxLimit) {
    throw invalid(`limit must be between 1 and ${maxLimit}, got ${query.limit}`);
  }
  const isText = field.type === 'string';
  const aggregate = query.aggregate ?? (isText ? 'last' : 'mean');
  if (isText && query.step !== undefined && aggregate !== 'last' && aggregate !== 'count') {
    throw invalid(`field "${query.field}" is text and has no ${aggregate}; ask for last or count`);
  }
  return {
    measurement: query.measurement,
    field: query.field,
    type: field.type,
    tags,
    from: query.from,
    to: query.to,
    step: query.step,
    aggregate,
    limit: query.limit,
  };
}
