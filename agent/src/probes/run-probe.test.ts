import { type Point, point } from '@vonggac/shared';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { LogFields } from '../log.ts';
import type { Probe, ProbeResult } from './probe.ts';
import { ProbeRunner } from './run-probe.ts';

interface Line {
  readonly level: string;
  readonly message: string;
  readonly fields: LogFields | undefined;
}

let lines: Line[];
let monotonicMs: number;
let runner: ProbeRunner;

function log(level: string) {
  return (message: string, fields?: LogFields) => void lines.push({ level, message, fields });
}

function probeThat(collect: Probe['collect']): Probe {
  return { name: 'thing', cadence: '* * * * * *', atStart: false, timeoutMs: 1_000, collect };
}

function aPoint(time: number): Point {
  return point('memory', { time, tags: {}, fields: { total_bytes: 1 } });
}

function measured(points: readonly Point[]): Promise<ProbeResult> {
  return Promise.resolve({ status: 'measured', points });
}

beforeEach(() => {
  vi.useFakeTimers();
  lines = [];
  monotonicMs = 0;
  const logger = { debug: log('debug'), info: log('info'), warn: log('warn'), error: log('error') };
  runner = new ProbeRunner({ logger, monotonic: () => monotonicMs });
});

afterEach(() => {
  vi.useRealTimers();
});

describe('a run that succeeds', () => {
  it('gives the points, with the time of the tick', async () => {
    const points = await runner.run(
      probeThat(({ time }) => measured([aPoint(time)])),
      42,
    );
    expect(points).toEqual([aPoint(42)]);
    expect(lines).toEqual([]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('drops a point without any field', async () => {
    const empty = point('memory', { time: 1, tags: {}, fields: { total_bytes: undefined } });
    expect(
      await runner.run(
        probeThat(() => measured([empty, aPoint(1)])),
        1,
      ),
    ).toEqual([aPoint(1)]);
  });

  it('gives the probe the clock that never jumps', async () => {
    monotonicMs = 77;
    const seen: number[] = [];
    const probe = probeThat((context) => {
      seen.push(context.monotonicMs());
      return measured([]);
    });
    await runner.run(probe, 1);
    expect(seen).toEqual([77]);
  });
});

describe('a machine without the thing', () => {
  it('is no failure and is logged once', async () => {
    const probe = probeThat(async () => ({ status: 'not-here', reason: 'no such card' }));
    expect(await runner.run(probe, 1)).toEqual([]);
    expect(await runner.run(probe, 2)).toEqual([]);
    expect(runner.totalFailures).toBe(0);
    expect(lines).toEqual([
      { level: 'info', message: 'nothing to measure here', fields: { probe: 'thing', reason: 'no such card' } },
    ]);
  });
});

describe('a run that fails', () => {
  it.each([
    ['throws', (): Promise<ProbeResult> => Promise.reject(new Error('no such file'))],
    [
      'throws before it returns a promise',
      (): Promise<ProbeResult> => {
        throw new Error('no such file');
      },
    ],
  ])('gives no points when the probe %s', async (_, collect) => {
    expect(await runner.run(probeThat(collect), 1)).toEqual([]);
    expect(runner.totalFailures).toBe(1);
    expect(lines).toEqual([
      { level: 'warn', message: 'probe failed', fields: { probe: 'thing', reason: 'no such file' } },
    ]);
  });

  it('says what was thrown that is no error', async () => {
    await runner.run(
      probeThat(() => Promise.reject('odd')),
      1,
    );
    expect(lines[0]?.fields).toEqual({ probe: 'thing', reason: 'odd' });
  });

  it('is logged at its first failure and when it works again', async () => {
    let broken = true;
    const probe = probeThat(() => (broken ? Promise.reject(new Error('gone')) : measured([])));
    for (let i = 0; i < 3; i += 1) await runner.run(probe, i);
    broken = false;
    for (let i = 0; i < 3; i += 1) await runner.run(probe, i);
    broken = true;
    await runner.run(probe, 9);
    expect(lines.map((line) => line.message)).toEqual(['probe failed', 'probe works again', 'probe failed']);
    expect(runner.totalFailures).toBe(4);
  });

  it('gives what it could read when only some could be', async () => {
    const result: ProbeResult = { status: 'measured', points: [aPoint(1)], incomplete: 'no answer from /data' };
    const probe = probeThat(async () => result);
    expect(await runner.run(probe, 1)).toEqual([aPoint(1)]);
    expect(await runner.run(probe, 1)).toEqual([aPoint(1)]);
    expect(runner.totalFailures).toBe(2);
    expect(lines.map((line) => line.fields)).toEqual([{ probe: 'thing', reason: 'no answer from /data' }]);
  });
});

describe('a run that does not end', () => {
  it('is aborted and given up after its time limit', async () => {
    let heard: unknown;
    const probe = probeThat((_context, signal) => {
      signal.addEventListener('abort', () => {
        heard = signal.reason;
      });
      return new Promise(() => {});
    });
    const run = runner.run(probe, 1);
    await vi.advanceTimersByTimeAsync(999);
    expect(runner.totalFailures).toBe(0);
    await vi.advanceTimersByTimeAsync(1);
    expect(await run).toEqual([]);
    expect(heard).toEqual(new Error('no result within 1000 ms'));
    expect(lines[0]?.fields).toEqual({ probe: 'thing', reason: 'no result within 1000 ms' });
  });

  it('keeps the next ones from starting until it has ended, late failure included', async () => {
    let started = 0;
    let end: (error: Error) => void = () => {};
    const probe = probeThat(() => {
      started += 1;
      return new Promise((_resolve, reject) => {
        end = reject;
      });
    });
    const first = runner.run(probe, 1);
    await vi.advanceTimersByTimeAsync(1_000);
    await first;
    expect(await runner.run(probe, 2)).toEqual([]);
    expect(started).toBe(1);
    expect(runner.totalFailures).toBe(2);

    end(new Error('at last'));
    await vi.advanceTimersByTimeAsync(0);
    const third = runner.run(probe, 3);
    expect(started).toBe(2);
    end(new Error('again'));
    await third;
    expect(lines.map((line) => line.message)).toEqual(['probe failed']);
  });

  it('does not hold up other probes', async () => {
    void runner.run(
      probeThat(() => new Promise(() => {})),
      1,
    );
    const other = { ...probeThat(({ time }) => measured([aPoint(time)])), name: 'other' };
    expect(await runner.run(other, 1)).toEqual([aPoint(1)]);
  });
});

describe('stopping', () => {
  it('aborts what runs, starts nothing more and is no failure', async () => {
    const probe = probeThat(() => new Promise(() => {}));
    const run = runner.run(probe, 1);
    runner.stop();
    runner.stop();
    expect(await run).toEqual([]);
    expect(await runner.run({ ...probe, name: 'other' }, 2)).toEqual([]);
    expect(runner.totalFailures).toBe(0);
    expect(lines).toEqual([]);
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('the report', () => {
  it('is empty before anything ran', () => {
    expect(runner.takeReport()).toEqual([]);
  });

  it('counts since the last one', async () => {
    const durations = [10, 30];
    const probe = probeThat(async () => {
      monotonicMs += durations.shift() ?? 0;
      if (durations.length === 0) throw new Error('broken');
      return { status: 'measured', points: [] };
    });
    await runner.run(probe, 1);
    await runner.run(probe, 2);
    expect(runner.takeReport()).toEqual([
      { probe: 'thing', runs: 2, failures: 1, meanDurationSeconds: 0.02, maxDurationSeconds: 0.03 },
    ]);
    expect(runner.takeReport()).toEqual([]);
    expect(runner.totalFailures).toBe(1);
  });

  it('counts a skipped run as failed and gives it no duration', async () => {
    const probe = probeThat(() => new Promise(() => {}));
    void runner.run(probe, 1);
    await runner.run(probe, 2);
    expect(runner.takeReport()).toEqual([
      { probe: 'thing', runs: 2, failures: 1, meanDurationSeconds: undefined, maxDurationSeconds: undefined },
    ]);
  });
});
