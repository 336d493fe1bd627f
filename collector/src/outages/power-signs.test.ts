import { type Point, point } from '@vonggac/shared';
import fc from 'fast-check';
import { beforeEach, expect, test } from 'vitest';
import { PowerSigns } from './power-signs.ts';

const minute = 60_000;
const lostAt = 1_000 * minute;
let signs: PowerSigns;

beforeEach(() => {
  signs = new PowerSigns();
});

function reading(minutes: number, isOn: boolean, kind: 'battery' | 'ups' = 'ups', ups = 'x'): Point {
  return point('ups', { time: lostAt + minutes * minute, tags: { ups, kind }, fields: { on_battery: isOn } });
}

/** Says of `agent` whether it was on battery, by minutes before and after the moment. */
function tell(agent: string, kind: 'battery' | 'ups', told: Readonly<Record<number, boolean>>): void {
  for (const [minutes, isOn] of Object.entries(told)) signs.take(agent, [reading(Number(minutes), isOn, kind)]);
}

function at(...agents: string[]) {
  return signs.at(lostAt, agents);
}

test('a UPS that was on battery shortly before, or right after, tells of the mains', () => {
  tell('before', 'ups', { [-2]: false, [-1]: true });
  tell('after', 'ups', { [-1]: false, 1: true });
  tell('long', 'ups', { [-90]: true, [-1]: true });
  expect(at('before')).toEqual({ source: 'ups', agent: 'before', since: lostAt - minute });
  expect(at('after')).toMatchObject({ since: lostAt + minute });
  expect(at('long')).toMatchObject({ since: lostAt - 90 * minute });
});

test('one that was on line again, went to its battery later, or says nothing does not', () => {
  tell('again', 'ups', { [-5]: true, [-4]: false, 0: false });
  tell('later', 'ups', { 0: false, 2: true });
  signs.take('mute', [point('ups', { time: lostAt, tags: { ups: 'x', kind: 'ups' }, fields: { charge_percent: 9 } })]);
  expect(at('again', 'later', 'mute', 'nobody')).toBeUndefined();
});

test('a laptop counts when it lost its mains just then, not when it was carried away before', () => {
  tell('cut', 'battery', { [-1]: false, 1: true });
  tell('carried', 'battery', { [-40]: false, [-30]: true, 0: true });
  tell('never-plugged', 'battery', { [-1]: true, 0: true });
  expect(at('cut')).toEqual({ source: 'battery', agent: 'cut', since: lostAt + minute });
  expect(at('carried', 'never-plugged')).toBeUndefined();
});

test('a UPS is heard before a laptop', () => {
  tell('laptop', 'battery', { [-1]: false, 0: true });
  tell('server', 'ups', { 0: true });
  expect(at('laptop', 'server')).toMatchObject({ agent: 'server' });
});

test('what was kept back tells the same, in whatever order it comes', () => {
  const told = [-20, -3, -2, -1, 0, 1, 2, 3, 30].map((minutes) =>
    reading(minutes, minutes > 0 && minutes < 4, 'battery'),
  );
  fc.assert(
    fc.property(fc.shuffledSubarray(told, { minLength: told.length }), (shuffled) => {
      const later = new PowerSigns();
      for (const each of [...shuffled, ...shuffled]) later.take('a', [each]);
      expect(later.at(lostAt, ['a'])).toEqual({ source: 'battery', agent: 'a', since: lostAt + minute });
    }),
  );
});

test('news is what may change a verdict', () => {
  expect(signs.take('a', [reading(-2, false)])).toBe(true);
  expect(signs.take('a', [reading(-1, false)])).toBe(false);
  expect(signs.take('a', [reading(0, true)])).toBe(true);
  expect(signs.take('a', [point('cpu', { time: 1, tags: {}, fields: { usage_percent: 1 } })])).toBe(false);
});

test('it is bounded, and forgets', () => {
  for (let index = 0; index < 100; index += 1) signs.take('a', [reading(0, true, 'ups', `ups ${index}`)]);
  for (let minutes = -500; minutes < 0; minutes += 1) signs.take('b', [reading(minutes, minutes % 2 === 0)]);
  expect(at('a', 'b')).toBeDefined();
  signs.forget(lostAt + minute);
  expect(at('a', 'b')).toBeUndefined();
});
