import { describe, expect, it } from 'vitest';
import { fixture } from '../../../../tests/golden/fixture-machine.ts';
import { type CpuTicks, cpuProbe, cpuShares, parseStat } from './cpu-linux.ts';

const idleMachine: CpuTicks = {
  user: 100,
  nice: 0,
  system: 50,
  idle: 1000,
  iowait: 20,
  irq: 0,
  softirq: 5,
  steal: 0,
};

describe('parseStat', () => {
  it('reads a captured file', () => {
    expect(parseStat(fixture('first/proc/stat'))).toEqual({
      ticks: { user: 17589, nice: 0, system: 8568, idle: 458857, iowait: 3050, irq: 0, softirq: 515, steal: 16 },
      cores: 2,
    });
  });

  it('counts 128 processors', () => {
    const lines = Array.from({ length: 128 }, (_, i) => `cpu${i} 1 0 1 100 0 0 0 0 0 0`);
    const text = `cpu  128 0 128 12800 0 0 0 0 0 0\n${lines.join('\n')}\nintr ${'0 '.repeat(5000)}\nbtime 1\n`;
    expect(parseStat(text)).toMatchObject({ cores: 128, ticks: { user: 128, idle: 12800 } });
  });

  it('knows when an old kernel has no such column', () => {
    expect(parseStat('cpu  10 0 5 100 3\ncpu0 10 0 5 100 3\n').ticks).toEqual({
      user: 10,
      nice: 0,
      system: 5,
      idle: 100,
      iowait: 3,
      irq: undefined,
      softirq: undefined,
      steal: undefined,
    });
  });

  it.each(['', 'garbage', 'cpu0 1 2 3 4\n', 'cpu  1 2 3\n', 'cpu  a b c d\n'])('throws at %j', (text) => {
    expect(() => parseStat(text)).toThrow('cannot parse /proc/stat');
  });
});

describe('cpuShares', () => {
  it('divides the time between two readings', () => {
    const after = { ...idleMachine, user: 130, nice: 10, system: 60, idle: 1140, iowait: 24, softirq: 9, steal: 2 };
    expect(cpuShares(idleMachine, after)).toEqual({
      usage_percent: 28,
      user_percent: 20,
      system_percent: 7,
      iowait_percent: 2,
      steal_percent: 1,
    });
  });

  it('takes a falling wait for I/O for none, as proc(5) warns', () => {
    expect(cpuShares(idleMachine, { ...idleMachine, user: 150, idle: 1050, iowait: 3 })).toMatchObject({
      usage_percent: 50,
      iowait_percent: 0,
    });
  });

  it('takes a falling idle time for none', () => {
    expect(cpuShares(idleMachine, { ...idleMachine, user: 150, idle: 998 })).toMatchObject({ usage_percent: 100 });
  });

  it.each(['user', 'system', 'steal'] as const)('gives nothing when %s went backwards', (name) => {
    const before = { ...idleMachine, steal: 40 };
    const after = { ...before, idle: 2000, [name]: before[name] - 30 };
    expect(cpuShares(before, after)).toBeUndefined();
  });

  it('gives nothing when no time passed', () => {
    expect(cpuShares(idleMachine, idleMachine)).toBeUndefined();
  });

  it('leaves out what an old kernel does not tell', () => {
    const old = { ...idleMachine, iowait: undefined, irq: undefined, softirq: undefined, steal: undefined };
    expect(cpuShares(old, { ...old, user: 125, idle: 1075 })).toEqual({
      usage_percent: 25,
      user_percent: 25,
      system_percent: 0,
      iowait_percent: undefined,
      steal_percent: undefined,
    });
  });
});

describe('cpuProbe', () => {
  it('fails where there is nothing to read', async () => {
    const probe = cpuProbe('/no/such/machine');
    const run = probe.collect({ time: 0, monotonicMs: () => 0 }, new AbortController().signal);
    await expect(run).rejects.toThrow('ENOENT');
  });
});
