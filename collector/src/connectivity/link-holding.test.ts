import { expect, test } from 'vitest';
import { LinkHolding } from './link-holding.ts';
import type { LinkState } from './link-judgement.ts';

const holds = { degraded_seconds: 120, recovered_seconds: 10, unknown_seconds: 60 };

/** Judgements by second: what began, as `second state from`. */
function drive(from: LinkState, judgements: Readonly<Record<number, LinkState>>, since?: number): string[] {
  const holding = new LinkHolding(from, holds);
  let judged: LinkState = from;
  const begun: string[] = [];
  for (let second = 0; second <= 300; second += 1) {
    judged = judgements[second] ?? judged;
    const found = holding.take({ state: judged, cause: 'works', since }, second * 1_000);
    if (found) begun.push(`${second} ${found.state} ${found.at / 1_000}`);
  }
  return begun;
}

test('down at once, from when it was first seen', () => {
  expect(drive('up', { 100: 'down' }, 60_000)).toEqual(['100 down 60']);
});

test('up again when it lasts, and then from its beginning', () => {
  expect(drive('down', { 50: 'up' })).toEqual(['60 up 50']);
  expect(drive('down', { 50: 'up', 55: 'down' })).toEqual([]);
});

test('degraded and unknown only when they last', () => {
  expect(drive('up', { 20: 'degraded' })).toEqual(['140 degraded 20']);
  expect(drive('up', { 20: 'degraded', 130: 'up' })).toEqual([]);
  expect(drive('up', { 20: 'unknown' })).toEqual(['80 unknown 20']);
  expect(drive('up', { 20: 'unknown', 70: 'up' })).toEqual([]);
});

test('what is known of an earlier time does not undo what was decided since', () => {
  expect(drive('up', { 100: 'down', 110: 'unknown' }, 60_000)).toEqual(['100 down 60', '160 unknown 100']);
  expect(drive('down', { 100: 'degraded', 200: 'degraded' }, 60_000)[0]).toBe('110 up 100');
});

test('a line that comes back poor is up first', () => {
  expect(drive('down', { 20: 'degraded' })).toEqual(['30 up 20', '151 degraded 31']);
});
