/** What a damaged spool has lost, from the file on the machine's disk to what the API tells. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { AgentProcess, CollectorProcess, temporaryFolder, until } from '../harness/program.ts';

interface SeriesAnswer {
  readonly series: readonly { readonly tags: Record<string, string>; readonly points: readonly [number, number][] }[];
}

interface Row {
  readonly id: number;
  readonly points: number;
  readonly first_time: number;
  readonly last_time: number;
}

const folder = temporaryFolder();
const collector = new CollectorProcess(join(folder.path, 'collector'));
const agent = new AgentProcess(join(folder.path, 'agent'));
const spool = join(agent.folder, 'spool.db');

beforeAll(async () => {
  await collector.start();
  collector.command('units', 'add', 'XA-01', '--name', 'Xã thử nghiệm');
  agent.enrol(collector, { unit: 'XA-01', class: 'server' });
});
afterAll(async () => {
  await agent.stop('SIGKILL');
  await collector.stop('SIGKILL');
  folder.remove();
});

/** As the agent itself tells while it runs: its file is open to nobody else. */
function storedRecords(): number {
  const file = join(agent.folder, 'status.json');
  if (!existsSync(file)) return 0;
  return (JSON.parse(readFileSync(file, 'utf8')) as { spool: { records: number } }).spool.records;
}

/** What the spool of an agent that does not run holds of readings. */
function storedReadings(): Row[] {
  const database = new DatabaseSync(spool, { readOnly: true });
  try {
    const rows = database.prepare('SELECT id, points, first_time, last_time FROM records WHERE lane = 1 ORDER BY id');
    return rows.all() as unknown as Row[];
  } finally {
    database.close();
  }
}

function changeBodies(rows: readonly Row[]): void {
  const database = new DatabaseSync(spool);
  const change = database.prepare(`UPDATE records SET body = body || ' ' WHERE id = ?`);
  for (const { id } of rows) change.run(id);
  database.close();
}

/** The only value of a field of the only gap by damage there is. */
async function gapField(field: string): Promise<{ tags: Record<string, string>; value: number } | undefined> {
  const answer = (await collector.get(
    `/api/v1/series?measurement=spool_gap&tag.reason=damaged&field=${field}`,
  )) as SeriesAnswer;
  const [series, ...others] = answer.series;
  expect(others).toEqual([]);
  expect(series?.points.length ?? 0).toBeLessThanOrEqual(1);
  const value = series?.points[0]?.[1];
  return series && value !== undefined ? { tags: series.tags, value } : undefined;
}

test('records that were changed on the disk are one gap in the store, exact in number and time', async () => {
  expect(await collector.stop()).toBe(0);
  agent.start();
  await until('stored readings', () => storedRecords() >= 8, 90_000);
  expect(await agent.stop()).toBe(0);

  const lost = storedReadings().slice(1, 4);
  expect(lost).toHaveLength(3);
  changeBodies(lost);
  await collector.start();
  agent.start();

  const gap = await until('the gap', () => gapField('lost_points'), 90_000);
  expect(gap.tags).toMatchObject({ lane: 'metrics', unit: 'XA-01' });
  expect(gap.value).toBe(lost.reduce((sum, { points }) => sum + points, 0));
  const times = lost.flatMap(({ first_time, last_time }) => [first_time, last_time]);
  expect((await gapField('from_seconds'))?.value).toBe(Math.floor(Math.min(...times) / 1_000));
  expect((await gapField('to_seconds'))?.value).toBe(Math.ceil(Math.max(...times) / 1_000));
  expect(await agent.stop()).toBe(0);
});
