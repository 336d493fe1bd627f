/** A collector under attack: beside it a well-behaved agent, and an eye on its memory and its event loop. */
import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { AgentProcess, CollectorProcess, until } from './program.ts';
import { RawAgent } from './raw-agent.ts';
import { readVitals, type Vitals, watched } from './vitals.ts';
import { Witness } from './witness.ts';

const megabyte = 1_048_576;

export class HostileTarget {
  readonly collector: CollectorProcess;
  readonly #folder: string;
  readonly #vitalsFile: string;
  readonly #open: RawAgent[] = [];
  #witness: Witness | undefined;

  /** `limits` are lines of `agents.limits`, for what an attack has to get past to reach its target. */
  constructor(
    folder: string,
    limits: Readonly<Record<string, number>> = {},
    store: { readonly influxUrl?: string } = {},
  ) {
    this.#folder = folder;
    this.#vitalsFile = join(folder, 'vitals.json');
    const lines = Object.entries(limits).map(([name, value]) => `    ${name}: ${value}\n`);
    const influx = store.influxUrl && `store:\n  kind: influx\n  influx:\n    url: ${store.influxUrl}\n`;
    writeFileSync(join(folder, 'collector.yaml'), `${influx ?? ''}agents:\n  limits:\n${lines.join('')}`);
    this.collector = new CollectorProcess(join(folder, 'collector'), {
      VONGGAC_CONFIG: join(folder, 'collector.yaml'),
      ...watched(this.#vitalsFile),
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
    const witness = await this.#connect('witness');
    await witness.open();
    this.#witness = new Witness(witness);
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
    const witness = this.#witness?.watch();
    let slowestAckMs = 0;
    try {
      await attack();
    } finally {
      for (const agent of this.#open.splice(0)) agent.close();
      slowestAckMs = (await witness?.stop()) ?? 0;
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

  async #honestConnectMs(): Promise<number> {
    const startedAt = Date.now();
    const agent = await until('an honest agent to get in', () => this.villain().catch(() => undefined), 5_000);
    agent.batch(1);
    await agent.ack(1);
    for (const one of this.#open.splice(0)) one.close();
    return Date.now() - startedAt;
  }

  #vitals(): Promise<Vitals> {
    return readVitals(this.collector.program, this.#vitalsFile);
  }
}
