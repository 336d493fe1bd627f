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
import { InfluxStore } from '../../collector/src/stores/influx-store.ts';
import { SqliteStore } from '../../collector/src/stores/sqlite-store.ts';
import type { Origin, Store, StoreBatch } from '../../collector/src/stores/store.ts';
import { type FieldValue, type Measurement, measurementByName, type Point } from '../../shared/src/index.ts';
import { findInfluxd, Influxd } from '../harness/influxd.ts';

const agents = 10_000;
const agentsPerWrite = 100;
const rounds = 30;
/** InfluxDB is slower by far, and has nothing to settle. */
const influxRounds = 6;
const roundMs = 10_000;
const hourMs = 3_600_000;

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
const valuesPerRound = agents * valuesPerAgent;

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

interface Figures {
  /** Medians over the rounds. */
  readonly values_per_second: number;
  readonly values_per_cpu_second: number;
  readonly write_ms_p50: number;
  readonly write_ms_p99: number;
}

/** Writes a round to meet every series, then measures the others. Returns also the processor time of all of them. */
async function benchRounds(
  store: Store,
  { begin, count }: { begin: number; count: number },
): Promise<{ figures: Figures; cpuSeconds: number }> {
  await writeAll(store, makeRound(begin), []);
  const costs: Cost[] = [];
  const latencies: number[] = [];
  for (let round = 1; round < count; round += 1) {
    const calls = makeRound(begin + round * roundMs);
    costs.push(await measure(() => writeAll(store, calls, latencies)));
  }
  const median = (of: (cost: Cost) => number) => quantile(costs.map(of), 0.5);
  return {
    figures: {
      values_per_second: Math.round(median(({ wallSeconds }) => valuesPerRound / wallSeconds)),
      values_per_cpu_second: Math.round(median(({ cpuSeconds }) => valuesPerRound / cpuSeconds)),
      write_ms_p50: quantile(latencies, 0.5),
      write_ms_p99: quantile(latencies, 0.99),
    },
    cpuSeconds: (costs.reduce((sum, cost) => sum + cost.cpuSeconds, 0) * count) / costs.length,
  };
}

async function benchSqlite() {
  const folder = mkdtempSync(join(tmpdir(), 'vonggac-bench-'));
  let now = Math.floor(Date.now() / hourMs) * hourMs;
  const warn = (details: unknown, message: string) => console.error(message, details);
  const store = new SqliteStore({ folder, now: () => now, warn });
  await store.start();
  try {
    const diskBefore = diskBytes();
    const { figures, cpuSeconds } = await benchRounds(store, { begin: now, count: rounds });
    now += rounds * roundMs + 60_000;
    const settling = await measure(() => store.maintain());
    const diskAfter = diskBytes();

    // Five minutes more, then rounds that are written while those settle.
    for (let round = 0; round < rounds; round += 1) await writeAll(store, makeRound(now + round * roundMs), []);
    now += rounds * roundMs + 60_000;
    const latencies: number[] = [];
    let isSettling = true;
    const settled = store.maintain().then(() => {
      isSettling = false;
    });
    for (let round = 0; isSettling; round += 1) await writeAll(store, makeRound(now + round * roundMs), latencies);
    await settled;
    return {
      ...figures,
      values_per_cpu_second_with_settling: Math.round((valuesPerRound * rounds) / (cpuSeconds + settling.cpuSeconds)),
      settling_seconds: settling.wallSeconds,
      write_ms_p99_while_settling: quantile(latencies, 0.99),
      disk_bytes_per_value: ((diskAfter ?? Number.NaN) - (diskBefore ?? Number.NaN)) / (valuesPerRound * rounds),
    };
  } finally {
    await store.stop();
    rmSync(folder, { recursive: true });
  }
}

/** Processor time is the collector's, not the server's. */
async function benchInflux() {
  const program = findInfluxd();
  if ('missing' in program) return program;
  const server = await Influxd.start(program.path);
  const warn = (details: unknown, message: string) => console.error(message, details);
  const store = new InfluxStore({ url: server.url, warn });
  try {
    await store.start();
    const begin = Math.floor(Date.now() / hourMs) * hourMs - hourMs;
    return (await benchRounds(store, { begin, count: influxRounds })).figures;
  } finally {
    await store.stop();
    await server.stop();
  }
}

const figures = { sqlite: await benchSqlite(), influxdb: await benchInflux() };
if (process.argv.includes('--json')) console.log(JSON.stringify(figures));
else {
  for (const [store, values] of Object.entries(figures)) {
    console.log(store);
    for (const [name, value] of Object.entries(values)) {
      const text = typeof value === 'number' ? value.toLocaleString('en', { maximumFractionDigits: 1 }) : value;
      console.log(`  ${name.replaceAll('_', ' ').padEnd(38)} ${text}`);
    }
  }
}
