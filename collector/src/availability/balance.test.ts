import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { availabilityPercent, type Balance, balanceOf, downOf, type Life, sumOf } from './balance.ts';

const range = { from: 0, to: 1_000_000 };

/** All there, nothing wrong. */
function life(what: Partial<Life>): Life {
  return { present: [{ from: 0, to: 1e15 }], gaps: [], silences: [], planned: () => [], ...what };
}

function stretch(from: number, to: number): { from: number; to: number } {
  return { from: from * 1_000, to: to * 1_000 };
}

function secondsOf({ up, planned, inconclusive, absent, ...rest }: Balance): number {
  return up + downOf({ up, planned, inconclusive, absent, ...rest }) + planned + inconclusive + absent;
}

describe('a balance', () => {
  it('is all up where nothing happened', () => {
    expect(balanceOf(life({}), range)).toEqual({ up: 1_000, down: {}, planned: 0, inconclusive: 0, absent: 0 });
  });

  it('charges silence to its cause, but what was planned to none', () => {
    const silences = [
      { ...stretch(100, 200), cause: 'machine-lost' },
      { ...stretch(300, 500), cause: 'unit-link-down' },
      { ...stretch(600, 610), cause: 'machine-lost' },
    ];
    const planned = () => [stretch(0, 150), stretch(400, 450)];
    expect(balanceOf(life({ silences, planned }), range)).toEqual({
      up: 690,
      down: { 'machine-lost': 60, 'unit-link-down': 150 },
      planned: 100,
      inconclusive: 0,
      absent: 0,
    });
  });

  it('knows nothing of what the collector did not see, whatever else is said of it', () => {
    const silences = [
      { ...stretch(100, 200), cause: 'machine-lost' },
      { ...stretch(400, 500), cause: undefined },
    ];
    const gaps = [stretch(150, 300)];
    const balance = balanceOf(life({ silences, gaps, planned: () => [stretch(0, 1_000)] }), range);
    expect(balance).toEqual({ up: 700, down: {}, planned: 50, inconclusive: 250, absent: 0 });
  });

  it('does not count what was before enrolment and after retirement', () => {
    const silences = [{ ...stretch(0, 1_000), cause: 'machine-lost' }];
    const present = [stretch(200, 900)];
    const balance = balanceOf(life({ silences, present, gaps: [stretch(0, 300)] }), range);
    expect(balance).toEqual({ up: 0, down: { 'machine-lost': 600 }, planned: 0, inconclusive: 100, absent: 300 });
  });

  it('adds up to the length of its time, always', () => {
    const time = fc.integer({ min: -200_000, max: 1_200_000 });
    const stretches = fc.array(
      fc.tuple(time, time).map(([a, b]) => ({ from: Math.min(a, b), to: Math.max(a, b) })),
      { maxLength: 8 },
    );
    const cause = fc.constantFrom('machine-lost', 'unit-link-down', undefined);
    const silences = stretches.chain((all) =>
      fc.tuple(...all.map(() => cause)).map((causes) => all.map((each, index) => ({ ...each, cause: causes[index] }))),
    );
    fc.assert(
      fc.property(stretches, stretches, silences, stretches, (present, gaps, silent, planned) => {
        const balance = balanceOf({ present, gaps, silences: silent, planned: () => planned }, range);
        expect(secondsOf(balance)).toBe(1_000);
        const { up, planned: not, inconclusive, absent, down } = balance;
        expect(
          [up, not, inconclusive, absent, ...Object.values(down)].every((each) => Number.isInteger(each) && each >= 0),
        ).toBe(true);
        // Second by second, against the words of the specification.
        expect(balance).toEqual(bySeconds({ present, gaps, silences: silent, planned: () => planned }));
      }),
      { numRuns: 300 },
    );
  });

  it('is the sum of its parts', () => {
    const silences = [{ ...stretch(100, 200), cause: 'machine-lost' }];
    const parts = [stretch(0, 150), stretch(150, 1_000)].map((part) => balanceOf(life({ silences }), part));
    expect(sumOf(parts)).toEqual(balanceOf(life({ silences }), range));
  });
});

/** What became of each second, the slow way. */
function bySeconds({ present, gaps, silences, planned }: Life): Balance {
  const holds = (all: readonly { from: number; to: number }[], second: number) =>
    all
      .toSorted((a, b) => a.from - b.from)
      .find(({ from, to }) => Math.floor(from / 1_000) <= second && second < Math.floor(to / 1_000));
  const sum = { up: 0, planned: 0, inconclusive: 0, absent: 0 };
  const down: Record<string, number> = {};
  for (let second = 0; second < 1_000; second += 1) {
    const silence = firstOf(silences, second);
    if (!holds(present, second)) sum.absent += 1;
    else if (holds(gaps, second)) sum.inconclusive += 1;
    else if (!silence) sum.up += 1;
    else if (silence.cause === undefined) sum.inconclusive += 1;
    else if (holds(planned(), second)) sum.planned += 1;
    else down[silence.cause] = (down[silence.cause] ?? 0) + 1;
  }
  return { ...sum, down };
}

/** Of silences at the same time, the one that began first and is not over. */
function firstOf(silences: Life['silences'], second: number): Life['silences'][number] | undefined {
  let end = Number.NEGATIVE_INFINITY;
  for (const silence of silences.map(cut).toSorted((a, b) => a.from - b.from)) {
    if (silence.to <= end || silence.to <= silence.from) continue;
    if (Math.max(silence.from, end) <= second && second < silence.to) return silence;
    end = silence.to;
  }
  return undefined;
}

function cut<T extends { from: number; to: number }>(each: T): T {
  return { ...each, from: Math.floor(each.from / 1_000), to: Math.floor(each.to / 1_000) };
}

describe('availability', () => {
  const nothing = { down: {}, planned: 0, inconclusive: 0, absent: 0 };

  it('is of the time that counts', () => {
    const balance = { up: 90, down: { 'machine-lost': 10 }, planned: 1_000, inconclusive: 1_000, absent: 1_000 };
    expect(availabilityPercent(balance)).toBe(90);
    expect(availabilityPercent({ ...nothing, up: 0, planned: 5 })).toBeUndefined();
  });

  it('is never a whole hundred while a second is missing', () => {
    expect(availabilityPercent({ ...nothing, up: 2_591_999, down: { unknown: 1 } })).toBe(99.999);
    expect(availabilityPercent({ ...nothing, up: 1 })).toBe(100);
    expect(availabilityPercent({ ...nothing, up: 0, down: { unknown: 1 } })).toBe(0);
  });
});
