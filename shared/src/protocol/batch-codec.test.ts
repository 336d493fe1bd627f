import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Measurement, measurements, type NamedField } from '../catalogue/catalogue.ts';
import { type FieldValue, type Point, point, roundToField } from '../catalogue/point.ts';
import { Baselines, decodePoints, encodePoints, type RefusalReason } from './batch-codec.ts';
import { limits } from './limits.ts';
import type { WireSeries } from './messages.ts';
import { parseAgentMessage } from './read-message.ts';

const always = { earliest: Number.NEGATIVE_INFINITY, latest: Number.POSITIVE_INFINITY };
const sent = 1_700_000_000_000;

const cleanText = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 60 }).filter(
  // Those are refused, see below.
  (text) => text.length <= limits.text && !/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}]/u.test(text),
);

function arbitraryValue(field: NamedField): fc.Arbitrary<FieldValue> {
  if (field.type === 'boolean') return fc.boolean();
  if (field.type === 'string') return cleanText;
  if (field.type === 'integer') return fc.maxSafeInteger().map((value) => Math.trunc(value / 2) + 0);
  return fc.double({ min: -1e9, max: 1e9, noNaN: true }).map((value) => roundToField(field, value));
}

function arbitraryPoint(measurement: Measurement): fc.Arbitrary<Point> {
  const fields = Object.fromEntries(
    [...measurement.fieldsByNumber.values()].map((field) => [field.name, arbitraryValue(field)]),
  );
  return fc.record({
    measurement: fc.constant(measurement.name),
    tags: fc.record(Object.fromEntries(measurement.tagNames.map((name) => [name, cleanText]))),
    fields: (fc.record(fields, { requiredKeys: [] }) as fc.Arbitrary<Record<string, FieldValue>>).filter(
      (some) => Object.keys(some).length > 0,
    ),
    time: fc.integer({ min: sent - 86_400_000, max: sent + 1_000 }),
  });
}

const arbitraryPoints = fc.array(fc.oneof(...measurements.map(arbitraryPoint)), { maxLength: 60 });

/** Points in an order of their own: a batch keeps all points, not their order. */
function sorted(points: readonly Point[]): string[] {
  return points
    .map(({ measurement, tags, fields, time }) =>
      JSON.stringify([measurement, Object.entries(tags).sort(), Object.entries(fields).sort(), time]),
    )
    .sort();
}

test('decoding what was encoded gives the same points, through JSON and the schema', () => {
  fc.assert(
    fc.property(arbitraryPoints, (points) => {
      const text = JSON.stringify({ type: 'batch', seq: 1, sent, data: encodePoints(points, { sent }) });
      const message = parseAgentMessage(text);
      if (message.type !== 'batch') throw new Error('not a batch');
      const decoded = decodePoints(message.data, { sent: message.sent, bounds: always });
      expect(sorted(decoded.points)).toEqual(sorted(points));
      expect(decoded.refused.size).toBe(0);
    }),
    { numRuns: 300 },
  );
});

test('over one connection, batch after batch, every point arrives as it was', () => {
  fc.assert(
    fc.property(fc.array(arbitraryPoints, { maxLength: 5 }), (batches) => {
      const sender = new Baselines();
      const receiver = new Baselines();
      for (const points of batches) {
        const data = JSON.parse(JSON.stringify(encodePoints(points, { sent, baselines: sender }))) as WireSeries[];
        const decoded = decodePoints(data, { sent, bounds: always, baselines: receiver });
        expect(sorted(decoded.points)).toEqual(sorted(points));
      }
    }),
    { numRuns: 100 },
  );
});

test('what did not change since the last batch of the connection is zero', () => {
  const baselines = new Baselines();
  const memory = (time: number) => [
    point('memory', { time, tags: {}, fields: { total_bytes: 16_000_000_000, available_bytes: 9_000_000_000 } }),
  ];
  encodePoints(memory(sent), { sent, baselines });
  expect(encodePoints(memory(sent), { sent, baselines })).toEqual([[2, 2, [], [0], [0, 0]]]);
});

test('a hostile agent cannot make a connection remember without end', () => {
  const baselines = new Baselines();
  for (let series = 0; series < 5_000; series += 1) baselines.of(5, [`eth${series}`]);
  expect(baselines.of(5, ['one more'])).toBeUndefined();
  expect(baselines.of(5, ['eth0'])).toEqual([]);
});

test('readings of one series share their names and are differences', () => {
  const points = [10, 20, 21].map((usage, index) =>
    point('cpu', { time: sent - 30_000 + index * 10_000, tags: {}, fields: { usage_percent: usage } }),
  );
  expect(encodePoints(points, { sent })).toEqual([[1, 1, [], [30_000, 10_000, 10_000], [100, 100, 10]]]);
});

describe('a bad point is refused and counted, the others are kept', () => {
  const good: WireSeries = [1, [1], [], [0], [50]];
  const cases: [string, RefusalReason, WireSeries][] = [
    ['a measurement of the future', 'unknown_measurement', [9_999, 1, [], [0], [1]]],
    ['only fields of the future', 'unknown_field', [1, [63], [], [0], [1]]],
    ['values missing', 'bad_shape', [1, 2, [], [0, 1], [1, 2, 3]]],
    ['a field twice', 'bad_shape', [1, [1, 1], [], [0], [1, 1]]],
    ['a tag missing', 'bad_tags', [3, 1, ['/'], [0], [1]]],
    ['an empty tag', 'bad_tags', [3, 1, ['/', ''], [0], [1]]],
    ['a line break in a tag', 'bad_tags', [3, 1, ['/', 'ext4\ncpu usage=1'], [0], [1]]],
    ['half a character in a tag', 'bad_tags', [3, 1, ['/\ud800', 'ext4'], [0], [1]]],
    ['a tag that reads backwards', 'bad_tags', [3, 1, ['gpj.\u202eexe', 'ext4'], [0], [1]]],
    ['a line separator in a tag', 'bad_tags', [3, 1, ['/', 'ext4\u2028'], [0], [1]]],
    ['half a character in a text', 'bad_value', [10, [1], [], [0], ['Debian \udc00']]],
    ['a text for a number', 'bad_value', [1, [1], [], [0], ['50']]],
    ['a number for a text', 'bad_value', [10, [1], [], [0], [50]]],
    ['an escape sequence in a text', 'bad_value', [10, [1], [], [0], ['\u001b[31mred']]],
    ['a boolean that is neither', 'bad_value', [3, [5], ['/', 'ext4'], [0], [2]]],
    ['more than a number can hold', 'bad_value', [1, [1], [], [0], [Number.MAX_SAFE_INTEGER + 2]]],
    ['a time long ago', 'too_old', [1, [1], [], [sent], [1]]],
    ['a time to come', 'in_future', [1, [1], [], [-3_600_000], [1]]],
  ];
  const bounds = { earliest: sent - limits.pastMs, latest: sent + limits.futureMs };

  test.each(cases)('%s: %s', (_, reason, bad) => {
    const decoded = decodePoints([bad, good], { sent, bounds });
    expect(decoded.points).toHaveLength(1);
    expect([...decoded.refused.keys()]).toEqual([reason]);
  });

  test('a column that overflows half way loses only the rows that do', () => {
    const half = Number.MAX_SAFE_INTEGER;
    const decoded = decodePoints([[2, [1], [], [10, 1], [half, half]]], { sent, bounds: always });
    expect(decoded.points).toHaveLength(1);
    expect(decoded.refused).toEqual(new Map([['bad_value', 1]]));
  });

  test('a field of the future is left out of its point', () => {
    const [kept] = decodePoints([[1, [1, 63], [], [0], [50, 1]]], { sent, bounds: always }).points;
    expect(kept?.fields).toEqual({ usage_percent: 5 });
  });

  test('more points than a batch may have', () => {
    const rows = 3_000;
    const series: WireSeries = [1, [1], [], Array(rows).fill(0), Array(rows).fill(0)];
    const decoded = decodePoints([series, series], { sent, bounds: always });
    expect(decoded.points).toHaveLength(rows);
    expect(decoded.refused).toEqual(new Map([['too_many', rows]]));
  });
});
