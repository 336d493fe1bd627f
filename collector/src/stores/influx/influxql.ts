/**
 * InfluxQL for the queries of stores. Identifiers are the catalogue's and quoted; values of tags travel as bound
 * parameters, never in the text: the escaping of the `influx` package misses backslashes.
 */
import type { CheckedQuery } from '../check-query.ts';
import { encodeTag } from './line-protocol.ts';

export interface InfluxQuery {
  readonly text: string;
  readonly parameters: Readonly<Record<string, string>>;
}

/** The greatest time that fits the server's nanoseconds in 64 bits. */
const maxTime = 9_223_372_036_854;

function source(query: CheckedQuery, policy: string | undefined): string {
  return policy === undefined ? `"${query.measurement}"` : `"${policy}"."${query.measurement}"`;
}

function condition(query: CheckedQuery, agents: readonly string[]): InfluxQuery {
  const parameters: Record<string, string> = {};
  const terms = [`time >= ${Math.min(query.from, maxTime)}ms`, `time < ${Math.min(query.to, maxTime)}ms`];
  function equals(name: string, value: string): string {
    const parameter = `p${Object.keys(parameters).length}`;
    parameters[parameter] = encodeTag(value);
    return `"${name}" = $${parameter}`;
  }
  for (const [name, value] of query.tags) terms.push(equals(name, value));
  if (agents.length > 0) terms.push(`(${agents.map((agent) => equals('agent', agent)).join(' OR ')})`);
  return { text: terms.join(' AND '), parameters };
}

/** How many values each series has in the range. */
export function countQuery(query: CheckedQuery, policy: string | undefined): InfluxQuery {
  const where = condition(query, []);
  return {
    text: `SELECT count("${query.field}") FROM ${source(query, policy)} WHERE ${where.text} GROUP BY *`,
    parameters: where.parameters,
  };
}

/** The points of the answer, at most `limit` a series; of these agents only, when there are any in the list. */
export function pointsQuery(
  query: CheckedQuery,
  { policy, agents, limit }: { policy: string | undefined; agents: readonly string[]; limit: number },
): InfluxQuery {
  const where = condition(query, agents);
  const isRaw = query.step === undefined;
  const value = isRaw ? `"${query.field}"` : `${query.aggregate}("${query.field}")`;
  const grouping = isRaw ? '*' : `time(${query.step}ms), * fill(none)`;
  return {
    text: `SELECT ${value} FROM ${source(query, policy)} WHERE ${where.text} GROUP BY ${grouping} LIMIT ${limit}`,
    parameters: where.parameters,
  };
}
