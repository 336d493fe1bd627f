import { describe, expect, test } from 'vitest';
import {
  addPoints,
  busiest,
  gridOf,
  gridTimes,
  type SampleSource,
  stackColumns,
  toColumn,
  toSamples,
} from './samples.ts';

const second = 1_000;

test('the windows of a range end with the one that is now', () => {
  const grid = gridOf({ lengthMs: 30 * second, stepMs: 10 * second }, 99_999);
  expect(gridTimes(grid)).toEqual([60_000, 70_000, 80_000, 90_000]);
});

describe('columns', () => {
  const grid = { from: 0, to: 60_000, stepMs: 10_000 };

  test('missing data is a gap', () => {
    const samples = new Map([
      [0, 1],
      [10_000, 2],
      [50_000, 3],
    ]);
    expect(toColumn(samples, grid)).toEqual([1, 2, null, null, null, 3, null]);
  });

  test('one empty window between two full ones is only uneven timing', () => {
    const samples = new Map([
      [10_000, 1],
      [30_000, 2],
    ]);
    expect(toColumn(samples, grid)).toEqual([null, 1, undefined, 2, null, null, null]);
  });

  test('in wide windows one that is empty is a gap', () => {
    const samples = new Map([
      [0, 1],
      [120_000, 2],
    ]);
    expect(toColumn(samples, { from: 0, to: 120_000, stepMs: 60_000 })).toEqual([1, null, 2]);
  });

  test('a machine that measures more seldom has a line, not points', () => {
    const samples = new Map([0, 30_000, 60_000, 90_000, 120_000, 240_000, 270_000].map((time) => [time, 1]));
    const column = toColumn(samples, { from: 0, to: 270_000, stepMs: 10_000 });
    expect(column.slice(0, 4)).toEqual([1, undefined, undefined, 1]);
    expect(column.slice(12, 25)).toEqual([1, ...Array(11).fill(null), 1]);
    expect(column.slice(24)).toEqual([1, undefined, undefined, 1]);
  });

  test('a series that is not there is all gap', () => {
    expect(toColumn(undefined, { ...grid, to: 10_000 })).toEqual([null, null]);
  });

  test('stacked, each stands on those before it, and a gap in one is a gap in the whole', () => {
    const columns = [
      [1, 2, null, undefined],
      [10, null, 30, 40],
    ];
    expect(stackColumns(columns)).toEqual([
      [1, 2, null, undefined],
      [11, null, null, undefined],
    ]);
  });
});

const network: SampleSource = { measurement: 'network', field: 'receive_bytes_per_second', tag: 'interface' };

test('an answer becomes samples by the tag that tells series apart; texts are not drawn', () => {
  const series = [
    {
      tags: { interface: 'eth0', agent: 'a' },
      points: [[0, 1] satisfies [number, number], [10, 'x'] satisfies [number, string]],
    },
    { tags: { interface: 'eth1', agent: 'a' }, points: [[0, 2] satisfies [number, number]] },
  ];
  expect(toSamples({ series, truncated: false }, network)).toEqual(
    new Map([
      ['eth0', new Map([[0, 1]])],
      ['eth1', new Map([[0, 2]])],
    ]),
  );
});

test('points that arrive go into their window, those of other measurements nowhere', () => {
  const before = new Map([['network.receive_bytes_per_second', new Map([['eth0', new Map([[0, 1]])]])]]);
  const points = [
    { measurement: 'network', tags: { interface: 'eth0' }, fields: { receive_bytes_per_second: 5 } },
    { measurement: 'network', tags: { interface: 'eth1' }, fields: { receive_bytes_per_second: 6, up: true } },
    { measurement: 'cpu', tags: {}, fields: { receive_bytes_per_second: 7 } },
  ].map((point) => ({ ...point, time: new Date(19_999).toISOString() }));
  const after = addPoints(before, points, { sources: [network], stepMs: 10_000 });
  expect(after).not.toBe(before);
  expect(after.get('network.receive_bytes_per_second')).toEqual(
    new Map([
      [
        'eth0',
        new Map([
          [0, 1],
          [10_000, 5],
        ]),
      ],
      ['eth1', new Map([[10_000, 6]])],
    ]),
  );
});

test('the busiest is the one that carries most over all fields', () => {
  const received = new Map([
    ['lo', new Map([[0, 1]])],
    ['eth0', new Map([[0, 5]])],
  ]);
  const sent = new Map([['lo', new Map([[0, 7]])]]);
  expect(busiest([received, sent])).toBe('lo');
  expect(busiest([received, undefined])).toBe('eth0');
  expect(busiest([undefined])).toBe('');
});
