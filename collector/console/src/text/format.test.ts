import { describe, expect, test } from 'vitest';
import { createFormat } from './format.ts';

const vi = createFormat('vi');
const en = createFormat('en');

test('numbers as each language writes them', () => {
  expect([vi.number(7_300), vi.number(0.25, 2), en.number(7_300), en.number(0.25, 2)]).toEqual([
    '7.300',
    '0,25',
    '7,300',
    '0.25',
  ]);
});

test.each([
  [0, '0%'],
  [4.25, '4,3%'],
  [9.96, '10%'],
  [12.5, '13%'],
  [100, '100%'],
])('percent %d', (value, text) => expect(vi.percent(value)).toBe(text));

test.each([
  [0, '0 B'],
  [999, '999 B'],
  [1_000, '1 kB'],
  [1_536, '1,5 kB'],
  [16 * 2 ** 30, '16 GB'],
  [1_000 * 2 ** 30, '1 TB'],
])('%d bytes', (value, text) => expect(vi.bytes(value)).toBe(text));

test.each([
  [0, '0 bit/s'],
  [950_000, '950 kbit/s'],
  [1_500_000, '1,5 Mbit/s'],
])('%d bits per second', (value, text) => expect(vi.bitRate(value)).toBe(text));

describe('ages', () => {
  test.each([
    [-5_000, '1 giây trước', '1 sec ago'],
    [0, '1 giây trước', '1 sec ago'],
    [59_999, '59 giây trước', '59 sec ago'],
    [60_000, '1 phút trước', '1 min ago'],
    [7_199_000, '1 giờ trước', '1 hr ago'],
    [172_800_000, '2 ngày trước', '2 days ago'],
  ])('%d ms', (ms, inVietnamese, inEnglish) => {
    expect(vi.ago(ms)).toBe(inVietnamese);
    expect(en.ago(ms)).toBe(inEnglish);
  });

  test('lengths of time', () => {
    expect([vi.duration(90_000), en.duration(90_000), en.duration(172_800_000)]).toEqual([
      '1 phút',
      '1 minute',
      '2 days',
    ]);
  });

  test.each([
    [0, '1 giây'],
    [4_320_000, '1 giờ 12 phút'],
    [7_200_000, '2 giờ'],
    [90_061_000, '1 ngày 1 giờ'],
    [86_460_000, '1 ngày'],
  ])('%d ms in two units', (ms, written) => {
    expect(vi.span(ms)).toBe(written);
  });
});

test('days are written with a slash in both languages', () => {
  const at = new Date(2026, 10, 3, 9, 5).getTime();
  expect([vi.day(at), en.day(at), vi.time(at), en.time(at)]).toEqual(['03/11', '03/11', '09:05', '09:05']);
});

test('evidence has the day and the second', () => {
  const at = new Date(2026, 0, 31, 9, 5, 7).getTime();
  expect([vi.moment(at), en.moment(at), vi.date(at)]).toEqual([
    '31/01/2026 09:05:07',
    '31/01/2026 09:05:07',
    '31/01/2026',
  ]);
});
