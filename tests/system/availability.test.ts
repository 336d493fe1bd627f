/** Maintenance windows and the ledger of availability through the real programs. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { AvailabilityAnswer } from '../../collector/src/http/availability-schemas.ts';
import { AgentProcess, CollectorProcess, run, temporaryFolder, until } from '../harness/program.ts';

const folder = temporaryFolder();
const config = join(folder.path, 'config.yaml');
/** PCs of these units never work, so that the test is the same at every hour. */
writeFileSync(config, 'calendar: {default: nghi, calendars: {nghi: {hours: []}}}\n');
const collector = new CollectorProcess(join(folder.path, 'collector'), { VONGGAC_CONFIG: config });
const server = new AgentProcess(join(folder.path, 'server'));
const pc = new AgentProcess(join(folder.path, 'pc'));
let ids: Readonly<Record<'server' | 'pc', string>>;

interface Listed {
  readonly items: readonly { readonly id: string; readonly class: 'server' | 'pc'; readonly state: string }[];
}

beforeAll(async () => {
  await collector.start();
  collector.command('units', 'add', 'XA', '--name', 'Ủy ban nhân dân xã');
  server.enrol(collector, { unit: 'XA', class: 'server' });
  pc.enrol(collector, { unit: 'XA', class: 'pc' });
  server.start();
  pc.start();
  ids = await until('both machines', async () => {
    const items = await machines();
    const isThere = items.length === 2 && items.every(({ state }) => state === 'online');
    return isThere && (Object.fromEntries(items.map((each) => [each.class, each.id])) as typeof ids);
  });
}, 120_000);

afterAll(async () => {
  await Promise.all([server.stop(), pc.stop()]);
  await collector.stop();
  folder.remove();
});

async function machines(): Promise<Listed['items']> {
  return ((await collector.get('/api/v1/agents')) as Listed).items;
}

async function becomes(name: 'server' | 'pc', state: string): Promise<void> {
  await until(`the ${name} to be ${state}`, async () =>
    (await machines()).some((each) => each.id === ids[name] && each.state === state),
  );
}

/** From yesterday to now. */
function days(): string[] {
  const [first, last] = [-1, 1].map((offset) => new Date(Date.now() + offset * 86_400_000).toISOString().slice(0, 10));
  return ['--from', `${first}`, '--to', `${last}`];
}

function availability(...args: string[]): AvailabilityAnswer {
  return collector.command('availability', ...days(), ...args, '--config', config) as AvailabilityAnswer;
}

function figure(name: 'server' | 'pc') {
  const report = availability('--machine', ids[name]);
  const [found] = report.machines;
  if (!found) throw new Error(`there is no figure of the ${name}`);
  const { up, down, planned, inconclusive, absent } = found.seconds;
  const [from, to] = [report.from, report.to].map((time) => Math.floor(Date.parse(time) / 1_000));
  expect(up + down + planned + inconclusive + absent).toBe((to ?? 0) - (from ?? 0));
  expect(Object.values(found.down_seconds).reduce((sum, seconds) => sum + seconds, 0)).toBe(down);
  return found;
}

async function incidents(): Promise<readonly { readonly subject: string }[]> {
  return ((await collector.get('/api/v1/incidents')) as { items: { subject: string }[] }).items;
}

test('silence in maintenance and off hours is planned, other silence is charged, and every second is somewhere', async () => {
  const window = collector.command(
    ...['maintenance', 'add', '--machine', ids.server, '--for', '1h', '--reason', 'thay ổ cứng'],
  ) as { id: number };
  await until('the collector to know of it', async () => {
    const list = (await collector.get('/api/v1/maintenance')) as { items: { id: number; state: string }[] };
    return list.items.some(({ id, state }) => id === window.id && state === 'running');
  });
  await Promise.all([server.stop('SIGKILL'), pc.stop('SIGKILL')]);
  await becomes('server', 'planned');
  await becomes('pc', 'planned');
  await until(
    'planned seconds of both',
    () => figure('server').seconds.planned > 2 && figure('pc').seconds.planned > 2,
  );
  expect([figure('server').seconds.down, figure('pc').seconds.down]).toEqual([0, 0]);
  expect(await incidents()).toEqual([]);

  expect(collector.command('maintenance', 'cancel', `${window.id}`)).toMatchObject({ state: 'cancelled' });
  await becomes('server', 'offline');
  const charged = await until('charged seconds', () => {
    const found = figure('server');
    return found.seconds.down > 2 && found;
  });
  expect(charged.seconds.planned).toBeGreaterThan(2);
  expect(charged.available_percent).toBeLessThan(100);
  expect(figure('pc').seconds.down).toBe(0);
  const api = (await collector.get(`/api/v1/availability?unit=XA`)) as AvailabilityAnswer;
  expect(api.units[0]).toMatchObject({ unit: 'XA', machines: { count: 2 } });
  const actions = collector.command('audit', 'list') as { items: { action: string }[] };
  expect(actions.items.map(({ action }) => action)).toEqual(
    expect.arrayContaining(['maintenance.add', 'maintenance.cancel']),
  );

  // What the collector did not see is nobody's.
  server.start();
  await becomes('server', 'online');
  const before = figure('server').seconds.inconclusive;
  await collector.stop();
  await until('some seconds of nobody', () => figure('server').seconds.inconclusive > before + 2);
  await collector.start();
  await becomes('server', 'online');
  expect(figure('server').seconds.inconclusive).toBeGreaterThan(before + 2);
}, 240_000);

test.each([
  [['availability', '--unit', 'KHONG-CO'], 2, 'there is no unit KHONG-CO'],
  [['availability', '--month', '2999-01'], 2, '2999-01 is still to come'],
  [['availability', '--month', 'tháng 11'], 2, '"tháng 11" is not a month: write it as 2026-11'],
  [['availability', '--machine', 'a-0'], 2, 'there is no machine a-0'],
  [['availability', '--from', '2026-11-31'], 2, '"2026-11-31" is not a day'],
  [['availability', 'XA'], 2, 'usage: vonggac availability'],
  [['maintenance', 'add', '--unit', 'XA', '--reason', 'x'], 2, 'say how long it lasts'],
  [['maintenance', 'add', '--unit', 'XA', '--for', '1h'], 2, '--reason is missing'],
  [
    ['maintenance', 'add', '--unit', 'XA', '--for', '1h', '--reason', 'x', '--from', '2020-01-01 10:00'],
    2,
    'in the past',
  ],
  [['maintenance', 'add', '--unit', 'XA', '--for', '1h', '--reason', 'x', '--from', 'mai'], 2, '"mai" is not a time'],
  [
    ['maintenance', 'add', '--unit', 'XA', '--for', '1h', '--reason', 'x', '--cron', '99 * * * *'],
    2,
    'not a cron expression',
  ],
  [['maintenance', 'add', '--unit', 'NO', '--for', '1h', '--reason', 'x'], 1, 'there is no unit NO'],
  [['maintenance', 'add', '--unit', 'XA', '--link', 'no', '--for', '1h', '--reason', 'x'], 1, 'XA has no line no'],
  [['maintenance', 'cancel', '77'], 1, 'there is no window 77'],
  [['maintenance', 'remove', '1'], 2, 'usage: vonggac maintenance'],
])('vonggac %j ends with %d', (args, code, message) => {
  const result = run('collector', [...args, '--data', collector.folder]);
  expect(result.stderr).toContain(message);
  expect(result.code).toBe(code);
});

test('the configuration is checked: what is wrong is told with its line, and unknown holidays are a warning', () => {
  const file = join(folder.path, 'wrong.yaml');
  writeFileSync(
    file,
    [
      'calendar:',
      '  time_zone: Asia/Dong_Hoi',
      '  default: mot-cua',
      '  calendars:',
      '    Một cửa: {hours: [mon-fri 07:00-17:00]}',
      '    truc: {hours: [mon-fri 7h-17h]}',
      '  holidays:',
      '    - {from: 2026-11-31, name: x}',
      '  lunch: yes',
    ].join('\n'),
  );
  const wrong = run('collector', ['check-config', '--config', file]);
  expect(wrong.code).toBe(2);
  const lines = wrong.stderr.trim().split('\n');
  expect(lines.map((line) => /:(\d+): /.exec(line)?.[1])).toEqual(expect.arrayContaining(['2', '5', '6', '8', '9']));
  expect(wrong.stderr).toContain('"mon-fri 7h-17h" is not hours of work');
  const good = run('collector', ['check-config', '--config', config]);
  expect([good.code, good.stderr]).toEqual([0, expect.stringContaining('warning: ')]);
});
