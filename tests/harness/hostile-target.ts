/** A collector under attack: beside it a well-behaved agent, and an eye on its memory and its event loop. */
import { appendFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { expect } from 'vitest';
import { AgentProcess, CollectorProcess, until } from './program.ts';
import { RawAgent } from './raw-agent.ts';

interface Vitals {
  /** Bytes that live after a garbage collection: heap and buffers. */
  readonly live: number;
  readonly rss: number;
  /** Event-loop delay since the last look, milliseconds. */
  readonly p99: number;
  readonly max: number;
}

/** Runs in the collector: on SIGUSR2 it collects garbage and writes its vitals. */
const eye = `
import { isMainThread } from 'node:worker_threads';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { writeFileSync, renameSync } from 'node:fs';
if (isMainThread) {
  const delay = monitorEventLoopDelay({ resolution: 10 });
  delay.enable();
  process.on('SIGUSR2', () => {
    const p99 = delay.percentile(99) / 1e6, max = delay.max / 1e6;
    const file = process.env.VONGGAC_TEST_VITALS;
    globalThis.gc(); globalThis.gc();
    const { heapUsed, external, rss } = process.memoryUsage();
    writeFileSync(file + '.new', JSON.stringify({ live: heapUsed + external, rss, p99, max }));
    renameSync(file + '.new', file);
    delay.reset();
  });
}`;

const megabyte = 1_048_576;

export class HostileTarget {
  readonly collector: CollectorProcess;
  readonly #folder: string;
  readonly #vitalsFile: string;
  readonly #open: RawAgent[] = [];
  #witness: RawAgent | undefined;
  #seq = 0;

  /** `limits` are lines of `agents.limits`, for what an attack has to get past to reach its target. */
  constructor(folder: string, limits: Readonly<Record<string, number>> = {}) {
    this.#folder = folder;
    this.#vitalsFile = join(folder, 'vitals.json');
    const lines = Object.entries(limits).map(([name, value]) => `    ${name}: ${value}\n`);
    writeFileSync(join(folder, 'collector.yaml'), `agents:\n  limits:\n${lines.join('')}`);
    this.collector = new CollectorProcess(join(folder, 'collector'), {
      VONGGAC_CONFIG: join(folder, 'collector.yaml'),
      VONGGAC_TEST_VITALS: this.#vitalsFile,
      NODE_OPTIONS: `--expose-gc --import=data:text/javascript,${encodeURIComponent(eye)}`,
    });
  }

  get port(): number {
    return this.collector.agentsPort;
  }

  async start(): Promise<void> {
    await this.collector.start();
    this.collector.command('units', 'add', 'DV', '--name', 'Đơn vị');
    this.enrol('witness');
    this.enrol('villain');
    this.#witness = await this.#connect('witness');
    await this.#witness.open();
    // The first of everything costs memory that stays.
    for (let i = 0; i < 3; i += 1) (await this.villain()).close();
    await this.counter('none');
  }

  async stop(): Promise<void> {
    this.#witness?.close();
    expect(this.collector.program.running).toBe(true);
    expect(await this.collector.stop()).toBe(0);
    // Uncaught exceptions and unhandled rejections leave a stack.
    expect(this.collector.program.output).not.toMatch(/\n\s+at /);
  }

  enrol(name: string): AgentProcess {
    const agent = new AgentProcess(join(this.#folder, name));
    agent.enrol(this.collector, { unit: 'DV' });
    return agent;
  }

  /** A session of an agent that is enrolled and means harm. */
  async villain(): Promise<RawAgent> {
    const agent = await this.#connect('villain');
    await agent.open();
    return agent;
  }

  /** The same before its hello. */
  stranger(): Promise<RawAgent> {
    return this.#connect('villain');
  }

  /** The sum of a counter over the labels that match. */
  async counter(name: string, label = ''): Promise<number> {
    const text = String(await this.collector.get('/metrics'));
    return text
      .split('\n')
      .filter((line) => line.startsWith(name) && line.includes(label))
      .reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
  }

  /** Runs an attack and checks that nobody but the attacker notices. */
  async endures(name: string, attack: () => Promise<void>, options: { growthMb?: number; p99Ms?: number } = {}) {
    const before = await this.#vitals();
    const witness = this.#watchWitness();
    let slowestAckMs = 0;
    try {
      await attack();
    } finally {
      for (const agent of this.#open.splice(0)) agent.close();
      slowestAckMs = await witness.stop();
    }
    const underAttack = await this.#vitals();
    const allowed = (options.growthMb ?? 10) * megabyte;
    const connectMs = await this.#honestConnectMs();
    const after = await until(
      `memory to come back after ${name}`,
      async () => {
        const now = await this.#vitals();
        return now.live - before.live <= allowed && now;
      },
      10_000,
    );
    const growth = (bytes: number) => Math.round(((bytes - before.live) / megabyte) * 10) / 10;
    const figures = {
      name,
      liveAtEnd: growth(underAttack.live),
      liveAfter: growth(after.live),
      rss: Math.round((after.rss - before.rss) / megabyte),
      p99: Math.round(underAttack.p99),
      max: Math.round(underAttack.max),
      slowestAckMs,
      connectMs,
    };
    const file = process.env.VONGGAC_TEST_FIGURES;
    if (file !== undefined) appendFileSync(file, `${JSON.stringify(figures)}\n`);
    expect(underAttack.p99, `event-loop delay of ${name}`).toBeLessThan(options.p99Ms ?? 200);
  }

  async #connect(name: string): Promise<RawAgent> {
    const agent = await RawAgent.connect(join(this.#folder, name), this.port);
    if (name !== 'witness') this.#open.push(agent);
    return agent;
  }

  /** The well-behaved agent sends a point every 100 ms; all must be acknowledged. */
  #watchWitness(): { stop: () => Promise<number> } {
    const witness = this.#witness;
    if (!witness) throw new Error('not started');
    let going = true;
    const done = (async () => {
      let slowest = 0;
      while (going) {
        this.#seq += 1;
        const sentAt = Date.now();
        witness.batch(this.#seq);
        await witness.ack(this.#seq);
        slowest = Math.max(slowest, Date.now() - sentAt);
        witness.received.length = 0;
        await wait(100);
      }
      return slowest;
    })();
    // Awaited in `stop`; until then a failure must not end the test run.
    done.catch(() => undefined);
    return {
      stop: () => {
        going = false;
        return done;
      },
    };
  }

  async #honestConnectMs(): Promise<number> {
    const startedAt = Date.now();
    const agent = await until('an honest agent to get in', () => this.villain().catch(() => undefined), 5_000);
    agent.batch(1);
    await agent.ack(1);
    for (const one of this.#open.splice(0)) one.close();
    return Date.now() - startedAt;
  }

  async #vitals(): Promise<Vitals> {
    rmSync(this.#vitalsFile, { force: true });
    this.collector.program.signal('SIGUSR2');
    return until('the vitals', () => {
      try {
        return JSON.parse(readFileSync(this.#vitalsFile, 'utf8')) as Vitals;
      } catch {
        return undefined;
      }
    });
  }
}
