import { describe, expect, test } from 'vitest';
import { type Language, translator } from '../text/dictionary.ts';
import { createFormat } from '../text/format.ts';
import { type Gap, gapBands, gapsWithin, gapWords, sumGaps, toGaps } from './gaps.ts';

function gap(from: number, to: number, rest: Partial<Gap> = {}): Gap {
  return { reason: 'overflow', lane: 'metrics', points: 1, from, to, ...rest };
}

describe('from the answers of the API', () => {
  function answer(...series: [reason: string, points: [number, number | string][]][]) {
    return {
      series: series.map(([reason, points]) => ({ tags: { reason, lane: 'metrics' }, points })),
      truncated: false,
    };
  }

  test('the fields of one point come together, by reason and time', () => {
    const gaps = toGaps({
      lost: answer(
        [
          'overflow',
          [
            [5_000, 120],
            [9_000, 7],
          ],
        ],
        ['damaged', [[5_000, -1]]],
      ),
      begins: answer(
        ['damaged', [[5_000, 3]]],
        [
          'overflow',
          [
            [5_000, 1],
            [9_000, 6],
          ],
        ],
      ),
      ends: answer(
        [
          'overflow',
          [
            [5_000, 2],
            [9_000, 8],
          ],
        ],
        ['damaged', [[5_000, 4]]],
      ),
    });
    expect(gaps).toEqual([
      gap(1_000, 2_000, { points: 120 }),
      gap(6_000, 8_000, { points: 7 }),
      gap(3_000, 4_000, { reason: 'damaged', points: undefined }),
    ]);
  });

  test('what lacks a field, ends before it begins or is no number is no gap', () => {
    const gaps = toGaps({
      lost: answer([
        'overflow',
        [
          [1, 1],
          [2, 1],
          [3, 1],
          [4, 'x'],
        ],
      ]),
      begins: answer([
        'overflow',
        [
          [1, 9],
          [2, 5],
          [3, 'x'],
          [4, 1],
        ],
      ]),
      ends: answer([
        'overflow',
        [
          [2, 4],
          [3, 9],
          [4, 9],
        ],
      ]),
    });
    expect(gaps).toEqual([]);
  });
});

describe('what a hostile machine tells', () => {
  test('a reason that is not known is another reason, whatever its text', () => {
    const series = ['\u202eevil', 'toString', 'other'].map((reason) => ({
      tags: { reason, lane: 'none' },
      points: [[1, 5] satisfies [number, number]],
    }));
    const answer = { series, truncated: false };
    const gaps = toGaps({ lost: answer, begins: answer, ends: answer });
    expect(sumGaps(gaps)).toEqual([gap(5_000, 5_000, { reason: 'other', points: 15 })]);
  });

  test('times that no date has become those that can be written', () => {
    const answer = (value: number) => ({
      series: [{ tags: {}, points: [[1, value] satisfies [number, number]] }],
      truncated: false,
    });
    const [huge] = toGaps({ lost: answer(1), begins: answer(-1e18), ends: answer(1e18) });
    expect(createFormat('vi').moment(huge?.from ?? Number.NaN)).toContain('1970');
    expect(createFormat('vi').moment(huge?.to ?? Number.NaN)).toContain('27576');
  });
});

describe('what is shaded', () => {
  const span = { from: 100, to: 200, stepMs: 10 };

  test('is cut to the range; what lies outside is not there', () => {
    const gaps = [gap(0, 99), gap(50, 110), gap(150, 160), gap(190, 500), gap(201, 300)];
    expect(gapBands(gaps, span)).toEqual([
      { from: 100, to: 110 },
      { from: 150, to: 160 },
      { from: 190, to: 200 },
    ]);
    expect(gapBands([gap(0, 1_000)], span)).toEqual([{ from: 100, to: 200 }]);
  });

  test('gaps that overlap or nearly touch are one, in whatever order they come', () => {
    const gaps = [gap(165, 170), gap(120, 150), gap(130, 140), gap(155, 160)];
    expect(gapBands(gaps, span)).toEqual([{ from: 120, to: 170 }]);
    expect(gapBands([gap(110, 120), gap(130, 140)], span)).toHaveLength(2);
  });

  test('a hundred thousand gaps are no more bands than the chart has windows', () => {
    const gaps = Array.from({ length: 100_000 }, (_, index) => gap(index * 36, index * 36));
    expect(gapBands(gaps, { from: 0, to: 3_600_000, stepMs: 10_000 })).toEqual([{ from: 0, to: 3_599_964 }]);
    const apart = Array.from({ length: 10_000 }, (_, index) => gap(index * 10, index * 10));
    expect(gapBands(apart, { from: 0, to: 3_600, stepMs: 10 }).length).toBeLessThanOrEqual(361);
  });

  test('only those are told of that reach into what is pointed at', () => {
    const gaps = [gap(0, 10), gap(10, 20), gap(21, 30)];
    expect(gapsWithin(gaps, { from: 10, to: 20 })).toEqual(gaps.slice(0, 2));
  });
});

test('what was lost is summed by reason and lane; what could not be counted stays so', () => {
  const gaps = [
    gap(50, 60, { points: 5 }),
    gap(10, 20, { points: 7 }),
    gap(1, 2, { lane: 'events' }),
    gap(3, 4, { reason: 'damaged', points: undefined }),
    gap(5, 6, { reason: 'damaged' }),
  ];
  expect(sumGaps(gaps)).toEqual([
    gap(10, 60, { points: 12 }),
    gap(1, 2, { lane: 'events' }),
    gap(3, 6, { reason: 'damaged', points: undefined }),
  ]);
});

test.each<[Language, Partial<Gap>, string]>([
  ['vi', { points: 1_200 }, 'Mất 1.200 điểm đo vì hàng đợi đầy'],
  ['en', { points: 120 }, '120 readings lost: the queue was full'],
  ['vi', { points: 60, reason: 'thinned' }, 'Tỉa bớt 60 điểm đo vì hàng đợi đầy'],
  ['en', { points: 2, reason: 'expired', lane: 'events' }, '2 events lost: they could not be sent for too long'],
  ['vi', { points: undefined, reason: 'damaged' }, 'Mất một số điểm đo, không đếm được, vì tệp hàng đợi bị hỏng'],
  ['en', { points: undefined, reason: 'damaged' }, "Uncounted readings lost: the queue's file was damaged"],
  ['vi', { reason: 'other' }, 'Mất 1 điểm đo vì lý do khác'],
])('in words, %s: %o', (language, about, words) => {
  expect(gapWords(gap(0, 1, about), { t: translator(language), format: createFormat(language) })).toBe(words);
});
