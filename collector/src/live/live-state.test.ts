import { type Point, point } from '@vonggac/shared';
import { beforeEach, describe, expect, test } from 'vitest';
import type { AgentRecord } from '../registry/agents.ts';
import { graceMs, type LiveChange, LiveState, lateAfterMs, offlineAfterLateMs } from './live-state.ts';

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
let live: LiveState;
let changes: string[];

beforeEach(() => {
  now = 1_000_000;
  live = new LiveState(() => now);
  changes = [];
  live.put(record);
  live.subscribe((change: LiveChange) => changes.push(change.kind === 'state' ? change.agent.state : 'points'));
});

function cpu(time: number, usage: number): Point {
  return point('cpu', { time, tags: {}, fields: { usage_percent: usage } });
}

describe('state', () => {
  test('nothing is called offline before the collector has waited for it', () => {
    expect(live.get('a-1')?.state).toBe('inconclusive');
    now += graceMs;
    live.tick();
    expect(live.get('a-1')?.state).toBe('inconclusive');
    now += 1;
    live.tick();
    expect(live.get('a-1')?.state).toBe('offline');
  });

  test('a closed connection is evidence at once', () => {
    live.connected('a-1', 0);
    live.disconnected('a-1', 'closed');
    expect(changes).toEqual(['online', 'offline']);
  });

  test('a silent one is late first, then offline; a sign of life brings it back', () => {
    live.connected('a-1', 0);
    now += lateAfterMs + 1;
    live.tick();
    live.heard('a-1');
    now += lateAfterMs + 1;
    live.disconnected('a-1', 'silent');
    now += offlineAfterLateMs + 1;
    live.tick();
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
    expect(live.get('a-1')?.state).toBe('retired');
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
