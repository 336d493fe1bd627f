/**
 * How fast a store takes values, from the call of `write` to the commit: `node tests/bench/ingest.ts [--json]`.
 *
 * 10,000 agents report 12 series every ten seconds; the points of 100 agents make one call, two calls are under way.
 * The clock is simulated: thirty rounds are five minutes, after which SQLite settles them. Processor time is that of
 * the whole process, all threads; making the points is not counted.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { SqliteStore } from '../../collector/src/stores/sqlite-store.ts';
import type { Origin, Store, StoreBatch } from '../../collector/src/stores/store.ts';
import { type FieldValue, type Measurement, measurementByName, type Point } from '../../shared/src/index.ts';

const agents = 10_000;
const agentsPerWrite = 100;
const rounds = 30;
const roundMs = 10_000;

interface Template {
  readonly measurement: Measurement;
  readonly tags: Readonly<Record<string, string>>;
}

function template(name: string, tags: Readonly<Record<string, string>> = {}): Template {
  const measurement = measurementByName(name);
  if (!measurement) throw new Error(`no measurement ${name}`);
  return { measurement, tags };
}

const templates: readonly Template[] = [
  template('cpu'),
  template('memory'),
  template('system'),
  template('agent'),
  ...['eth0', 'eth1', 'docker0', 'br0'].map((name) => template('network', { interface: name })),
  ...['/', '/srv'].map((mount) => template('filesystem', { mount, type: 'ext4' })),
  ...['sda', 'sdb'].map((device) => template('disk_io', { device })),
];
const fieldsPerPoint = 6;
const valuesPerAgent = templates.reduce(
  (sum, { measurement }) => sum + Math.min(fieldsPerPoint, measurement.fieldNames.length),
  0,
);

function makePoint({ measurement, tags }: Template, time: number): Point {
  const fields: Record<string, FieldValue> = {};
  for (const name of measurement.fieldNames.slice(0, fieldsPerPoint)) {
    const type = measurement.definition.fields[name]?.type;
    if (type === 'boolean') fields[name] = true;
    else fields[name] = type === 'integer' ? Math.floor(Math.random() * 1e9) : Math.round(Math.random() * 1000) / 10;
  }
  return { measurement: measurement.name, tags: { ...tags }, fields, time };
}

function makeOrigin(index: number): Origin {
  return {
    agent: `a-${index.toString(16).padStart(16, '0')}`,
    host: `PC-${index}`,
    unit: `u-${index % 180}`,
    class: 'pc',
  };
}

const origins = Array.from({ length: agents }, (_, index) => makeOrigin(index));

/** The calls of one round that begins at `time`. */
function makeRound(time: number): StoreBatch[][] {
  const calls: StoreBatch[][] = [];
  for (let first = 0; first < agents; first += agentsPerWrite) {
    calls.push(
      origins.slice(first, first + agentsPerWrite).map((origin, index) => {
        const at = time + Math.floor(((first + index) / agents) * roundMs);
        return { origin, points: templates.map((one) => makePoint(one, at)) };
      }),
    );
  }
  return calls;
}

interface Cost {
  readonly wallSeconds: number;
  readonly cpuSeconds: number;
}

async function measure(work: () => Promise<void>): Promise<Cost> {
  const cpu = process.cpuUsage();
  const begin = performance.now();
  await work();
  const wallSeconds = (performance.now() - begin) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  return { wallSeconds, cpuSeconds: (user + system) / 1e6 };
}

/** Writes the calls, two at a time, and notes how long each takes in milliseconds. */
async function writeAll(store: Store, calls: StoreBatch[][], latencies: number[]): Promise<void> {
  const left = [...calls];
  async function writeSome(): Promise<void> {
    for (let call = left.shift(); call; call = left.shift()) {
      const begin = performance.now();
      const result = await store.write(call);
      latencies.push(performance.now() - begin);
      if (result.status !== 'accepted' || result.refused.length > 0) throw new Error(JSON.stringify(result));
    }
  }
  await Promise.all([writeSome(), writeSome()]);
}

function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}

/** Bytes that this process has sent to disks so far; undefined where the system does not say. */
function diskBytes(): number | undefined {
  try {
    return Number(/^write_bytes: (\d+)/m.exec(readFileSync('/proc/self/io', 'utf8'))?.[1]);
  } catch {
    return undefined;
  }
}

async function benchSqlite() {
  const folder = mkdtempSync(join(tmpdir(), 'vonggac-bench-'));
  let now = Math.floor(Date.now() / 3_600_000) * 3_600_000;
  const store = new SqliteStore({
    folder,
    now: () => now,
    warn: (details, message) => console.error(message, details),
  });
  await store.start();
  const valuesPerRound = agents * valuesPerAgent;
  const diskBefore = diskBytes();

  // The first round meets every series for the first time.
  await writeAll(store, makeRound(now), []);
  const costs: Cost[] = [];
  const latencies: number[] = [];
  for (let round = 1; round < rounds; round += 1) {
    const calls = makeRound(now + round * roundMs);
    costs.push(await measure(() => writeAll(store, calls, latencies)));
  }
  now += rounds * roundMs + 60_000;
  const settling = await measure(() => store.maintain());
  const diskAfter = diskBytes();

  // Five more minutes, written while the next settling is under way.
  for (let round = 0; round < rounds; round += 1) await writeAll(store, makeRound(now - 60_000 + round * roundMs), []);
  now += rounds * roundMs;
  const latenciesWhileSettling: number[] = [];
  let settled = false;
  const maintenance = store.maintain().then(() => {
    settled = true;
  });
  for (let round = 0; !settled; round += 1) {
    await writeAll(store, makeRound(now + round * roundMs), latenciesWhileSettling);
  }
  await maintenance;
  await store.stop();
  rmSync(folder, { recursive: true });

  const written = valuesPerRound * (rounds - 1);
  const cpuSeconds = costs.reduce((sum, cost) => sum + cost.cpuSeconds, 0);
  return {
    store: 'sqlite',
    valuesPerSecond: Math.round(
      quantile(
        costs.map((cost) => valuesPerRound / cost.wallSeconds),
        0.5,
      ),
    ),
    valuesPerCpuSecond: Math.round(
      quantile(
        costs.map((cost) => valuesPerRound / cost.cpuSeconds),
        0.5,
      ),
    ),
    valuesPerCpuSecondWithSettling: Math.round(written / (cpuSeconds + settling.cpuSeconds * ((rounds - 1) / rounds))),
    settlingSeconds: settling.wallSeconds,
    writeMsP50: quantile(latencies, 0.5),
    writeMsP99: quantile(latencies, 0.99),
    writeMsP99WhileSettling: quantile(latenciesWhileSettling, 0.99),
    diskBytesPerValue:
      diskBefore === undefined || diskAfter === undefined
        ? undefined
        : (diskAfter - diskBefore) / (valuesPerRound * rounds),
  };
}

console.log(await benchSqlite());
