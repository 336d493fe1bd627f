import { expect, test } from 'vitest';
import { filterAddress, isNarrowed, listPath, type MachineFilter, parseFilter, summaryPath } from './machine-filter.ts';

function parse(query: string): MachineFilter {
  return parseFilter(new URLSearchParams(query));
}

test('without a query, all machines are shown, worst first', () => {
  expect(parse('')).toEqual({ q: '', unit: '', class: '', states: [], sort: 'state', after: '', from: 1 });
  expect(filterAddress(parse(''))).toBe('/');
});

test.each([
  '?q=l%E1%BB%87+th%E1%BB%A7y&unit=QB&class=pc&state=offline%2Clate&sort=-cpu&after=x&from=101',
  '?state=online',
  '?sort=name',
])('%s means what it says, to and fro', (query) => expect(filterAddress(parse(query))).toBe(`/${query}`));

test('what someone put into the address by hand is not passed on', () => {
  expect(parse('state=ill,online&from=-3&nonsense=1')).toMatchObject({ states: ['online'], from: 1 });
});

test('counts are of all states', () => {
  const filter = parse('unit=QB&state=late&sort=-cpu&after=x');
  expect(listPath(filter)).toBe('/api/v1/agents?unit=QB&state=late&sort=-cpu&after=x&limit=100');
  expect(summaryPath(filter)).toBe('/api/v1/summary?unit=QB');
  expect([isNarrowed(filter), isNarrowed(parse('state=late'))]).toEqual([true, false]);
});
