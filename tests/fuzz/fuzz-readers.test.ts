import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { readerInput, tryReader } from './fuzz-readers.ts';
import { readers } from './readers.ts';

const regressions = new URL('regressions/', import.meta.url);

/** Each file is `<reader>.<what it is>.base64`: an input that did once what no input may do. */
test.each(readdirSync(regressions))('%s is taken or refused as agreed', (name) => {
  const reader = readers.find((one) => name.startsWith(`${one.name}.`));
  if (!reader) throw new Error(`no reader for ${name}: known are ${readers.map((one) => one.name).join(', ')}`);
  const bytes = Buffer.from(readFileSync(new URL(name, regressions), 'utf8'), 'base64');
  expect(tryReader(reader, bytes)).toEqual({ outcome: expect.stringMatching(/^(taken|refused)$/) });
});

describe('the fuzzer', () => {
  test.each(readers.map((reader) => [reader.name, reader] as const))('has good input for %s', (_, reader) => {
    expect(reader.seeds.some((bytes) => reader.read(bytes) === 'taken')).toBe(true);
  });

  test('makes the same input of the same seed, and others of another', () => {
    const inputs = (seed: string) => Array.from({ length: 50 }, (_, index) => readerInput(seed, index).bytes);
    expect(inputs('a')).toEqual(inputs('a'));
    expect(inputs('a')).not.toEqual(inputs('b'));
  });

  test('makes some input that is taken and some that is refused, of every kind', () => {
    const missing = new Set(readers.flatMap(({ name }) => [`${name} refused`, `${name} taken`]));
    for (let index = 0; missing.size > 0 && index < 400 * readers.length; index += 1) {
      const { reader, bytes } = readerInput('mixed', index);
      missing.delete(`${reader.name} ${reader.read(bytes)}`);
    }
    expect([...missing]).toEqual([]);
  });

  test('notices another exception than agreed', () => {
    const [reader] = readers;
    const broken = { ...reader, read: () => JSON.parse('{') as 'taken' };
    expect(tryReader(broken, Buffer.from('x'))).toMatchObject({ problem: expect.stringContaining('SyntaxError') });
  });
});
