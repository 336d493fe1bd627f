import { describe, expect, it } from 'vitest';
import { fixture } from '../../../../tests/golden/fixture-machine.ts';
import { countProcesses, parseBootTime, parseLoadavg, parseUptime } from './system-linux.ts';

describe('the parsers', () => {
  it('read captured files', () => {
    expect(parseUptime(fixture('first/proc/uptime'))).toBe(2450);
    expect(parseBootTime(fixture('first/proc/stat'))).toBe(1_795_427_958);
    expect(parseLoadavg(fixture('first/proc/loadavg'))).toEqual([0.34, 0.36, 0.17]);
  });

  it('read the figures of a busy machine that has not been restarted for years', () => {
    expect(parseUptime('126230400.99 1.00\n')).toBe(126_230_400);
    expect(parseLoadavg('312.05 250.99 100.00 120/12345 4194303\n')).toEqual([312.05, 250.99, 100]);
  });

  it.each(['', 'garbage\n', '12\n', '-1.00 2.00\n'])('throw at %j', (text) => {
    expect(() => parseUptime(text)).toThrow('cannot parse /proc/uptime');
    expect(() => parseLoadavg(text)).toThrow('cannot parse /proc/loadavg');
    expect(() => parseBootTime(text)).toThrow('cannot parse /proc/stat');
  });
});

describe('countProcesses', () => {
  it('counts the names that are numbers', () => {
    expect(countProcesses(['1', '2', '4194303', 'self', 'thread-self', 'net', '1x', 'stat'])).toBe(3);
  });
});
