import { Baselines, encodePoints, limits, type Point, parseAgentMessage, point } from '@vonggac/shared';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bytesPerFrame, frameBytes, splitIntoRecords } from './sendable.ts';

const time = Date.UTC(2026, 6, 1);

function filesystem(mount: string, used = 1): Point {
  return point('filesystem', { time, tags: { mount, type: 'ext4' }, fields: { total_bytes: used, used_percent: 1 } });
}

test('a point never takes more bytes than were reckoned, whatever was sent before', () => {
  const big = fc.integer({ min: -(2 ** 52), max: 2 ** 52 });
  const text = fc.string({ unit: 'binary', maxLength: limits.text });
  const reading = fc.record({ mount: text, total: big, inodes: big, time: fc.integer({ min: 0, max: 2 ** 42 }) });
  fc.assert(
    fc.property(fc.array(reading, { minLength: 1, maxLength: 8 }), (readings) => {
      const baselines = new Baselines();
      for (const { mount, total, inodes, time: at } of readings) {
        const fields = { total_bytes: total, available_bytes: inodes, read_only: true };
        const one = point('filesystem', { time: at, tags: { mount, type: '\u0000' }, fields });
        const wire = JSON.stringify(encodePoints([one], { sent: time, baselines }));
        expect(Buffer.byteLength(wire)).toBeLessThanOrEqual(frameBytes(one));
      }
    }),
  );
});

test('an ordinary minute is one record', () => {
  const points = Array.from({ length: 90 }, (_, i) => filesystem(`/mnt/${i}`));
  expect(splitIntoRecords(points)).toEqual({ records: [points], unsendable: [] });
  expect(splitIntoRecords([])).toEqual({ records: [], unsendable: [] });
});

test('many points and many bytes are split, in their order, and each piece is a frame that the collector takes', () => {
  const points = Array.from({ length: 1_200 }, (_, i) => filesystem(`${i}${'ệ'.repeat(250)}`));
  const { records, unsendable } = splitIntoRecords(points);
  expect(unsendable).toEqual([]);
  expect(records.flat()).toEqual(points);
  expect(records.length).toBeGreaterThan(3);
  for (const record of records) {
    expect(record.length).toBeLessThanOrEqual(500);
    const text = JSON.stringify({ type: 'batch', seq: 1, sent: time, data: encodePoints(record, { sent: time }) });
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(limits.frame);
    expect(parseAgentMessage(text).type).toBe('batch');
  }
  expect(records.flat().reduce((sum, each) => sum + frameBytes(each), 0)).toBeGreaterThan(bytesPerFrame);
});

test.each([
  ['a text that is too long', filesystem('x'.repeat(limits.text + 1))],
  ['a number that JSON does not hold exactly', filesystem('/', 1e17)],
  ['a measurement that nobody knows', { ...filesystem('/'), measurement: 'unheard' as 'cpu' }],
  ['no number at all', { ...filesystem('/'), fields: { total_bytes: Number.NaN } }],
])('a point with %s is put aside alone', (_, bad) => {
  const good = filesystem('/');
  expect(splitIntoRecords([good, bad, good])).toEqual({ records: [[good, good]], unsendable: [bad] });
});
