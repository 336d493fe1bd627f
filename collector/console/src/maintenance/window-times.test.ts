import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { localMinute, type Repeat, timesOf } from './window-times.ts';

beforeEach(() => {
  vi.stubEnv('TZ', 'Asia/Ho_Chi_Minh');
});

afterEach(() => {
  vi.unstubAllEnvs();
});

function read(repeat: Repeat, fields: Record<string, string>) {
  return timesOf(repeat, (name) => fields[name] ?? '');
}

describe('a form', () => {
  it('says from when to when', () => {
    expect(read('once', { from: '2026-11-28T22:00', to: '2026-11-29T00:30' })).toEqual({
      from: '2026-11-28T15:00:00.000Z',
      to: '2026-11-28T17:30:00.000Z',
    });
  });

  it('says how often, how long and until when', () => {
    const common = { time: '22:15', hours: '1.5' };
    expect(read('weekly', { ...common, weekday: '6', last: '2026-12-31' })).toEqual({
      cron: '15 22 * * 6',
      duration_minutes: 90,
      to: '2026-12-31T16:59:59.000Z',
    });
    expect(read('monthly', { ...common, day: '5' })).toMatchObject({ cron: '15 22 5 * *', to: undefined });
    expect(read('cron', { cron: '0 22 1-7 * 6', hours: '2' })).toMatchObject({
      cron: '0 22 1-7 * 6',
      duration_minutes: 120,
    });
  });

  it('leaves to the collector what cannot be read', () => {
    expect(read('once', { from: 'mai', to: '' })).toEqual({ from: 'mai', to: '' });
  });

  it('begins with the time of now', () => {
    expect(localMinute(Date.parse('2026-11-28T15:00:59Z'))).toBe('2026-11-28T22:00');
  });
});
