import { type Point, point } from '@vonggac/shared';
import { beforeEach, describe, expect, test } from 'vitest';
import type { AgentRecord } from '../registry/agents.ts';
import { maxLosses, steadyMs } from './flapping.ts';
import { graceMs, type LiveChange, LiveState, lateAfterMs, offlineAfterLateMs, type Planned } from './live-state.ts';

const record: AgentRecord = {
  id: 'a-1',
  hostname: 'may-chu-1',
  unit: 'TTDL',
  class: 'server',
  publicKey: 'x',
  platform: 'linux',
  version: '0.1.0',
  enrolledAt: 0,
  lastSeen: undefined,
  revokedAt: undefined,
  keySince: 0,
  previousPublicKey: undefined,
  rotateKeyAskedAt: undefined,
  hardware: [],
  addresses: [],
};

let now: number;
let planned: Planned | undefined;
let live: LiveState;
let changes: string[];

beforeEach(() => {
  now = 1_000_000;
  planned = undefined;
  live = new LiveState(() => now, { plannedAt: () => planned });
  changes = [];
  live.put(record);
  live.subscribe((change: LiveChange) => changes.push(change.kind === 'state' ? change.agent.state : 'points'));
});

/** Time passes as it does: the collector looks every second. */
function pass(ms: number): void {
  for (let left = ms; left > 0; left -= 1_000) {
    now += Math.min(1_000, left);
    live.tick();
  }
}

function state(): string | undefined {
  return live.get('a-1')?.state;
}

function cpu(time: number, usage: number): Point {
  return point('cpu', { time, tags: {}, fields: { usage_percent: usage } });
}

describe('state', () => {
  test('nothing is called offline before the collector has waited for it', () => {
    expect(state()).toBe('inconclusive');
    pass(graceMs);
    expect(state()).toBe('inconclusive');
    pass(1);
    expect(state()).toBe('offline');
  });

  test('a closed connection is evidence at once, and so is a goodbye', () => {
    for (const departure of ['closed', 'stop', 'shutdown'] as const) {
      live.connected('a-1', 0);
      live.disconnected('a-1', departure);
      expect(live.get('a-1')).toMatchObject({ state: 'offline', departure });
    }
    expect(changes).toEqual(['online', 'offline', 'online', 'offline', 'online', 'offline']);
  });

  test.each(['restart', 'update', 'dropped'] as const)('one that left by %s is waited for', (departure) => {
    live.connected('a-1', 0);
    live.disconnected('a-1', departure);
    expect(state()).toBe('late');
    pass(offlineAfterLateMs + 1_000);
    expect(state()).toBe('offline');
  });

  test('a silent one is late first, then offline; a sign of life brings it back', () => {
    live.connected('a-1', 0);
    pass(lateAfterMs + 1);
    live.heard('a-1');
    pass(lateAfterMs + 1);
    live.disconnected('a-1', 'silent');
    pass(offlineAfterLateMs + 1);
    expect(changes).toEqual(['online', 'late', 'online', 'late', 'offline']);
  });

  test('is published only when it changes, with the time since when', () => {
    live.connected('a-1', 0);
    now += 5;
    live.connected('a-1', 0);
    live.tick();
    expect(changes).toEqual(['online']);
    expect(live.get('a-1')?.since).toBe(1_000_000);
  });

  test('a revoked agent is retired and stays so', () => {
    live.connected('a-1', 0);
    live.put({ ...record, revokedAt: now });
    live.disconnected('a-1', 'closed');
    expect(state()).toBe('retired');
  });
});

describe('planned', () => {
  test('one that may be away is planned, not offline, and offline when that is over', () => {
    planned = { reason: 'off-hours' };
    live.connected('a-1', 0);
    live.disconnected('a-1', 'shutdown');
    expect(state()).toBe('planned');
    planned = undefined;
    pass(11_000);
    expect(state()).toBe('offline');
    planned = { reason: 'maintenance' };
    pass(11_000);
    expect(state()).toBe('planned');
    live.connected('a-1', 0);
    expect(changes).toEqual(['online', 'planned', 'offline', 'planned', 'online']);
  });
});

describe('the collector itself', () => {
  test('that was held up calls nobody late, and blames nobody for what it finds closed', () => {
    live.connected('a-1', 0);
    pass(5_000);
    now += 300_000;
    live.disconnected('a-1', 'closed');
    live.tick();
    expect(state()).toBe('inconclusive');
    pass(graceMs + 1_000);
    expect(state()).toBe('offline');
  });

  test('whose clock is set, forward or back, waits before it speaks of silence', () => {
    for (const jump of [3_600_000, -3_600_000]) {
      live.connected('a-1', 0);
      now += jump;
      live.tick();
      pass(lateAfterMs - 2_000);
      expect(state()).toBe('online');
      pass(5_000);
      expect(state()).toBe('late');
      live.heard('a-1');
    }
  });

  test('that is cut off knows nothing of those that fell silent with it', () => {
    live.connected('a-1', 0);
    const cutAt = now;
    pass(lateAfterMs + 1_000);
    live.doubt(cutAt);
    expect(state()).toBe('inconclusive');
    live.disconnected('a-1', 'silent');
    pass(600_000);
    expect(state()).toBe('inconclusive');
    live.trust();
    pass(graceMs);
    expect(state()).toBe('inconclusive');
    pass(2_000);
    expect(state()).toBe('offline');
    expect(changes).toEqual(['online', 'late', 'inconclusive', 'offline']);
  });

  test('that is cut off still believes a goodbye', () => {
    live.connected('a-1', 0);
    live.doubt(now);
    live.disconnected('a-1', 'stop');
    expect(state()).toBe('offline');
  });
});

describe('flapping', () => {
  function flap(times: number): void {
    for (let time = 0; time < times; time += 1) {
      live.connected('a-1', 0);
      pass(3_000);
      live.disconnected('a-1', 'closed');
      pass(3_000);
    }
  }

  test('one that comes and goes all the time is late until it stays', () => {
    flap(50);
    expect(changes.length).toBeLessThanOrEqual(2 * maxLosses + 2);
    expect(live.get('a-1')).toMatchObject({ state: 'late', flapping: true });
    live.connected('a-1', 0);
    for (let second = 0; second <= steadyMs; second += 1_000) {
      live.heard('a-1');
      pass(1_000);
    }
    expect(live.get('a-1')).toMatchObject({ state: 'online', flapping: false });
  });

  test('and is offline when it stays away', () => {
    flap(20);
    pass(steadyMs + 2_000);
    expect(state()).toBe('offline');
  });
});

describe('points', () => {
  test('the newest of a series is kept; late ones change nothing', () => {
    live.receive('a-1', [cpu(10, 1), cpu(30, 3), cpu(20, 2)]);
    live.receive('a-1', [cpu(25, 2.5)]);
    expect([...(live.get('a-1')?.points.values() ?? [])]).toEqual([cpu(30, 3)]);
    expect(changes).toEqual(['points']);
  });

  test('series with other tags are other series, and their number is bounded', () => {
    const network = (name: string) => point('network', { time: 1, tags: { interface: name }, fields: { up: true } });
    live.receive(
      'a-1',
      Array.from({ length: 2_000 }, (_, index) => network(`eth${index}`)),
    );
    expect(live.get('a-1')?.points.size).toBe(500);
  });

  test('of an unknown agent are ignored', () => {
    live.receive('a-2', [cpu(1, 1)]);
    expect(live.get('a-2')).toBeUndefined();
  });
});
