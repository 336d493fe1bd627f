/** What the line carries: history keeps to its share while new readings come through, and the books of bytes are right. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { point } from '@vonggac/shared';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createLogger } from '../../agent/src/log.ts';
import { Spool } from '../../agent/src/spool/spool.ts';
import { AgentProcess, CollectorProcess, temporaryFolder, until } from '../harness/program.ts';
import { SlowLine } from '../harness/slow-line.ts';

interface Status {
  readonly uplink: { readonly sentBytes: number; readonly receivedBytes: number };
  readonly budget: { readonly state: string; readonly usedBytes: number };
  readonly spool: { readonly records: number };
}

interface SeriesAnswer {
  readonly series: readonly { readonly points: readonly [number, number][] }[];
}

let folder: ReturnType<typeof temporaryFolder>;
let collector: CollectorProcess;
let agent: AgentProcess;
let line: SlowLine;

beforeEach(() => {
  folder = temporaryFolder();
});

afterEach(async () => {
  await agent?.stop('SIGKILL');
  line?.stop();
  await collector?.stop('SIGKILL');
  folder.remove();
});

async function startCollector(budget: string): Promise<void> {
  const file = join(folder.path, 'collector.yaml');
  writeFileSync(file, `connectivity:\n  budget:\n${budget}`);
  collector = new CollectorProcess(join(folder.path, 'collector'), { VONGGAC_CONFIG: file });
  await collector.start();
  collector.command('units', 'add', 'XA-01', '--name', 'Xã thử nghiệm');
  agent = new AgentProcess(join(folder.path, 'agent'));
  agent.enrol(collector, { unit: 'XA-01', class: 'server' });
}

/** What an agent has measured in half a day without a line, with numbers that do not repeat. */
function fillSpool(records: number): void {
  const logger = createLogger({ write: () => undefined, pretty: false, level: 'error', now: Date.now });
  const spool = new Spool({ folder: agent.folder, maxBytes: 64e6, maxAgeMs: 86_400_000, now: Date.now, logger });
  spool.start();
  for (let index = records; index > 0; index -= 1) {
    const points = Array.from({ length: 50 }, (_, disk) =>
      point('disk_io', {
        time: Date.now() - 60_000 - index * 30_000,
        tags: { device: `sd${disk}` },
        fields: { read_bytes_per_second: noise(), write_bytes_per_second: noise() },
      }),
    );
    spool.append('metrics', { points, offset: 0 });
  }
  spool.stop();
}

function noise(): number {
  return Math.floor(Math.random() * 1e6);
}

function status(): Status {
  return JSON.parse(readFileSync(join(agent.folder, 'status.json'), 'utf8')) as Status;
}

/** Seconds since the newest reading that is in the store. */
async function newestAge(): Promise<number> {
  const answer = (await collector.get('/api/v1/series?measurement=cpu&field=cores&from=-2m')) as SeriesAnswer;
  const newest = answer.series[0]?.points.at(-1)?.[0] ?? 0;
  return (Date.now() - newest) / 1_000;
}

test('after an outage history takes 64 kbit/s of a line, and new readings are there within two intervals', async () => {
  // The hour at which the test runs must not matter.
  await startCollector('    server: 1000000000\n');
  fillSpool(1_000);
  line = new SlowLine(128_000);
  agent.start({ VONGGAC_AGENT_ADDRESS: await line.start(collector.agentsPort) });
  await until('the first reading', async () => (await newestAge()) < 20);
  await wait(3_000);

  const begun = { at: performance.now(), up: line.up };
  const ages: number[] = [];
  while (performance.now() - begun.at < 25_000) {
    await wait(1_000);
    ages.push(await newestAge());
  }
  const bitsPerSecond = ((line.up - begun.up) * 8_000) / (performance.now() - begun.at);
  expect(status().spool.records).toBeGreaterThan(100);
  expect(bitsPerSecond).toBeGreaterThan(0.8 * 64_000);
  expect(bitsPerSecond).toBeLessThan(1.2 * 64_000);
  expect(Math.max(...ages)).toBeLessThan(20);
});

test('a day that is spent: what the agent has measured stays, and goes when it may spend more', async () => {
  await startCollector('    server: 50000\n');
  line = new SlowLine(10_000_000);
  writeFileSync(
    join(agent.folder, 'spending.json'),
    JSON.stringify({ day: Math.floor((Date.now() + 7 * 3_600_000) / 86_400_000), used: 60_000 }),
  );
  agent.start({ VONGGAC_AGENT_ADDRESS: await line.start(collector.agentsPort) });
  await until('the settings', () => agent.program.output.includes("the day's bytes are spent"));
  const waiting = () => status().budget.state === 'spent' && status().spool.records >= 2;
  await until('readings that wait', waiting, 40_000);
  const before = status();
  // What the agent has counted is what the line has carried.
  expect(before.uplink.sentBytes).toBeGreaterThan(0.8 * line.up);
  expect(before.uplink.sentBytes).toBeLessThanOrEqual(line.up);
  expect(before.budget.usedBytes).toBe(60_000 + before.uplink.sentBytes + before.uplink.receivedBytes);

  await agent.stop();
  await collector.stop();
  writeFileSync(join(folder.path, 'collector.yaml'), 'connectivity:\n  budget:\n    server: 1000000000\n');
  await collector.start();
  agent.start();
  await until('everything', () => status().spool.records === 0, 40_000);
});
