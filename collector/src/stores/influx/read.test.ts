import { describe, expect, it } from 'vitest';
import type { CheckedQuery } from '../check-query.ts';
import type { InfluxQuery } from './influxql.ts';
import { readSeries } from './read.ts';
import type { AnsweredSeries } from './server.ts';

const query: CheckedQuery = {
  measurement: 'cpu',
  field: 'usage_percent',
  type: 'float',
  tags: [],
  from: 0,
  to: 1_000_000,
  step: undefined,
  aggregate: 'mean',
  limit: 10,
};

/** A server with `perAgent` points of each agent, in no useful order; notes how many points it was made to send. */
function fakeServer(agents: number, perAgent: number) {
  const names = Array.from({ length: agents }, (_, index) => `a-${String(index).padStart(4, '0')}`).reverse();
  const sent: number[] = [];
  async function ask({ text, parameters }: InfluxQuery): Promise<readonly AnsweredSeries[]> {
    const named = Object.values(parameters);
    const chosen = named.length > 0 ? names.filter((name) => named.includes(name)) : names;
    if (text.includes('count(')) return chosen.map((agent) => ({ tags: { agent }, values: [[0, perAgent]] }));
    const limit = Number(/LIMIT (\d+)$/.exec(text)?.[1]);
    sent.push(chosen.length * Math.min(perAgent, limit));
    return chosen.map((agent) => ({
      tags: { agent, gone: '' },
      values: Array.from({ length: Math.min(perAgent, limit) }, (_, time): [number, number] => [time, time]),
    }));
  }
  return { ask, sent };
}

async function read(server: ReturnType<typeof fakeServer>, limit: number) {
  const result = await readSeries(server.ask, { query: { ...query, limit }, policy: undefined });
  const points = result.series.reduce((sum, series) => sum + series.points.length, 0);
  return { agents: result.series.map(({ tags }) => tags.agent), points, truncated: result.truncated };
}

describe('readSeries', () => {
  it('asks for a small answer at once', async () => {
    const server = fakeServer(3, 2);
    expect(await read(server, 10)).toEqual({ agents: ['a-0000', 'a-0001', 'a-0002'], points: 6, truncated: false });
    expect(server.sent).toEqual([6]);
    expect(await read(server, 3)).toEqual({ agents: ['a-0000', 'a-0001'], points: 3, truncated: true });
    expect(await read(server, 6)).toMatchObject({ points: 6, truncated: false });
  });

  it('takes no more of a large answer than the limit needs', async () => {
    const server = fakeServer(1_000, 500);
    expect(await read(server, 1_200)).toEqual({
      agents: ['a-0000', 'a-0001', 'a-0002'],
      points: 1_200,
      truncated: true,
    });
    expect(server.sent).toEqual([1_500]);
  });

  it('goes on until a large answer is complete', async () => {
    const server = fakeServer(700, 100);
    expect(await read(server, 69_999)).toMatchObject({ points: 69_999, truncated: true });
    expect(server.sent.length).toBeGreaterThan(1);
    expect(await read(server, 70_000)).toMatchObject({ points: 70_000, truncated: false });
  });
});
