import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Delivery } from './delivery.ts';
import { Notifications } from './notifications-file.ts';
import type { Outcome } from './send.ts';

const hour = 3_600_000;

let folder: string;
let notifications: Notifications;
let now: number;
let answers: Outcome[];
let sent: string[];
let done: string[];
let delivery: Delivery;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vonggac-delivery-'));
  notifications = new Notifications(folder);
  [now, answers, sent, done] = [0, [], [], []];
  delivery = create();
});
afterEach(() => {
  notifications.stop();
  rmSync(folder, { recursive: true });
});

function create(): Delivery {
  return new Delivery({
    channel: 'thu',
    notifications,
    send: async ({ content }) => {
      sent.push(content.subject);
      return answers.shift() ?? { state: 'sent', detail: '250 ok' };
    },
    onDone: (state) => done.push(state),
    logger: pino({ level: 'silent' }),
    now: () => now,
  });
}

function add(...subjects: string[]): void {
  const drafts = subjects.map((subject) => {
    const content = { subject, text: '', data: {} };
    return { channel: 'thu', event: 'opened', thread: undefined, content, told: [] } as const;
  });
  notifications.add(drafts, now);
}

const retry: Outcome = { state: 'retry', detail: 'connect ECONNREFUSED' };

test('sends in order, and what cannot be sent holds back what follows until it can', async () => {
  add('một', 'hai');
  answers = [retry, retry];
  for (now of [0, 9_999, 10_000, 29_999, 30_000]) await delivery.look();
  expect(sent).toEqual(['một', 'một', 'một', 'hai']);
  expect(done).toEqual(['sent', 'sent']);
  expect(delivery.failingSince).toBeUndefined();
});

test('one that is refused for ever stands in nobody’s way', async () => {
  add('một', 'hai');
  answers = [{ state: 'failed', detail: '550 no such mailbox' }];
  await delivery.look();
  expect(sent).toEqual(['một', 'hai']);
  expect(notifications.list({ limit: 2 }).map(({ state, detail }) => [state, detail])).toEqual([
    ['sent', '250 ok'],
    ['failed', '550 no such mailbox'],
  ]);
});

test('it is tried for a day, ever more seldom, over restarts; then it is given up and said so', async () => {
  add('một');
  answers = Array.from({ length: 1_000 }, () => retry);
  for (now = 0; now < 26 * hour; now += 10_000) {
    if (now === 12 * hour) delivery = create();
    await delivery.look();
  }
  expect(sent.length).toBeGreaterThan(100);
  expect(sent.length).toBeLessThan(200);
  expect(done).toEqual(['failed']);
  expect(notifications.list({ limit: 1 })[0]).toMatchObject({ state: 'failed', detail: 'connect ECONNREFUSED' });
});

test('a stop waits for what is under way and begins nothing more', async () => {
  add('một', 'hai');
  void delivery.look();
  await delivery.stop();
  expect(sent).toEqual(['một']);
  expect(notifications.counts('thu')).toMatchObject({ sent: 1, waiting: 1 });
});
