import { describe, expect, it } from 'vitest';
import { countOf, listOf, parseAnswer } from './script-answer.ts';
import { sample } from './testing/fake-windows.ts';

describe('parseAnswer', () => {
  it.each([
    ['one line', '{"v":1}'],
    ['a mark before it', '\ufeff{"v":1}\r\n'],
    ['noise before it', '#< CLIXML\r\n<Objs Version="1.1.0.1"><S S="progress">x</S></Objs>\r\n{"v":1}\r\n'],
    ['a warning after it', '{"v":1}\r\nCẢNH BÁO: {\r\n'],
    ['many lines', '{\r\n  "v": 1\r\n}'],
  ])('reads %s', (_name, text) => {
    expect(parseAnswer(text)).toEqual({ v: 1 });
  });

  it.each(['', '1', 'null', '[]', '{', '#< CLIXML', 'Get-CimInstance : Không hợp lệ'])('refuses %j', (text) => {
    expect(() => parseAnswer(text)).toThrow('PowerShell printed no answer');
  });

  it('reads objects of PowerShell that were not compressed', () => {
    expect(parseAnswer(sample('mpcomputerstatus-not-running.json')).AMRunningMode).toBe('Not running');
  });
});

describe('listOf', () => {
  it.each([
    ['a list', [{ a: 1 }, { a: 2 }], 2],
    ['a single element', { a: 1 }, 1],
    ['an empty text', '', 0],
    ['nothing', null, 0],
    ['a list that PowerShell 5.1 wrapped', { value: [{ a: 1 }, { a: 2 }], Count: 2 }, 2],
    ['things that are no objects', [1, 'x', null, [2]], 0],
  ])('makes a list of %s', (_name, value, length) => {
    expect(listOf(value)).toHaveLength(length);
  });
});

it('takes whole numbers only', () => {
  expect([0, 7, -1, 1.5, 2 ** 60, Number.NaN, '7', null].map(countOf)).toEqual([
    0,
    7,
    ...Array.from({ length: 6 }, () => undefined),
  ]);
});
