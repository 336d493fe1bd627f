import { expect, test } from 'vitest';
import { machinePath, parseRoute } from './router.tsx';

test.each([
  ['/', { page: 'machines' }],
  ['/sign-in', { page: 'sign-in' }],
  ['/machines/a-1', { page: 'machine', id: 'a-1' }],
  ['/units', { page: 'units' }],
  ['/units/import', { page: 'unit-import' }],
  ['/units/QB-DH', { page: 'unit', id: 'QB-DH' }],
  ['/links', { page: 'links' }],
  ['/links/QB-DH/tslcd-1', { page: 'link', unit: 'QB-DH', link: 'tslcd-1' }],
  ['/links/QB-DH', { page: 'unknown' }],
  ['/links/QB-DH/%E0%A4%A', { page: 'unknown' }],
  ['/services', { page: 'services' }],
  ['/protection', { page: 'protection' }],
  ['/protection/machines', { page: 'protected-machines' }],
  ['/malware', { page: 'malware' }],
  ['/machines/%E0%A4%A', { page: 'unknown' }],
  ['/constructor', { page: 'unknown' }],
  ['/machines/', { page: 'unknown' }],
  ['/machines/a/b', { page: 'unknown' }],
  ['/nothing', { page: 'unknown' }],
])('%s', (path, route) => expect(parseRoute(path)).toEqual(route));

test('any id survives the address', () => {
  expect(parseRoute(machinePath('a/../b?#%'))).toEqual({ page: 'machine', id: 'a/../b?#%' });
});
