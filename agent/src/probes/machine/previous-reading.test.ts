import { describe, expect, it } from 'vitest';
import { PreviousReading } from './previous-reading.ts';

describe('PreviousReading', () => {
  it('has none at first, then the one before', () => {
    const readings = new PreviousReading<string>();
    expect(readings.replace('a', 1_000)).toBeUndefined();
    expect(readings.replace('b', 11_000)).toEqual({ before: 'a', elapsedMs: 10_000 });
    expect(readings.replace('c', 12_000)).toEqual({ before: 'b', elapsedMs: 1_000 });
  });

  it('gives nothing for two that are too close, and keeps the older', () => {
    const readings = new PreviousReading<string>();
    readings.replace('a', 0);
    expect(readings.replace('b', 499)).toBeUndefined();
    expect(readings.replace('c', 10_000)).toEqual({ before: 'a', elapsedMs: 10_000 });
  });
});
