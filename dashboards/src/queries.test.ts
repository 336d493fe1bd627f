import { expect, test } from 'vitest';
import { select } from './queries.ts';

test('names that the catalogue lacks do not compile, and are refused', () => {
  // @ts-expect-error there is no such measurement
  expect(() => select('cpus', { read: { usage_percent: 'mean' } })).toThrow('no measurement "cpus"');
  // @ts-expect-error there is no such field
  expect(() => select('cpu', { read: { usage: 'mean' } })).toThrow('measurement "cpu" has no field "usage"');
  expect(() => select('cpu', { read: {} })).toThrow('nothing to read from measurement "cpu"');
  // @ts-expect-error cpu has no such tag
  select('cpu', { read: { usage_percent: 'mean' }, by: ['mount'] });
  // @ts-expect-error there is no such variable
  select('cpu', { read: { usage_percent: 'mean' }, chosen: ['machine'] });
  // @ts-expect-error a text has no mean
  select('inventory', { read: { os_name: 'mean' } });
});
