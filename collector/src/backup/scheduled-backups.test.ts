import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Registry } from 'prom-client';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Zone } from '../calendar/zone.ts';
import type { Sighting } from '../incidents/incident.ts';
import { Incidents } from '../incidents/incidents.ts';
import type { WorkerReply } from './backup-worker.ts';
import { ScheduledBackups } from './scheduled-backups.ts';
import { BackupSection } from './settings.ts';

const hour = 3_600_000;
const day = 24 * hour;
/** 10:00 in Vietnam. */
const begin = Date.parse('2026-11-23T03:00:00Z');

let root: string;
let folder: string;
let clock: number;
let reply: WorkerReply | undefined;
let incidents: Incidents;
let registry: Registry;
let running: ScheduledBackups[];

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'vonggac-scheduled-'));
  folder = join(root, 'backups');
  mkdirSync(folder);
  clock = begin;
  reply = undefined;
  incidents = new Incidents(root);
  registry = new Registry();
  running = [];
});

afterEach(async () => {
  for (const backups of running) await backups.stop();
  incidents.stop();
  rmSync(root, { recursive: true });
});

async function start(settings: Readonly<Record<string, unknown>> = {}): Promise<ScheduledBackups> {
  const backups = new ScheduledBackups({
    settings: BackupSection.parse({ folder, ...settings }),
    zone: new Zone('Asia/Ho_Chi_Minh'),
    maker: {
      make: async (file) => {
        if (reply) return reply;
        writeFileSync(file, '', { flag: 'wx' });
        return { bytes: 1 };
      },
      stop: async () => {},
    },
    incidents,
    registry,
    logger: { info: () => {}, error: () => {} },
    now: () => clock,
  });
  running.push(backups);
  backups.start();
  await backups.look();
  return backups;
}

const made = () =>
  readdirSync(folder)
    .filter((name) => name.startsWith('vonggac-'))
    .sort();
const open = () => incidents.list({ state: 'open', limit: 10 });

/** Looks each quarter of an hour. */
async function pass(backups: ScheduledBackups, ms: number): Promise<void> {
  for (const end = clock + ms; clock < end; clock += hour / 4) await backups.look();
}

test('the first is made at once, then one each night by the clock of Vietnam', async () => {
  const backups = await start();
  expect(made()).toEqual(['vonggac-2026-11-23T03-00-00Z.tar.gz']);
  await pass(backups, 2 * day);
  expect(made()).toEqual([
    'vonggac-2026-11-23T03-00-00Z.tar.gz',
    'vonggac-2026-11-23T19-00-00Z.tar.gz',
    'vonggac-2026-11-24T19-00-00Z.tar.gz',
  ]);
  expect(open()).toEqual([]);
  expect(await registry.metrics()).toContain(
    `vonggac_backup_last_timestamp_seconds ${Date.parse('2026-11-24T19:00:00Z') / 1000}`,
  );
});

test('after a restart nothing is made before it is due, and what was missed is made at once', async () => {
  const first = await start();
  await first.stop();
  registry = new Registry();
  clock += hour;
  const second = await start();
  expect(made()).toHaveLength(1);
  await second.stop();
  registry = new Registry();
  clock += day;
  await start();
  expect(made()).toHaveLength(2);
});

test('only so many are kept, and what others put there stays', async () => {
  writeFileSync(join(folder, 'vonggac-2020.tar.gz'), '');
  writeFileSync(join(folder, 'notes.txt'), '');
  await pass(await start({ keep: 2 }), 5 * day);
  expect(made()).toEqual([
    'vonggac-2020.tar.gz',
    'vonggac-2026-11-26T19-00-00Z.tar.gz',
    'vonggac-2026-11-27T19-00-00Z.tar.gz',
  ]);
  expect(existsSync(join(folder, 'notes.txt'))).toBe(true);
});

test('one that fails is an incident, tried again each hour, and closed when one is made', async () => {
  const backups = await start();
  reply = { problem: 'there is too little space' };
  clock = Date.parse('2026-11-23T19:00:00Z');
  await pass(backups, 3 * hour);
  const [incident] = open();
  expect(incident).toMatchObject({ kind: 'backup-failed', severity: 'critical', subject: 'backup', count: 3 });
  expect(incident?.evidence[0]).toMatchObject({
    what: 'backup-failed',
    facts: { folder, last_backup: '2026-11-23T03:00:00.000Z', problem: 'there is too little space' },
  } satisfies { what: string; facts: Sighting['evidence']['facts'] });
  reply = undefined;
  await pass(backups, hour);
  expect(open()).toEqual([]);
  expect(made()).toHaveLength(2);
});

test('a failure never loses the backups that are there', async () => {
  const backups = await start({ keep: 1 });
  reply = { problem: 'no' };
  await pass(backups, 3 * day);
  expect(made()).toHaveLength(1);
});

test('when the newest is older than twice its time it is told once', async () => {
  const backups = await start();
  reply = { problem: 'no' };
  await pass(backups, 4 * day);
  const evidence = open().flatMap((incident) => incident.evidence);
  expect(open()).toHaveLength(1);
  expect(evidence.filter(({ what }) => what === 'backup-overdue').length).toBeLessThanOrEqual(1);
});

test('one that never ends is told of', async () => {
  let finish: (reply: WorkerReply) => void = () => {};
  const backups = new ScheduledBackups({
    settings: BackupSection.parse({ folder }),
    zone: new Zone('Asia/Ho_Chi_Minh'),
    maker: {
      make: () =>
        new Promise((resolve) => {
          finish = resolve;
        }),
      stop: async () => {},
    },
    incidents,
    registry,
    logger: { info: () => {}, error: () => {} },
    now: () => clock,
  });
  running.push(backups);
  backups.start();
  clock += 2 * day + hour;
  const underWay = backups.look();
  expect(open()[0]?.evidence.map(({ what }) => what)).toEqual(['backup-overdue']);
  finish({ bytes: 1 });
  await underWay;
  expect(open()).toEqual([]);
});

test('a folder that is missing is not made, and a backup with a date to come puts nothing off', async () => {
  rmSync(folder, { recursive: true });
  reply = { problem: 'there is no folder' };
  await start();
  expect(existsSync(folder)).toBe(false);
  expect(open()).toHaveLength(1);

  mkdirSync(folder);
  writeFileSync(join(folder, 'vonggac-2036-01-01T00-00-00Z.tar.gz'), '');
  reply = undefined;
  registry = new Registry();
  await pass(await start(), day);
  expect(made()).toContain('vonggac-2026-11-23T19-00-00Z.tar.gz');
});

test('what a backup that was cut off left behind is removed a day later', async () => {
  const [old, fresh] = [join(folder, '.vonggac-backup-old'), join(folder, '.vonggac-backup-new')];
  for (const name of [old, fresh]) mkdirSync(name);
  utimesSync(old, new Date(clock - 2 * day), new Date(clock - 2 * day));
  utimesSync(fresh, new Date(clock), new Date(clock));
  await start();
  expect([existsSync(old), existsSync(fresh)]).toEqual([false, true]);
});

test('encrypted ones are named so', async () => {
  await start({ passphrase_file: '/etc/vonggac/passphrase' });
  expect(made()).toEqual(['vonggac-2026-11-23T03-00-00Z.tar.gz.sealed']);
});

test.each([
  ['@daily', 'five fields are expected'],
  ['0 0 2 * * *', 'five fields are expected'],
  ['61 2 * * *', 'not a cron expression'],
])('the time %j is refused', (cron, reason) => {
  expect(BackupSection.safeParse({ folder, cron }).error?.issues[0]?.message).toContain(reason);
});
