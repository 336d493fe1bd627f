import { expect, test } from 'vitest';
import { machinePath, parseRoute } from './router.tsx';

test.each([
  ['/', { page: 'machines' }],
  ['/sign-in', { page: 'sign-in' }],
  ['/machines/a-1', { page: 'machine', id: 'a-1' }],
  ['/machines/', { page: 'unknown' }],
  ['/machines/a/b', { page: 'unknown' }],
  ['/nothing', { page: 'unknown' }],
])('%s', (path, route) => expect(parseRoute(path)).toEqual(route));

test('any id survives the address', () => {
  expect(parseRoute(machinePath('a/../b?#%'))).toEqual({ page: 'machine', id: 'a/../b?#%' });
});
