/**
 * What one agent costs: `npm run bench:agent -- [--class server|pc|gateway] [--minutes 10] [--json]`. Real programs, TLS,
 * durable spool; a proxy between them counts the bytes of the TCP payload. Processor time is read from
 * `/proc/<pid>/schedstat`, memory from `smaps_rollup`; a second agent runs under strace, which counts the programs it
 * starts. Medians over minutes.
 */
import { spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { AgentClass } from '@vonggac/shared';
import { lineBudget } from '../../agent/src/uplink/line-budget.ts';
import { AgentProcess, CollectorProcess, Program, run, temporaryFolder, until } from '../harness/program.ts';

const minuteMs = 60_000;
/** Until start-up, the inventory and the first garbage collections are over. */
const warmUpMs = 90_000;

const { values: flags } = parseArgs({
  options: { class: { type: 'string' }, minutes: { type: 'string' }, json: { type: 'boolean' } },
});
const minutes = Number(flags.minutes ?? 10);
const agentClass = AgentClass.parse(flags.class ?? 'server');

/** Passes bytes to `port` on the loopback and counts them, both ways. */
class CountingProxy {
  readonly #target: number;
  #server: Server | undefined;
  up = 0;
  down = 0;

  constructor(target: number) {
    this.#target = target;
  }

  async start(): Promise<number> {
    const server = createServer((client) => {
      const collector = connect(this.#target, '127.0.0.1');
      client.on('data', (chunk) => {
        this.up += chunk.length;
        collector.write(chunk);
      });
      collector.on('data', (chunk) => {
        this.down += chunk.length;
        client.write(chunk);
      });
      for (const [one, other] of [
        [client, collector],
        [collector, client],
      ] as const) {
        one.on('close', () => other.destroy()).on('error', () => other.destroy());
      }
    });
    this.#server = server;
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    return typeof address === 'object' && address !== null ? address.port : 0;
  }

  stop(): void {
    this.#server?.close();
  }
}

/** Nanoseconds on a processor. */
function cpuTime(pid: number): number {
  return Number(readFileSync(`/proc/${pid}/schedstat`, 'utf8').split(' ')[0]);
}

/** MiB by name in `smaps_rollup`. */
function memoryOf(pid: number): { resident: number; anonymous: number } {
  const text = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
  const read = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(text)?.[1]) / 1_024;
  return { resident: read('Rss'), anonymous: read('Anonymous') };
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

function rounded(value: number, digits = 1): number {
  return Number(value.toFixed(digits));
}

/** Seconds from starting `vonggac start` to the first value in its API. */
async function firstValues(folder: string): Promise<number> {
  const begun = Date.now();
  const program = new Program([
    join(import.meta.dirname, '../../collector/bin/vonggac.js'),
    ...['start', '--data', folder, '--agents-host', '127.0.0.1', '--agents-port', '0', '--console-port', '0'],
  ]);
  program.start();
  try {
    const { consoleUrl } = await until('the collector', () => readRuntime(folder));
    const made = run('collector', [
      'tokens',
      'create',
      '--name',
      'bench',
      '--role',
      'viewer',
      '--data',
      folder,
      '--json',
    ]);
    const { token } = JSON.parse(made.stdout) as { token: string };
    await until('the first value', async () => {
      const answer = await fetch(`${consoleUrl}/api/v1/agents`, { headers: { authorization: `Bearer ${token}` } });
      const { items } = (await answer.json()) as { items: { values: { memory_used_percent?: number } }[] };
      return Object.values(items[0]?.values ?? {}).some((value) => typeof value === 'number');
    });
    return (Date.now() - begun) / 1_000;
  } finally {
    await program.stop();
  }
}

function readRuntime(folder: string): { consoleUrl: string } | undefined {
  try {
    return JSON.parse(readFileSync(join(folder, 'runtime.json'), 'utf8')) as { consoleUrl: string };
  } catch {
    return undefined;
  }
}

/** Programs that a second agent starts after its warm-up; undefined without strace. */
function countExecs(pid: number): { stop: () => Promise<number> } | undefined {
  if (spawnSync('strace', ['-V']).status !== 0) return undefined;
  const child = spawn('strace', ['-f', '-q', '-e', 'trace=execve', '-p', `${pid}`], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let output = '';
  child.stderr.on('data', (chunk) => {
    output += String(chunk);
  });
  return {
    stop: async () => {
      const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
      child.kill('SIGINT');
      await ended;
      return output.split('\n').filter((line) => line.includes('execve(')).length;
    },
  };
}

const folder = temporaryFolder();
const collector = new CollectorProcess(join(folder.path, 'collector'));
const agents = [
  new AgentProcess(join(folder.path, 'agent-1')),
  new AgentProcess(join(folder.path, 'agent-2')),
] as const;
let proxy: CountingProxy | undefined;
try {
  const firstValuesSeconds = await firstValues(join(folder.path, 'start'));
  await collector.start();
  collector.command('units', 'add', 'DV', '--name', 'Đơn vị');
  for (const agent of agents) agent.enrol(collector, { unit: 'DV', class: agentClass });
  proxy = new CountingProxy(collector.agentsPort);
  const port = await proxy.start();
  const [measured, traced] = agents;
  measured.start({ VONGGAC_AGENT_ADDRESS: `127.0.0.1:${port}` });
  traced.start();
  await wait(warmUpMs);

  const execs = countExecs(traced.program.pid);
  const { pid } = measured.program;
  const rows: { cpu: number; resident: number; anonymous: number; up: number; down: number }[] = [];
  for (let minute = 0; minute < minutes; minute += 1) {
    const before = { cpu: cpuTime(pid), up: proxy.up, down: proxy.down, at: performance.now() };
    await wait(minuteMs);
    const elapsedNs = (performance.now() - before.at) * 1e6;
    const perMinute = (minuteMs * 1e6) / elapsedNs;
    rows.push({
      cpu: ((cpuTime(pid) - before.cpu) / elapsedNs) * 100,
      ...memoryOf(pid),
      up: (proxy.up - before.up) * perMinute,
      down: (proxy.down - before.down) * perMinute,
    });
    if (flags.json !== true) process.stderr.write(`minute ${minute + 1} of ${minutes}\n`);
  }
  const answer = (await collector.get('/api/v1/agents')) as { items: { id: string }[] };
  const detail = (await collector.get(`/api/v1/agents/${answer.items[0]?.id}`)) as { points: { fields: object }[] };
  const figures = {
    minutes,
    agent_cpu_percent_of_a_core: rounded(median(rows.map(({ cpu }) => cpu)), 3),
    agent_resident_mib: rounded(median(rows.map(({ resident }) => resident))),
    agent_anonymous_mib: rounded(median(rows.map(({ anonymous }) => anonymous))),
    wire_bytes_per_minute: Math.round(median(rows.map(({ up, down }) => up + down))),
    wire_up_bytes_per_minute: Math.round(median(rows.map(({ up }) => up))),
    wire_down_bytes_per_minute: Math.round(median(rows.map(({ down }) => down))),
    // Not of the median: what comes every five minutes counts too.
    wire_bytes_per_day: Math.round((rows.reduce((sum, { up, down }) => sum + up + down, 0) / minutes) * 1_440),
    values_per_report: detail.points.reduce((sum, { fields }) => sum + Object.keys(fields).length, 0),
    programs_started: (await execs?.stop()) ?? null,
    collector_resident_mib: rounded(memoryOf(collector.program.pid).resident),
    first_values_seconds: rounded(firstValuesSeconds),
  };
  const goals: Partial<Record<keyof typeof figures, string>> = {
    agent_cpu_percent_of_a_core: '0.05',
    agent_resident_mib: '55',
    agent_anonymous_mib: '15',
    wire_bytes_per_minute: '1500',
    wire_bytes_per_day: `${lineBudget(agentClass, { pushed: undefined, own: undefined }).bytes_per_day}`,
    // The ping of the router, each 15 s.
    programs_started: `${4 * minutes}`,
    collector_resident_mib: '150',
    first_values_seconds: '10',
  };
  if (flags.json === true) process.stdout.write(`${JSON.stringify(figures)}\n`);
  else {
    for (const [name, value] of Object.entries(figures)) {
      const goal = goals[name as keyof typeof figures];
      process.stdout.write(`${name.padEnd(30)} ${String(value).padStart(8)}${goal ? `   goal ${goal}` : ''}\n`);
    }
  }
} finally {
  proxy?.stop();
  for (const agent of agents) await agent.stop();
  await collector.stop();
  folder.remove();
}
