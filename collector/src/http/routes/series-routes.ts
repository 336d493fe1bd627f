import { fieldOf, type Measurement, measurementByName, measurements, originTags } from '@vonggac/shared';
import * as z from 'zod';
import { aggregates, QueryError, type SeriesQuery } from '../../stores/store.ts';
import { parseDuration, parseInstant } from '../instants.ts';
import { type FieldError, invalidRequest, Problem } from '../problem.ts';
import { SeriesAnswer } from '../schemas.ts';
import type { Scope, ScopeOf } from '../scope.ts';
import type { App } from './app.ts';

const defaultRange = '-1h';
const maxPoints = 100_000;
const minStepMs = 1_000;
const timeoutMs = 20_000;

const measurementNames = measurements.map((measurement) => measurement.name);
const tagNames = [...new Set([...originTags, ...measurements.flatMap((measurement) => measurement.tagNames)])].sort();

const Instant = z
  .string()
  .refine((text) => parseInstant(text, 0) !== undefined, {
    error: 'is not an instant: write milliseconds since 1970, ISO 8601 with an offset, now, or -10m',
  })
  .describe('Milliseconds since 1970, ISO 8601 with an offset from UTC, `now`, or relative to now such as `-10m`');

const Step = z
  .string()
  .refine((text) => (parseDuration(text) ?? 0) >= minStepMs, {
    error: 'is not a duration of at least a second: write 10s, 5m, 1h or milliseconds',
  })
  .describe(
    'Width of the windows that points are aggregated into: `10s`, `5m`, `1h` or milliseconds. Absent: raw points',
  );

const Query = z.strictObject({
  measurement: z.enum(measurementNames),
  field: z.string(),
  agent: z.string().optional().describe('Short for `tag.agent`'),
  unit: z.string().optional().describe('Short for `tag.unit`: this unit alone, not the units below it'),
  from: Instant.default(defaultRange),
  to: Instant.default('now'),
  step: Step.optional(),
  aggregate: z.enum(aggregates).optional().describe('`mean` by default, `last` for texts'),
  limit: z.coerce.number().int().min(1).max(maxPoints).default(10_000).describe('Points at most, over all series'),
  ...Object.fromEntries(tagNames.map((name) => [`tag.${name}` as const, z.string().optional()])),
});
type Query = z.infer<typeof Query>;

/** The tags asked for, whether by their own key or by its short form. */
function tagsOf(query: Query): Record<string, string> {
  const tags: Record<string, string> = {};
  for (const [key, value] of Object.entries(query)) {
    if (key.startsWith('tag.') && typeof value === 'string') tags[key.slice('tag.'.length)] = value;
  }
  if (query.agent !== undefined) tags.agent = query.agent;
  if (query.unit !== undefined) tags.unit = query.unit;
  return tags;
}

/** What is wrong although every value by itself looks right. */
function problemsOf(query: Query, measurement: Measurement, range: { from: number; to: number }): FieldError[] {
  const errors: [name: string, detail: string][] = [];
  const field = fieldOf(measurement, query.field);
  if (!field) errors.push(['field', `${measurement.name} has the fields ${measurement.fieldNames.join(', ')}`]);
  const known: readonly string[] = [...originTags, ...measurement.tagNames];
  for (const name of Object.keys(tagsOf(query))) {
    if (!known.includes(name)) errors.push([`tag.${name}`, `${measurement.name} has the tags ${known.join(', ')}`]);
  }
  if (range.from >= range.to) errors.push(['from', 'is not before to']);
  const aggregate = query.aggregate ?? 'last';
  if (field?.type === 'string' && aggregate !== 'last' && aggregate !== 'count') {
    errors.push(['aggregate', `${query.field} is a text, which has only last and count`]);
  }
  return errors.map(([name, detail]) => ({ location: 'query', name, detail }));
}

function toSeriesQuery(query: Query, now: number): SeriesQuery {
  const measurement = measurementByName(query.measurement);
  const from = parseInstant(query.from, now);
  const to = parseInstant(query.to, now);
  if (!measurement || from === undefined || to === undefined) throw new Error('the schema let a bad value through');
  const errors = problemsOf(query, measurement, { from, to });
  if (errors.length > 0) throw invalidRequest(errors);
  const step = query.step === undefined ? undefined : parseDuration(query.step);
  const isText = fieldOf(measurement, query.field)?.type === 'string';
  return {
    measurement: measurement.name,
    field: query.field as SeriesQuery['field'],
    tags: tagsOf(query),
    from,
    to,
    limit: query.limit,
    ...(step !== undefined && { step, aggregate: query.aggregate ?? (isText ? 'last' : 'mean') }),
  };
}

const queryErrors = {
  invalid: { status: 400, name: 'invalid-request' },
  too_slow: { status: 503, name: 'query-timeout' },
  unavailable: { status: 503, name: 'store-away' },
} as const;

/** Asks the store; a store that is away and a question that takes too long are answers too. */
async function ask(scope: Scope, query: SeriesQuery, gone: AbortSignal): Promise<SeriesAnswer> {
  const timeout = AbortSignal.timeout(timeoutMs);
  try {
    const result = await scope.query(query, AbortSignal.any([timeout, gone]));
    const series = result.series.map(({ tags, points }) => ({
      tags,
      points: points.map(([time, value]): [number, number | string] => [time, value]),
    }));
    return { series, truncated: result.truncated };
  } catch (error) {
    if (error instanceof QueryError) {
      const { status, name } = queryErrors[error.reason];
      throw new Problem(status, error.message, { name });
    }
    if (timeout.aborted) {
      const detail = `the question took longer than ${timeoutMs / 1_000} s: ask for a shorter range or a wider step`;
      throw new Problem(503, detail, { name: 'query-timeout' });
    }
    const reason = scope.storeHealth();
    if (reason !== undefined) throw new Problem(503, `the store is away: ${reason}`, { name: 'store-away' });
    throw error;
  }
}

/** Points over time. */
export function addSeriesRoutes(app: App, options: { readonly scopeOf: ScopeOf; readonly now: () => number }): void {
  app.get(
    '/api/v1/series',
    {
      config: { permission: 'read' },
      schema: { summary: 'Points over time', querystring: Query, response: { 200: SeriesAnswer } },
    },
    async ({ query, raw, identity }) => {
      const gone = new AbortController();
      raw.once('close', () => gone.abort());
      return await ask(options.scopeOf(identity), toSeriesQuery(query, options.now()), gone.signal);
    },
  );
}
