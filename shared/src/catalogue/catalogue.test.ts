import { describe, expect, test } from 'vitest';
import { measurements } from './catalogue.ts';
import { originTags, unitSuffix } from './definition.ts';

const snakeCase = /^[a-z][a-z0-9]*(_[a-z0-9]+)*$/;

function repeated(values: readonly number[]): number[] {
  return values.filter((value, index) => values.indexOf(value) !== index);
}

test('measurement numbers are unique: old agents keep using theirs', () => {
  expect(repeated(measurements.map((m) => m.definition.number))).toEqual([]);
});

describe.each(measurements)('$name', ({ name, definition, tagNames, fieldsByNumber }) => {
  const fields = Object.entries(definition.fields);

  test('names are snake_case and no tag belongs to the collector', () => {
    for (const word of [name, ...tagNames, ...fields.map(([field]) => field)]) expect(word).toMatch(snakeCase);
    expect(tagNames.filter((tag) => (originTags as readonly string[]).includes(tag))).toEqual([]);
  });

  test('field numbers are unique and small enough for the wire', () => {
    expect(repeated(fields.map(([, field]) => field.number))).toEqual([]);
    expect(fieldsByNumber.size).toBe(fields.length);
    for (const [, field] of fields) expect(field.number).toBeGreaterThan(0);
    for (const [, field] of fields) expect(field.number).toBeLessThanOrEqual(64);
  });

  test.each(fields)('%s carries its unit and says how many decimals it keeps', (field, { unit, type, decimals }) => {
    expect(field.endsWith(unitSuffix[unit])).toBe(true);
    expect(decimals !== undefined).toBe(type === 'float');
  });

  test('everything is explained in both languages', () => {
    for (const text of [definition, ...Object.values(definition.tags), ...fields.map(([, field]) => field)]) {
      expect(text.vi.trim()).not.toBe('');
      expect(text.en.trim()).not.toBe('');
    }
  });
});
