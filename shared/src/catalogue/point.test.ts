import { expect, test } from 'vitest';
import { point } from './point.ts';

const at = { time: 1_000, tags: {} };

test('rounds to the decimals of the field', () => {
  expect(point('cpu', { ...at, fields: { usage_percent: 3.1472, cores: 2 } }).fields).toEqual({
    usage_percent: 3.1,
    cores: 2,
  });
});

test('leaves out what is not known: undefined, NaN and infinity are no values', () => {
  const fields = {
    usage_percent: undefined,
    user_percent: Number.NaN,
    system_percent: Number.POSITIVE_INFINITY,
    cores: 4,
  };
  expect(point('cpu', { ...at, fields }).fields).toEqual({ cores: 4 });
});

test('has no negative zero, which JSON does not have either', () => {
  expect(Object.is(point('cpu', { ...at, fields: { usage_percent: -0.01 } }).fields.usage_percent, 0)).toBe(true);
});

test('refuses at compile time what the catalogue does not have', () => {
  // @ts-expect-error no such field
  point('cpu', { ...at, fields: { speed: 1 } });
  // @ts-expect-error a tag is missing
  point('filesystem', { time: 1, tags: { mount: '/' }, fields: { read_only: true } });
  // @ts-expect-error a boolean is wanted
  point('filesystem', { time: 1, tags: { mount: '/', type: 'ext4' }, fields: { read_only: 1 } });
});
