import type { Readable } from 'node:stream';
import { point } from '@vonggac/shared';
import { beforeEach, describe, expect, test } from 'vitest';
import { LiveState } from '../live/live-state.ts';
import { type FeedScope, LiveFeed } from './live-feed.ts';

const start = Date.UTC(2026, 0, 5);
let now: number;
let live: LiveState;
let feed: LiveFeed;
let cuts: number;

beforeEach(() => {
  now = start;
  cuts = 0;
  live = new LiveState(() => now);
  feed = new LiveFeed({ live, now: () => now, onCut: () => (cuts += 1) });
  feed.start();
  for (const id of ['a-1', 'a-2']) {
    live.put({
      id,
      hostname: id,
      unit: 'u',
      class: 'pc',
      publicKey: id,
      platform: 'linux',
      version: '1',
      enrolledAt: start,
      lastSeen: undefined,
      revokedAt: undefined,
      keySince: 0,
      previousPublicKey: undefined,
      rotateKeyAskedAt: undefined,
      hardware: [],
      addresses: [],
    });
  }
});

interface Event {
  readonly event: string;
  readonly data: Record<string, unknown>;
}

/** What the stream has to read now. */
function read(stream: Readable): Event[] {
  const text = String(stream.read() ?? '');
  return text
    .split('\n\n')
    .filter((block) => block !== '')
    .map((block) => {
      const [, event = '', data = ''] = /^event: (\w+)\ndata: (.*)$/.exec(block) ?? [];
      return { event, data: JSON.parse(data) as Record<string, unknown> };
    });
}

/** Sees the agents with these ids, or all. */
function scopeOf(ids?: readonly string[]): FeedScope {
  const sees: FeedScope['sees'] = (agent) => ids?.includes(agent.record.id) ?? true;
  return { key: String(ids), sees, agents: () => live.all().filter(sees) };
}

function open(agents?: string[], points = false): Readable {
  return feed.open({ agents, points, scope: () => scopeOf() });
}

function measure(id: string, usage: number): void {
  live.receive(id, [point('cpu', { time: now, tags: {}, fields: { usage_percent: usage } })]);
}

/** Lets time pass, with a tick at each quarter of a second. */
function pass(ms: number): void {
  for (const end = now + ms; now < end; ) {
    now += 250;
    feed.tick();
  }
}

/** The events of the stream without the signs of life. */
function changes(stream: Readable): string[] {
  return read(stream).flatMap(({ event, data }) => (event === 'summary' ? [] : [`${event} ${String(data.id)}`]));
}

test('a stream begins with the counts and the present state of its agents', () => {
  live.connected('a-1', 0);
  expect(read(open(['a-1', 'a-none']))).toEqual([
    {
      event: 'summary',
      data: {
        total: 2,
        states: { online: 1, late: 0, offline: 0, planned: 0, inconclusive: 1, retired: 0 },
        time: '2026-01-05T00:00:00.000Z',
      },
    },
    {
      event: 'state',
      data: {
        id: 'a-1',
        state: 'online',
        state_since: '2026-01-05T00:00:00.000Z',
        last_seen: '2026-01-05T00:00:00.000Z',
      },
    },
    { event: 'points', data: { id: 'a-1', last_seen: '2026-01-05T00:00:00.000Z', values: {} } },
  ]);
});

test('a change is sent at the next tick', () => {
  const stream = open();
  read(stream);
  live.connected('a-1', 0);
  pass(250);
  expect(changes(stream)).toEqual(['state a-1']);
});

test('an agent that never stops talking is heard once a second, with its newest values', () => {
  const stream = open(['a-1'], true);
  read(stream);
  for (let n = 0; n < 40; n += 1) {
    measure('a-1', n);
    pass(250);
  }
  const events = read(stream).filter(({ event }) => event === 'points');
  expect(events.length).toBe(10);
  expect(events.at(-1)?.data.values).toEqual({ cpu_usage_percent: 36 });
  expect(events.at(-1)?.data.points).toEqual([
    { measurement: 'cpu', tags: {}, fields: { usage_percent: 36 }, time: new Date(now - 1_000).toISOString() },
  ]);
});

test('clients hear of the agents they named, others of all', () => {
  const [one, all] = [open(['a-1']), open()];
  for (const stream of [one, all]) read(stream);
  live.connected('a-1', 0);
  live.connected('a-2', 0);
  pass(250);
  expect(changes(one)).toEqual(['state a-1']);
  expect(changes(all)).toEqual(['state a-1', 'state a-2']);
});

test('points come only to those who asked for them', () => {
  const [brief, full] = [open(['a-1']), open(['a-1'], true)];
  pass(1_000);
  for (const stream of [brief, full]) read(stream);
  measure('a-1', 1);
  pass(250);
  expect(read(brief)[0]?.data).not.toHaveProperty('points');
  expect(read(full)[0]?.data).toHaveProperty('points');
});

test('a quiet stream gives a sign of life every five seconds', () => {
  const stream = open(['a-none']);
  pass(1_000);
  read(stream);
  pass(20_000);
  expect(read(stream).map(({ event }) => event)).toEqual(['summary', 'summary', 'summary', 'summary']);
});

test('changed counts are sent within a second', () => {
  const stream = open(['a-none']);
  pass(2_000);
  read(stream);
  live.connected('a-1', 0);
  pass(1_000);
  expect(read(stream)).toMatchObject([{ event: 'summary', data: { states: { online: 1 } } }]);
});

describe('a client that may not see everything', () => {
  test('hears of its own agents alone, even when it names others', () => {
    const scope = () => scopeOf(['a-1']);
    const [all, named] = [
      feed.open({ points: true, scope }),
      feed.open({ agents: ['a-2', 'a-1'], points: true, scope }),
    ];
    for (const id of ['a-1', 'a-2']) {
      live.connected(id, 0);
      measure(id, 1);
    }
    pass(6_000);
    for (const stream of [all, named]) {
      const text = String(stream.read());
      expect(text).toContain('"a-1"');
      expect(text).not.toContain('"a-2"');
      expect(text).toContain('{"total":1,');
      expect(text).not.toContain('{"total":2,');
    }
  });

  test('what it may see is asked anew', () => {
    let ids = ['a-1'];
    const stream = feed.open({ points: false, scope: () => scopeOf(ids) });
    pass(1_000);
    read(stream);
    ids = ['a-2'];
    pass(5_000);
    read(stream);
    for (const id of ['a-1', 'a-2']) live.connected(id, 0);
    pass(250);
    expect(read(stream).flatMap(({ data }) => data.id ?? [])).toEqual(['a-2']);
  });
});

describe('an end', () => {
  test('a client that does not read is cut and counted, others go on', () => {
    const [slow, quick] = [open(undefined, true), open(undefined, true)];
    for (let n = 0; n < 40 && cuts === 0; n += 1) {
      const points = Array.from({ length: 400 }, (_, index) =>
        point('probe', { time: now, tags: { probe: `${index}-${'x'.repeat(200)}` }, fields: { runs: n } }),
      );
      live.receive('a-1', points);
      pass(1_000);
      read(quick);
    }
    expect([cuts, slow.destroyed, quick.destroyed, feed.clientCount]).toEqual([1, true, false, 1]);
  });

  test('comes when the client may no longer look', () => {
    let allowed = true;
    const stream = feed.open({ points: false, scope: () => (allowed ? scopeOf() : undefined) });
    pass(10_000);
    expect(feed.clientCount).toBe(1);
    allowed = false;
    pass(5_000);
    expect(feed.clientCount).toBe(0);
    stream.resume();
    expect(stream.readableEnded || stream.readableFlowing).toBe(true);
  });

  test('a client that goes away is forgotten', async () => {
    const stream = open();
    stream.destroy();
    await new Promise((resolve) => stream.once('close', resolve));
    expect(feed.clientCount).toBe(0);
  });

  test('stopping ends all, twice without harm', () => {
    open();
    feed.stop();
    feed.stop();
    expect(feed.clientCount).toBe(0);
  });
});
