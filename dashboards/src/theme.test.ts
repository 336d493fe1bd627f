import { expect, test } from 'vitest';
import { colours, limitsOf, noneOf, thresholds, valueMappings } from './theme.ts';

function steps(limits: Parameters<typeof thresholds>[0]): unknown[] {
  return thresholds(limits)
    .build()
    .steps.map(({ value, color }) => [value, color]);
}

test('limits are those of the rules, in the colour of their severity', () => {
  expect(steps(limitsOf('disk-full', 'disk-filling'))).toEqual([
    [null, colours.ok],
    [90, colours.warning],
    [97, colours.critical],
  ]);
  expect(steps(limitsOf('unit-protection-low'))).toEqual([
    [null, colours.info],
    [80, colours.ok],
  ]);
});

test('one of what should be none is as bad as its rule says', () => {
  expect(steps(noneOf('unit-unreachable'))).toEqual([
    [null, colours.ok],
    [1, colours.critical],
  ]);
});

test('rules without a limit, or with opposite ones, cannot be drawn', () => {
  expect(() => limitsOf('link-down')).toThrow('rule "link-down" has no limit to draw');
  expect(() => limitsOf('disk-filling', 'disk-full-soon')).toThrow('no common limits of disk-filling, disk-full-soon');
});

test('a text may stand for a value without a colour, and no value is grey', () => {
  const [noData, states] = valueMappings('en', { planned: { text: { vi: 'Trong kế hoạch', en: 'Planned' } } });
  expect(noData).toMatchObject({ options: { result: { text: 'No data', color: colours.noData } } });
  expect(states?.options).toEqual({ planned: { text: 'Planned', index: 1 } });
});
