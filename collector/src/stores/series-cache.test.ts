import { type Measurement, measurementByName } from '@vonggac/shared';
import { describe, expect, it } from 'vitest';
import { maxSeriesPerAgent, SeriesCache } from './series-cache.ts';
import type { SeriesTags } from './series-tags.ts';
import type { Origin } from './store.ts';

const origin: Origin = { agent: 'a-1', host: 'h', unit: 'u', class: 'pc' };

function measurement(name: string): Measurement {
  const found = measurementByName(name);
  if (!found) throw new Error(`no measurement ${name}`);
  return found;
}
const cpu = { measurement: measurement('cpu'), tags: {} };

function network(name: string) {
  return { measurement: measurement('network'), tags: { interface: name } };
}
function filesystem(mount: string, type: string) {
  return { measurement: measurement('filesystem'), tags: { mount, type } };
}

function cacheOfTags() {
  const made: SeriesTags[] = [];
  const cache = new SeriesCache((_, tags) => {
    made.push(tags);
    return { tags };
  });
  return { cache, made };
}

describe('SeriesCache', () => {
  it('makes each series once, with all tags by ascending name', () => {
    const { cache, made } = cacheOfTags();
    const first = cache.find(origin, network('eth0'));
    expect(cache.find({ ...origin }, network('eth0'))).toBe(first);
    expect(cache.find(origin, cpu)).not.toBe(first);
    expect(made.map((tags) => Object.entries(tags).flat().join(' '))).toEqual([
      'agent a-1 class pc host h interface eth0 unit u',
      'agent a-1 class pc host h unit u',
    ]);
  });

  it('keeps tags apart whatever they hold', () => {
    const { cache, made } = cacheOfTags();
    for (const [mount, type] of [
      ['a', 'b,c'],
      ['a,b', 'c'],
      ['a","b', 'c'],
      ['a', 'b","c'],
    ] as const) {
      cache.find(origin, filesystem(mount, type));
    }
    expect(made).toHaveLength(4);
  });

  it('makes new series when the agent gets another name or unit', () => {
    const { cache, made } = cacheOfTags();
    cache.find(origin, cpu);
    cache.find({ ...origin, unit: 'v' }, cpu);
    expect(made.map(({ unit }) => unit)).toEqual(['u', 'v']);
  });

  it('refuses tags that are missing, empty or hold control characters', () => {
    const { cache, made } = cacheOfTags();
    expect(cache.find(origin, network(''))).toBe('bad_tags');
    expect(cache.find(origin, network('a\nb'))).toBe('bad_tags');
    expect(cache.find(origin, { ...cpu, measurement: measurement('network') })).toBe('bad_tags');
    expect(cache.find({ ...origin, host: '' }, cpu)).toBe('bad_tags');
    expect(made).toEqual([]);
  });

  it('stops an agent that invents series, and no other', () => {
    const { cache } = cacheOfTags();
    for (let index = 0; index < maxSeriesPerAgent; index += 1) cache.find(origin, network(`veth${index}`));
    expect(cache.find(origin, network('one-more'))).toBe('too_many_series');
    expect(cache.find(origin, network('veth0'))).toBeTypeOf('object');
    expect(cache.find({ ...origin, agent: 'a-2' }, network('one-more'))).toBeTypeOf('object');
    cache.clear();
    expect(cache.find(origin, network('one-more'))).toBeTypeOf('object');
  });

  it('is due to be emptied a day after it was first used', () => {
    const { cache } = cacheOfTags();
    expect(cache.isDue(1_000)).toBe(false);
    expect(cache.isDue(86_400_000)).toBe(false);
    expect(cache.isDue(86_401_000)).toBe(true);
    cache.clear();
    expect(cache.isDue(86_401_000)).toBe(false);
  });
});
