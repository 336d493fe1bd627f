/**
 * Answering a query with a bounded amount of data. InfluxQL's LIMIT is one a series, and its SLIMIT counts series in
 * each shard on its own, so neither bounds an answer. Instead the server is first asked how many values each series
 * has; then series are fetched, in the order of the answer, as many at a time as may be needed.
 */
import type { CheckedQuery } from '../check-query.ts';
import { compareTags, type SeriesTags } from '../series-tags.ts';
import type { Series, SeriesResult } from '../store.ts';
import { countQuery, type InfluxQuery, pointsQuery } from './influxql.ts';
import { decodeTag } from './line-protocol.ts';
import type { AnsweredSeries } from './server.ts';

/** Points that may come at once whatever the limit is: below this, asking again costs more. */
const easyPoints = 50_000;
/** Agents that one query names. */
const maxAgents = 300;

export type Ask = (query: InfluxQuery) => Promise<readonly AnsweredSeries[]>;

interface Counted {
  readonly tags: SeriesTags;
  readonly key: string;
  /** Points of the answer, at most. */
  readonly atMost: number;
}

/** The tags as they were given; one that the series does not have is empty in the server's answer. */
function givenTags(tags: Readonly<Record<string, string>>): SeriesTags {
  const given = Object.entries(tags).filter(([, value]) => value !== '');
  return Object.fromEntries(
    given.sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, value]) => [name, decodeTag(value)]),
  );
}

async function countSeries(ask: Ask, { query, policy }: Context): Promise<Counted[]> {
  const { from, to, step } = query;
  const windows = step === undefined ? Number.POSITIVE_INFINITY : Math.ceil((to - from) / step) + 1;
  const answered = await ask(countQuery(query, policy));
  const counted = answered.map(({ tags: stored, values }) => {
    const tags = givenTags(stored);
    return { tags, key: JSON.stringify(tags), atMost: Math.min(Number(values[0]?.[1] ?? 0), windows) };
  });
  return counted.sort((a, b) => compareTags(a.tags, b.tags));
}

/** The next series to fetch: as many as may fill the answer, and always one. */
function nextPage(series: readonly Counted[], wanted: number): Counted[] {
  const agents = new Set<string | undefined>();
  const page: Counted[] = [];
  let points = 0;
  for (const one of series) {
    agents.add(one.tags.agent);
    if (page.length > 0 && (points >= wanted || agents.size > maxAgents)) break;
    page.push(one);
    points += one.atMost;
  }
  return page;
}

interface Context {
  readonly query: CheckedQuery;
  readonly policy: string | undefined;
}

/** Rejects with what `ask` rejects with. */
export async function readSeries(ask: Ask, context: Context): Promise<SeriesResult> {
  const { query } = context;
  if (query.from >= query.to) return { series: [], truncated: false };
  const counted = await countSeries(ask, context);
  const isEasy = counted.reduce((sum, { atMost }) => sum + atMost, 0) <= Math.max(easyPoints, query.limit);

  const series: Series[] = [];
  let left = query.limit;
  for (let next = 0; next < counted.length; ) {
    const page = isEasy ? counted : nextPage(counted.slice(next), left + 1);
    next += page.length;
    const agents = isEasy ? [] : [...new Set(page.map(({ tags }) => tags.agent ?? ''))];
    const answered = await ask(pointsQuery(query, { policy: context.policy, agents, limit: left + 1 }));
    const byKey = new Map(answered.map(({ tags, values }) => [JSON.stringify(givenTags(tags)), values]));
    for (const { tags, key } of page) {
      const points = (byKey.get(key) ?? []).flatMap(([time, value]) =>
        value === null ? [] : [[time, value] as const],
      );
      if (points.length > 0 && left > 0) series.push({ tags, points: points.slice(0, left) });
      left -= points.length;
      if (left < 0) return { series, truncated: true };
    }
  }
  return { series, truncated: false };
}
