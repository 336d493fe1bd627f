import { describe, expect, it } from 'vitest';
import { type Figure, longestDownFirst, mainCauses, shares } from './figures.ts';

function figure(down_seconds: Record<string, number>, seconds: Partial<Figure['seconds']> = {}): Figure {
  const down = Object.values(down_seconds).reduce((sum, each) => sum + each, 0);
  return { seconds: { up: 0, down, planned: 0, inconclusive: 0, absent: 0, ...seconds }, down_seconds };
}

describe('figures', () => {
  it('name their main causes, the longest first, and no seconds of noise', () => {
    const causes = { 'machine-lost': 100, 'agent-stopped': 59, 'unit-power-loss': 7_200, 'lan-isolated': 60 };
    expect(mainCauses(figure(causes), 2)).toEqual([
      ['unit-power-loss', 7_200],
      ['machine-lost', 100],
    ]);
  });

  it('come in the order of what was lost', () => {
    const [none, little, much] = [figure({}), figure({ a: 60 }), figure({ a: 3_600 })];
    expect(longestDownFirst([little, none, much].filter((each) => each !== undefined))).toEqual([much, little, none]);
  });

  it('are parts of the whole time', () => {
    expect(shares(figure({ a: 10 }, { up: 70, planned: 20 }))).toEqual([
      { part: 'up', percent: 70 },
      { part: 'down', percent: 10 },
      { part: 'planned', percent: 20 },
    ]);
    expect(shares(figure({}))).toEqual([]);
  });
});
