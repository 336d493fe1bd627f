/** A collector is lost and comes back from its backup: machines reconnect by themselves, and their data is there. */
import { mkdirSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { unknownFiles } from '../../collector/src/backup/data-files.ts';
import { AgentProcess, CollectorProcess, run, temporaryFolder, until } from '../harness/program.ts';

interface Backup {
  readonly made_at: string;
  readonly unknown: readonly string[];
  readonly files: readonly { readonly name: string }[];
}

const folder = temporaryFolder();
const config = join(folder.path, 'collector.yaml');
const scheduled = join(folder.path, 'scheduled');
const passphraseFile = join(folder.path, 'passphrase');
const collector = new CollectorProcess(join(folder.path, 'collector'), { VONGGAC_CONFIG: config });
const agents = ['a', 'b'].map((name) => new AgentProcess(join(folder.path, name)));
const late = new AgentProcess(join(folder.path, 'late'));
const file = join(folder.path, 'backup.tar.gz');
/** What is committed is acknowledged well within this time. */
const underWayMs = 10_000;

beforeAll(async () => {
  mkdirSync(scheduled);
  writeFileSync(passphraseFile, 'một câu đủ dài\n');
  writeFileSync(
    config,
    `agents: { schedules: { cpu: '* * * * * *' } }
backup: { folder: '${scheduled}', passphrase_file: '${passphraseFile}' }
`,
  );
  await collector.start();
  collector.command('units', 'add', 'DV', '--name', 'Đơn vị');
  for (const agent of agents) {
    agent.enrol(collector, { unit: 'DV', class: 'server' });
    agent.start();
  }
});

afterAll(async () => {
  for (const agent of [...agents, late]) await agent.stop('SIGKILL');
  await collector.stop('SIGKILL');
  folder.remove();
});

async function states(): Promise<string[]> {
  const { items } = (await collector.get('/api/v1/agents')) as { items: { state: string }[] };
  return items.map(({ state }) => state);
}

/** Of each agent, in the order of their ids. */
async function measured(): Promise<number[][]> {
  const { series } = (await collector.get('/api/v1/series?measurement=cpu&field=cores&from=-30m')) as {
    series: { tags: { agent: string }; points: [number, number][] }[];
  };
  return series
    .toSorted((one, other) => (one.tags.agent < other.tags.agent ? -1 : 1))
    .map(({ points }) => points.map(([time]) => time));
}

function restore(...args: readonly string[]): ReturnType<typeof run> {
  return run('collector', ['restore', file, '--data', collector.folder, ...args]);
}

test('agents come back to a restored collector without enrolling again, and nothing is claimed that came later', async () => {
  await until(
    'both agents to measure',
    async () => (await measured()).filter((times) => times.length > 5).length === 2,
    60_000,
  );
  const stored = await measured();
  const backup = collector.command('backup', file) as Backup;
  const madeAt = Date.parse(backup.made_at);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(backup.unknown).toEqual([]);
  expect(unknownFiles(collector.folder)).toEqual([]);
  expect(restore('--check')).toMatchObject({ code: 0, stdout: expect.stringContaining('is whole') });
  expect(restore('--force')).toMatchObject({ code: 1, stderr: expect.stringContaining('another collector works on') });

  late.enrol(collector, { unit: 'DV', class: 'server' });
  late.start();
  const isFar = (times: number[]) => (times.at(-1) ?? 0) > madeAt + underWayMs + 5_000;
  await until('newer points of three agents', async () => (await measured()).filter(isFar).length === 3, 60_000);
  const before = await measured();
  const seen = Date.now();
  await collector.stop();

  // The disk of the collector is gone; a new one has the same address.
  renameSync(collector.folder, join(folder.path, 'lost'));
  expect(restore()).toMatchObject({ code: 0, stdout: expect.stringContaining('machines come back by themselves') });
  await collector.start();

  // The token was made before the backup, and is in it.
  await until('both agents', async () => (await states()).join() === 'online,online', 60_000);
  await until(
    'what they measured since',
    async () => (await measured()).every((times) => (times.at(-1) ?? 0) > seen + 5_000),
    60_000,
  );
  const after = await measured();
  expect(after).toHaveLength(2);
  const lost = (times: readonly number[]) => times.filter((time) => time > madeAt && time < seen - underWayMs);
  for (const [index, times] of after.entries()) {
    expect(times).toEqual(expect.arrayContaining(stored[index] ?? []));
    expect(lost(times)).toEqual([]);
  }
  expect(before.flatMap(lost).length).toBeGreaterThan(0);

  const { items } = collector.command('audit', 'list') as { items: { action: string; subject: string }[] };
  expect(items.at(-1)).toMatchObject({ action: 'backup.restore', subject: file });
  expect(collector.command('audit', '--verify')).toMatchObject({ first_broken: null });
  for (const agent of agents) expect(agent.program.running).toBe(true);
});

test('over a damaged folder: what was there is set aside', async () => {
  await collector.stop('SIGKILL');
  writeFileSync(join(collector.folder, 'collector.db'), 'garbage'.repeat(1_000));
  expect(restore()).toMatchObject({ code: 1, stderr: expect.stringContaining('is not empty') });
  expect(restore('--force').code).toBe(0);
  const aside = readdirSync(collector.folder).find((name) => name.startsWith('before-restore-')) ?? '';
  expect(readFileSync(join(collector.folder, aside, 'collector.db'), 'utf8')).toContain('garbage');
  await collector.start();
  await until('both agents', async () => (await states()).join() === 'online,online', 60_000);
});

test('the collector makes backups by itself', async () => {
  const made = () => readdirSync(scheduled).find((name) => name.endsWith('.tar.gz.sealed'));
  const name = await until('the first', made, 60_000);
  const check = ['restore', join(scheduled, name), '--check'];
  expect(run('collector', check)).toMatchObject({ code: 1, stderr: expect.stringContaining('it is encrypted') });
  expect(run('collector', [...check, '--passphrase-file', passphraseFile])).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('with the time series'),
  });
  const metrics = String(await collector.get('/metrics'));
  expect(metrics).toMatch(/vonggac_backup_last_timestamp_seconds 1\d{9}/);
  expect(metrics).toContain('vonggac_incidents_open{kind="backup-failed"} 0');
});
