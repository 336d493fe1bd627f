/** Machines whose clocks are wrong, or are set while they report: nothing is lost, nothing lies, and it is told. */
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { noOddClock, OddClock } from '../harness/odd-clock.ts';
import { AgentProcess, CollectorProcess, temporaryFolder, until } from '../harness/program.ts';
import { RawAgent } from '../harness/raw-agent.ts';

const hour = 3_600_000;
/** A point of the measurement `cpu` with one field, of the moment at which it is sent. */
const reading = (ageMs = 0) => [[1, 1, [], [ageMs], [421]]];

interface Incidents {
  readonly items: readonly { readonly kind: string; readonly subject: string }[];
}

let folder: ReturnType<typeof temporaryFolder>;
let collector: CollectorProcess;
let agent: AgentProcess;

beforeEach(async () => {
  folder = temporaryFolder();
  collector = new CollectorProcess(join(folder.path, 'collector'));
  await collector.start();
  collector.command('units', 'add', 'DV', '--name', 'Đơn vị');
  agent = new AgentProcess(join(folder.path, 'agent'));
  agent.enrol(collector, { unit: 'DV', class: 'server' });
});

afterEach(async () => {
  await agent.stop('SIGKILL');
  await collector.stop();
  folder.remove();
});

/** Times of the stored readings of the machine's load. */
async function times(): Promise<number[]> {
  const from = new Date(Date.now() - 10 * 24 * hour).toISOString();
  const to = new Date(Date.now() + 10 * 24 * hour).toISOString();
  const path = `/api/v1/series?measurement=cpu&field=usage_percent&from=${from}&to=${to}`;
  const answer = (await collector.get(path)) as {
    series: readonly { points: readonly (readonly [number, number])[] }[];
  };
  return answer.series.flatMap(({ points }) => points.map(([at]) => at));
}

async function refused(reason: string): Promise<number> {
  const text = String(await collector.get('/metrics'));
  return Number(new RegExp(`vonggac_points_refused_total\\{reason="${reason}"\\} (\\d+)`).exec(text)?.[1] ?? 0);
}

async function wrongClocks(): Promise<number> {
  const { items } = (await collector.get('/api/v1/incidents?state=open')) as Incidents;
  return items.filter(({ kind }) => kind === 'clock-wrong').length;
}

test('what a clock says that is wrong by hours is corrected; what is of the future all the same is refused and counted', async () => {
  const raw = await RawAgent.connect(agent.folder, collector.agentsPort);
  const ahead = 3 * hour;
  try {
    raw.send(await raw.hello({ time: Date.now() + ahead }));
    await raw.next('welcome');
    const sent = Date.now();
    raw.send({ type: 'batch', seq: 1, sent: sent + ahead, offset: -ahead, data: reading() });
    expect(await raw.ack(1)).not.toHaveProperty('refused');
    await until('the point', async () => (await times()).length === 1);
    expect(Math.abs(((await times())[0] ?? 0) - sent)).toBeLessThan(1_000);
    // Six minutes ahead of the corrected time, and four.
    raw.send({ type: 'batch', seq: 2, sent: Date.now() + ahead, offset: -ahead, data: reading(-360_000) });
    expect(await raw.ack(2)).toMatchObject({ refused: 1 });
    raw.send({ type: 'batch', seq: 3, sent: Date.now() + ahead, offset: -ahead, data: reading(-240_000) });
    expect(await raw.ack(3)).not.toHaveProperty('refused');
    // Nobody has said what the offset is.
    raw.send({ type: 'batch', seq: 4, sent: Date.now() + ahead, data: reading() });
    expect(await raw.ack(4)).toMatchObject({ refused: 1 });
    expect(await refused('in_future')).toBe(2);
  } finally {
    raw.close();
  }
});

test.skipIf(noOddClock())(
  'a clock that is set while the machine reports makes no gap, and is alarmed until it is right',
  async () => {
    const clock = new OddClock(join(folder.path, 'clock'));
    agent.start(clock.environment);
    await until('the first readings', async () => (await times()).length >= 2, 90_000);
    const begin = Date.now();
    clock.set(3_600);
    await until('the alarm', async () => (await wrongClocks()) === 1, 150_000);
    clock.set(0);
    await until('the end of the alarm', async () => (await wrongClocks()) === 0, 90_000);
    const end = Date.now();
    const stored = (await times()).toSorted((a, b) => a - b);
    const now = Date.now();
    expect(stored.filter((at) => at > now + 2_000)).toEqual([]);
    // Every ten seconds: a tick may fall into the second in which the clock is set.
    const within = stored.filter((at) => at >= begin && at <= end);
    expect(within.length).toBeGreaterThanOrEqual(Math.floor((end - begin) / 10_000) - 3);
    expect(await refused('in_future')).toBe(0);
  },
  400_000,
);
