import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { InvalidCadence } from './cadence.ts';
import { offsetOf, type Schedule, Scheduler } from './scheduler.ts';

interface Tick {
  readonly names: readonly string[];
  readonly time: number;
  /** What the clock said. */
  readonly at: number;
}

const agentId = 'agent-1';
const offset = offsetOf(agentId);
const base = Date.parse('2026-11-23T10:00:00Z');
const tenSeconds = '*/10 * * * * *';
const minute = '0 * * * * *';

let ticks: Tick[];
let scheduler: Scheduler;

function schedule(name: string, cadence: string, atStart = false): Schedule {
  return { name, cadence, atStart };
}

/** Times of the ticks of `name`, in seconds after the base, without the agent's offset. */
function secondsOf(name: string): number[] {
  return ticks.filter((tick) => tick.names.includes(name)).map((tick) => (tick.time - base - offset) / 1000);
}

/** Moves the clock without any time passing for the timers. */
function setClock(ms: number): void {
  vi.setSystemTime(ms);
}

beforeEach(() => {
  vi.useFakeTimers({ now: base });
  ticks = [];
  scheduler = new Scheduler({
    agentId,
    now: () => Date.now(),
    onTick: (names, time) => void ticks.push({ names, time, at: Date.now() }),
  });
});

afterEach(() => {
  scheduler.stop();
  vi.useRealTimers();
});

describe('ticks', () => {
  it('come at the even moments of the cadence, moved by the offset of the agent', () => {
    scheduler.apply([schedule('cpu', tenSeconds)]);
    scheduler.start();
    vi.advanceTimersByTime(60_000);
    expect(secondsOf('cpu')).toEqual([0, 10, 20, 30, 40, 50]);
    expect(ticks.every((tick) => tick.at === tick.time)).toBe(true);
  });

  it('are not left out when the timer fires a little early', () => {
    /** By how much the next reading of the clock is too early. */
    let early = 1;
    scheduler = new Scheduler({
      agentId,
      now: () => Date.now() - (early > 0 ? early-- : 0),
      onTick: (names, time) => void ticks.push({ names, time, at: Date.now() }),
    });
    scheduler.apply([schedule('cpu', tenSeconds)]);
    scheduler.start();
    for (let tick = 0; tick < 3; tick += 1) {
      vi.advanceTimersByTime(5_000);
      early = 1;
      vi.advanceTimersByTime(5_000);
    }
    vi.advanceTimersByTime(10_000);
    expect(secondsOf('cpu')).toEqual([0, 10, 20, 30]);
  });

  it('are not left out when settings arrive at the moment at which they are due', () => {
    scheduler.apply([schedule('cpu', tenSeconds)]);
    scheduler.start();
    vi.advanceTimersByTime(15_000);
    setClock(base + offset + 20_000);
    scheduler.apply([schedule('cpu', tenSeconds), schedule('memory', minute)]);
    vi.advanceTimersByTime(0);
    expect(secondsOf('cpu')).toEqual([0, 10, 20]);
  });

  it('share one time, across cadences too', () => {
    const fast = [schedule('cpu', tenSeconds), schedule('memory', tenSeconds)];
    scheduler.apply([...fast, schedule('filesystem', minute), schedule('link', '*/5 * * * * *')]);
    scheduler.start();
    vi.advanceTimersByTime(70_000);
    const atMinute = ticks.filter((tick) => tick.time === base + 60_000 + offset);
    expect(atMinute.map((tick) => [...tick.names].sort())).toEqual([['cpu', 'filesystem', 'link', 'memory']]);
  });

  it('keep their time when the timer is a little late', () => {
    scheduler.apply([schedule('cpu', tenSeconds)]);
    scheduler.start();
    vi.advanceTimersByTime(offset - 1);
    setClock(Date.now() + 300);
    vi.advanceTimersByTime(1);
    expect(ticks).toEqual([{ names: ['cpu'], time: base + offset, at: base + offset + 300 }]);
  });

  it('wait when the timer is a little early', () => {
    scheduler.apply([schedule('cpu', tenSeconds)]);
    scheduler.start();
    setClock(base - 2);
    vi.advanceTimersByTime(offset + 10_002);
    expect(secondsOf('cpu')).toEqual([0, 10]);
  });

  it('do not come for events', () => {
    scheduler.apply([schedule('spool_gap', 'event')]);
    scheduler.start();
    vi.advanceTimersByTime(3_600_000);
    expect(ticks).toEqual([]);
  });

  it('come daily at the local hour', () => {
    setClock(new Date(2026, 10, 23, 1, 0).getTime());
    scheduler.apply([schedule('inventory', '0 0 3 * * *')]);
    scheduler.start();
    vi.advanceTimersByTime(2 * 86_400_000);
    expect(ticks.map((tick) => tick.time)).toEqual([
      new Date(2026, 10, 23, 3, 0).getTime() + offset,
      new Date(2026, 10, 24, 3, 0).getTime() + offset,
    ]);
  });
});

describe('the start', () => {
  it('is a tick for what wants it', () => {
    scheduler.apply([schedule('cpu', tenSeconds, true), schedule('probe', minute), schedule('gap', 'event', true)]);
    scheduler.start();
    expect(ticks).toEqual([{ names: ['cpu', 'gap'], time: base, at: base }]);
  });

  it('may come twice', () => {
    scheduler.apply([schedule('cpu', tenSeconds, true)]);
    scheduler.start();
    scheduler.start();
    vi.advanceTimersByTime(10_000);
    expect(ticks).toHaveLength(2);
    expect(vi.getTimerCount()).toBe(1);
  });
});

describe('the stop', () => {
  it('ends all ticks, may come twice and before the start', () => {
    scheduler.stop();
    scheduler.apply([schedule('cpu', tenSeconds)]);
    scheduler.start();
    scheduler.stop();
    scheduler.stop();
    vi.advanceTimersByTime(60_000);
    expect(ticks).toEqual([]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('holds when it comes from within a tick', () => {
    const stopping = new Scheduler({ agentId, now: () => Date.now(), onTick: () => stopping.stop() });
    stopping.apply([schedule('cpu', tenSeconds)]);
    stopping.start();
    vi.advanceTimersByTime(60_000);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('can be followed by a start', () => {
    scheduler.apply([schedule('cpu', tenSeconds)]);
    scheduler.start();
    scheduler.stop();
    vi.advanceTimersByTime(3_600_000);
    scheduler.start();
    vi.advanceTimersByTime(10_000);
    expect(secondsOf('cpu')).toEqual([3_600]);
  });
});

describe('new schedules', () => {
  it('replace the old ones while it runs', () => {
    scheduler.apply([schedule('cpu', tenSeconds), schedule('memory', tenSeconds)]);
    scheduler.start();
    vi.advanceTimersByTime(30_000);
    scheduler.apply([schedule('cpu', '*/30 * * * * *')]);
    vi.advanceTimersByTime(60_000);
    expect(secondsOf('cpu')).toEqual([0, 10, 20, 30, 60]);
    expect(secondsOf('memory')).toEqual([0, 10, 20]);
    expect(vi.getTimerCount()).toBe(1);
  });

  it('do not bring the same moment again', () => {
    scheduler.apply([schedule('cpu', tenSeconds)]);
    scheduler.start();
    vi.advanceTimersByTime(offset);
    setClock(Date.now() - 5);
    scheduler.apply([schedule('cpu', tenSeconds)]);
    vi.advanceTimersByTime(10_005);
    expect(secondsOf('cpu')).toEqual([0, 10]);
  });

  it('are refused together when one makes no sense, and the old ones stay', () => {
    scheduler.apply([schedule('cpu', tenSeconds)]);
    scheduler.start();
    const nonsense = [schedule('cpu', minute), schedule('memory', 'often')];
    expect(() => scheduler.apply(nonsense)).toThrow(InvalidCadence);
    vi.advanceTimersByTime(30_000);
    expect(secondsOf('cpu')).toEqual([0, 10, 20]);
  });

  it('may be none', () => {
    scheduler.apply([schedule('cpu', tenSeconds)]);
    scheduler.start();
    scheduler.apply([]);
    vi.advanceTimersByTime(120_000);
    expect(ticks).toEqual([]);
  });
});

describe('a clock that jumps', () => {
  beforeEach(() => {
    scheduler.apply([schedule('cpu', tenSeconds), schedule('filesystem', minute)]);
    scheduler.start();
    vi.advanceTimersByTime(60_000);
    ticks = [];
  });

  it.each([
    ['an hour, as after a suspend', 3_600_000],
    ['ten years, as with an empty battery', 3_650 * 86_400_000],
  ])('forward by %s brings each probe once', (_, jumpMs) => {
    setClock(Date.now() + jumpMs);
    vi.advanceTimersByTime(10_000);
    expect(ticks.map((tick) => tick.names)).toEqual([['cpu', 'filesystem']]);
    expect(ticks[0]?.time).toBe(ticks[0]?.at);
    vi.advanceTimersByTime(60_000);
    expect(ticks.filter((tick) => tick.names.includes('cpu'))).toHaveLength(7);
    expect(ticks.filter((tick) => tick.names.includes('filesystem'))).toHaveLength(2);
  });

  it.each([
    ['an hour', 3_600_000],
    ['ten years', 3_650 * 86_400_000],
  ])('back by %s keeps measuring', (_, jumpMs) => {
    setClock(Date.now() - jumpMs);
    vi.advanceTimersByTime(60_000);
    expect(ticks.filter((tick) => tick.names.includes('cpu')).length).toBeGreaterThanOrEqual(5);
    expect(ticks.every((tick) => tick.time === tick.at)).toBe(true);
  });

  it('makes up for a daily run that a suspend slept through', () => {
    setClock(new Date(2026, 10, 24, 1, 0).getTime());
    scheduler.apply([schedule('inventory', '0 0 3 * * *')]);
    ticks = [];
    setClock(new Date(2026, 10, 24, 8, 0).getTime());
    vi.advanceTimersByTime(60_000);
    expect(ticks).toHaveLength(1);
    vi.advanceTimersByTime(3_600_000);
    expect(ticks).toHaveLength(1);
  });

  it('counts the runs that nothing makes up for', () => {
    setClock(Date.now() + 65_000);
    vi.advanceTimersByTime(10_000);
    // Of seven runs of cpu one is made up for, of two of filesystem one.
    expect(scheduler.missed).toBe(6 + 1);
    vi.advanceTimersByTime(60_000);
    expect(scheduler.missed).toBe(7);
  });

  it('counts no more than it can while a clock runs away', () => {
    setClock(Date.now() + 3_650 * 86_400_000);
    vi.advanceTimersByTime(10_000);
    expect(scheduler.missed).toBe(600);
  });

  it('does not move a daily run that is far away', () => {
    scheduler.apply([schedule('inventory', '0 0 3 * * *')]);
    ticks = [];
    setClock(new Date(2026, 10, 24, 2, 50).getTime());
    vi.advanceTimersByTime(15 * 60_000);
    expect(ticks.map((tick) => tick.time)).toEqual([new Date(2026, 10, 24, 3, 0).getTime() + offset]);
  });
});

describe('offsetOf', () => {
  it('is the same for the same agent', () => {
    expect(offsetOf('a')).toBe(offsetOf('a'));
    expect(offsetOf('a')).not.toBe(offsetOf('b'));
  });

  it('spreads a fleet evenly', () => {
    const perSecond = new Array<number>(10).fill(0);
    for (let i = 0; i < 7_000; i += 1) {
      const second = Math.floor(offsetOf(`agent-${i}`) / 1000);
      perSecond[second] = (perSecond[second] ?? 0) + 1;
    }
    expect(perSecond).toHaveLength(10);
    for (const agents of perSecond) {
      expect(agents).toBeGreaterThan(600);
      expect(agents).toBeLessThan(800);
    }
  });
});
