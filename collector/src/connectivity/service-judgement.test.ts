import { expect, test } from 'vitest';
import { judgeService, type Vantage } from './service-judgement.ts';

/** `A+` reaches it from unit A, `A-` does not. */
function vantages(text: string): Vantage[] {
  return text
    .split(' ')
    .filter((word) => word !== '')
    .map((word, index) => ({
      agent: `a-${index}`,
      unit: word.slice(0, 1),
      up: word.endsWith('+'),
      error: word.endsWith('+') ? undefined : index % 2 === 0 ? 'timeout' : 'refused',
      rttMs: word.endsWith('+') ? 10 * (index + 1) : undefined,
    }));
}

test.each([
  ['', 'unknown', []],
  ['A+', 'up', []],
  ['A+ B+', 'up', []],
  // The only one there is.
  ['A-', 'down', []],
  ['A- B-', 'down', []],
  ['A- B- C+', 'down', []],
  // Half of them are not most.
  ['A- B+', 'partial', ['A']],
  ['A- B- C+ D+', 'partial', ['A', 'B']],
  ['A- B+ C+', 'partial', ['A']],
  // Most of them, but all in one unit.
  ['A- A- B+', 'partial', ['A']],
  // Another machine of the unit reaches it.
  ['A- A+ B+', 'partial', []],
  ['A- A-', 'down', []],
])('%s is %s', (text, state, cutOff) => {
  expect(judgeService(vantages(text))).toMatchObject({ state, cutOff });
});

test('counts, the median of those that reach it, the most frequent error', () => {
  expect(judgeService(vantages('A- B+ C- D- E- F+ G+'))).toEqual({
    state: 'down',
    vantagePoints: 7,
    failingPoints: 4,
    rttMs: 60,
    error: 'timeout',
    cutOff: [],
    reaching: ['B', 'F', 'G'],
  });
  expect(judgeService(vantages('A+ B+')).rttMs).toBe(15);
});
