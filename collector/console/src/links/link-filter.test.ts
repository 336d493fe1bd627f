import { expect, test } from 'vitest';
import type { LinkView } from '../../../src/http/link-schemas.ts';
import { createFormat } from '../text/format.ts';
import { carriersOf, linkFilterAddress, narrow, parseLinkFilter, worstFirst } from './link-filter.ts';
import { writeAvailability } from './link-numbers.ts';

const units = [
  { code: 'QB', name: 'Tỉnh Quảng Bình' },
  { code: 'DH', name: 'Đồng Hới', parent: 'QB' },
  { code: 'BL', name: 'Bắc Lý', parent: 'DH' },
  { code: 'LT', name: 'Lệ Thủy', parent: 'QB' },
];
const nameOf = (code: string) => units.find((unit) => unit.code === code)?.name ?? code;

function link(unit: string, state: LinkView['state'], rest: Partial<LinkView> = {}): LinkView {
  return { unit, link: 'tslcd-1', kind: 'tslcd', carrier: 'VNPT', state, cause: 'works', ...rest };
}

const links = [
  link('DH', 'up', { availability_percent: 99.2 }),
  link('BL', 'up', { availability_percent: 98.1, carrier: 'Viettel', edge: '10.1.2.1' }),
  link('LT', 'down'),
  link('QB', 'unknown', { carrier: undefined }),
];
const nothing = { q: '', unit: '', carrier: '', states: [] };
const unitsShown = (found: readonly LinkView[]) => found.map(({ unit }) => unit);

test.each([
  [{}, ['DH', 'BL', 'LT', 'QB']],
  [{ unit: 'DH' }, ['DH', 'BL']],
  [{ carrier: 'Viettel' }, ['BL']],
  [{ q: 'le thuy vnpt' }, ['LT']],
  [{ q: '10.1.2' }, ['BL']],
  [{ unit: 'NO' }, []],
])('%j shows %j', (part, expected) => {
  expect(unitsShown(narrow(links, { ...nothing, ...part }, { units, nameOf }))).toEqual(expected);
});

test('the worst first: state, then the month, then the name', () => {
  const poor = link('DH', 'degraded');
  expect(unitsShown(worstFirst([...links, poor], { nameOf }))).toEqual(['LT', 'DH', 'QB', 'BL', 'DH']);
});

test('the filter survives the address; what is not known there is left out', () => {
  const filter = { q: 'a b', unit: 'DH', carrier: 'FPT & Co', states: ['down', 'degraded'] as const };
  expect(parseLinkFilter(new URL(linkFilterAddress(filter), 'http://x').searchParams)).toEqual(filter);
  expect(parseLinkFilter(new URLSearchParams('state=down,dead')).states).toEqual(['down']);
  expect(linkFilterAddress(nothing)).toBe('/links');
});

test('each carrier is there once', () => {
  expect(carriersOf(links)).toEqual(['Viettel', 'VNPT']);
});

test.each([
  [100, '100%'],
  [99.999, '99,99%'],
  [97.5, '97,5%'],
  [undefined, '–'],
])('%s percent of the time is written %s', (percent, written) => {
  expect(writeAvailability(percent, createFormat('vi'))).toBe(written);
});
