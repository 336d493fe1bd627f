import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Incident } from '../incidents/incident.ts';
import { Notifications } from './notifications-file.ts';
import { Planner } from './planner.ts';
import { ChannelSettings } from './settings.ts';
import { brief } from './testing/incident.ts';

const minute = 60_000;

let folder: string;
let notifications: Notifications;
let all: Incident[];
let planned: Set<number>;
let dropped: number;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vonggac-notify-'));
  notifications = new Notifications(folder);
  all = [];
  planned = new Set();
  dropped = 0;
});
afterEach(() => {
  notifications.stop();
  rmSync(folder, { recursive: true });
});

function channel(settings: object = {}): ChannelSettings {
  return ChannelSettings.parse({ kind: 'webhook', url: 'http://127.0.0.1/', ...settings });
}

/** A new one each time: it remembers nothing. */
function tick(now: number, channels: Record<string, ChannelSettings> = { may: channel() }): void {
  const planner = new Planner({
    channels,
    notifications,
    incidents: { get: (id) => all.find((each) => each.id === id) },
    unitAndBelow: (unit) => new Set(unit === 'QB' ? ['QB', 'XA-QP', 'XA-DH'] : [unit]),
    minuteOfDay: (at) => Math.floor(at / minute) % 1_440,
    writing: (language) => ({
      language,
      consoleUrl: 'https://giamsat.example',
      time: String,
      machine: () => undefined,
      unit: () => undefined,
    }),
    onDropped: (_, count) => {
      dropped += count;
    },
  });
  planner.tick({ now, open: all.filter(({ closedAt }) => closedAt === undefined), planned });
}

/** Event and incidents of each message, oldest first; all are taken for sent. */
function written(): [string, string, number][] {
  const found = notifications.list({ limit: 10_000 }).reverse();
  for (const message of found) {
    if (message.state === 'waiting') notifications.tried(message, { state: 'sent', at: 0, nextAt: 0, detail: 'ok' });
  }
  return found.map(({ channel, event, incidents }) => [channel, event, incidents.length]);
}

/** The same incident, changed. */
function change(id: number, changes: Partial<Incident>): void {
  all = all.map((each) => (each.id === id ? { ...each, ...changes } : each));
}

test('the life of an incident is four messages of one thread, whatever it counts meanwhile', () => {
  all = [brief()];
  for (let at = 0; at <= 29 * minute; at += 10_000) {
    change(1, { count: at });
    tick(at);
    written();
  }
  tick(31 * minute);
  written();
  change(1, { level: 2 });
  tick(32 * minute, { may: channel({ routes: [{}, { level: 2 }] }) });
  written();
  change(1, { closedAt: 33 * minute });
  tick(33 * minute);
  tick(34 * minute);
  expect(written().map(([, event]) => event)).toEqual(['opened', 'updated', 'escalated', 'resolved']);
  const [first, ...others] = notifications.list({ limit: 9 }).reverse();
  expect(others.map(({ thread }) => thread)).toEqual([first?.uid, first?.uid, first?.uid]);
});

test('a storm that takes a while to arrive is one digest, and its end another', () => {
  all = Array.from({ length: 150 }, (_, i) => brief({ id: i + 1, subject: `a-${i}`, openedAt: i * 100 }));
  for (let at = 0; at <= 60_000; at += 2_000) tick(at);
  expect(written()).toEqual([['may', 'digest', 150]]);
  for (const { id } of all) change(id, { closedAt: minute });
  tick(2 * minute);
  expect(written().at(-1)).toEqual(['may', 'digest', 150]);
  expect(notifications.list({ limit: 1 })[0]?.thread).toBe(notifications.list({ limit: 2 })[1]?.uid);
  tick(3 * minute);
  expect(written()).toHaveLength(2);
});

test('what is too much for a minute is told in the next, together', () => {
  const slow = { may: channel({ messages_per_minute: 2, gather_seconds: 0, digest_from: 50 }) };
  all = [brief({ id: 1 }), brief({ id: 2, subject: 'a-2' })];
  tick(0, slow);
  all = [...all, ...[3, 4, 5].map((id) => brief({ id, subject: `a-${id}`, openedAt: 10_000 }))];
  tick(10_000, slow);
  tick(59_000, slow);
  expect(written()).toHaveLength(2);
  tick(61_000, slow);
  expect(written().slice(2)).toEqual([['may', 'digest', 3]]);
});

test('each channel hears of what its routes name', () => {
  const channels = {
    nang: channel({ routes: [{ severities: ['critical'] }] }),
    'xa-qp': channel({ routes: [{ unit: 'XA-QP' }] }),
    tinh: channel({ routes: [{ unit: 'QB', kinds: ['malware'] }, { severities: ['info'] }] }),
  };
  all = [
    brief({ id: 1, severity: 'critical', unit: 'XA-DH' }),
    brief({ id: 2, kind: 'malware', subject: 'a-2/Eicar' }),
    brief({ id: 3, kind: 'malware', subject: 'a-3/Eicar', unit: undefined }),
  ];
  tick(minute, channels);
  expect(written()).toEqual([
    ['nang', 'opened', 1],
    ['xa-qp', 'opened', 1],
    ['tinh', 'opened', 1],
  ]);
  expect(notifications.list({ limit: 9 }).map(({ incidents }) => incidents)).toEqual([[2], [2], [1]]);
});

test('quiet hours and maintenance delay, and forget nothing that is still open', () => {
  const quiet = { may: channel({ quiet: { from: '22:00', to: '06:00' } }) };
  const night = 23 * 60 * minute;
  all = [brief({ openedAt: night }), brief({ id: 2, subject: 'a-2', severity: 'critical', openedAt: night })];
  planned.add(2);
  tick(night + minute, quiet);
  expect(written()).toEqual([]);
  planned.clear();
  tick(night + 2 * minute, quiet);
  expect(notifications.list({ limit: 9 }).map(({ incidents }) => incidents)).toEqual([[2]]);
  tick(30 * 60 * minute, quiet);
  expect(notifications.list({ limit: 9 }).map(({ incidents }) => incidents)).toEqual([[1], [2]]);
});

test('of many that wait the oldest give way, and that is counted', () => {
  const fast = { may: channel({ messages_per_minute: 600, gather_seconds: 0, digest_from: 100 }) };
  for (let round = 0; round < 51; round += 1) {
    const fresh = Array.from({ length: 20 }, (_, i) => brief({ id: round * 20 + i + 1, subject: `a-${round}-${i}` }));
    all = fresh;
    tick(round * 10 * minute, fast);
  }
  expect(notifications.counts('may')).toMatchObject({ waiting: 1_000 });
  expect(dropped).toBe(notifications.counts('may').dropped);
  expect(dropped).toBeGreaterThan(0);
});

test('an incident that is forgotten is not asked for again', () => {
  all = [brief()];
  tick(minute);
  all = [];
  tick(2 * minute);
  expect(notifications.toldTo('may').size).toBe(0);
  expect(written()).toEqual([['may', 'opened', 1]]);
});
