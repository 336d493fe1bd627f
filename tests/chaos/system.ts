/** What the faults hit: a real collector, its store, and agents, each behind a line of its own. */
import { cpSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { InfluxStore } from '../../collector/src/stores/influx-store.ts';
import { SqliteStore } from '../../collector/src/stores/sqlite-store.ts';
import type { Store } from '../../collector/src/stores/store.ts';
import { Authority } from '../../collector/src/trust/authority.ts';
import { Random } from '../fuzz/random.ts';
import { Influxd } from '../harness/influxd.ts';
import { CollectorProcess, until } from '../harness/program.ts';
import { ChaosAgent } from './chaos-agent.ts';
import { FaultyStore } from './faulty-store.ts';
import type { Role } from './plan.ts';

export type StoreKind = 'influx' | 'sqlite';

interface Options {
  /** Empty. */
  readonly folder: string;
  readonly seed: string;
  readonly roles: readonly Role[];
  /** The program, for the store on InfluxDB; without it the collector's own store. */
  readonly influxd: string | undefined;
}

const dayMs = 86_400_000;
/** Enough for two machines that start at the same time as everything else. */
const readyMs = 60_000;

export class System {
  readonly agents: readonly ChaosAgent[];
  readonly #options: Options;
  #collector: CollectorProcess | undefined;
  #influxd: Influxd | undefined;
  #faultyStore: FaultyStore | undefined;

  constructor(options: Options) {
    this.#options = options;
    const { folder, seed, roles } = options;
    this.agents = roles.map((role, index) => {
      const random = new Random(`${seed} line ${index}`);
      const collectorPort = () => this.collector.agentsPort;
      return new ChaosAgent({ folder, name: `agent-${index}`, role, collectorPort, random });
    });
  }

  get collector(): CollectorProcess {
    if (!this.#collector) throw new Error('there is no collector yet');
    return this.#collector;
  }

  /** What it has said since it was started last. */
  get collectorOutput(): string {
    return this.#collector?.program.output ?? '';
  }

  /** Undefined with the collector's own store. */
  get influxd(): Influxd | undefined {
    return this.#influxd;
  }

  get faultyStore(): FaultyStore | undefined {
    return this.#faultyStore;
  }

  async start(): Promise<void> {
    const { folder, influxd } = this.#options;
    if (influxd !== undefined) {
      this.#influxd = await Influxd.start(influxd);
      this.#faultyStore = new FaultyStore(this.#influxd.url);
      await this.#faultyStore.start();
    }
    const configuration = join(folder, 'collector.yaml');
    writeFileSync(configuration, this.#configuration());
    const collector = new CollectorProcess(join(folder, 'collector'), { VONGGAC_CONFIG: configuration });
    this.#collector = collector;
    await collector.start();
    collector.command('units', 'add', 'XA-01', '--name', 'Xã thử nghiệm');
    const count = `${this.agents.length}`;
    const made = collector.command('codes', 'create', '--unit', 'XA-01', '--class', 'server', '--uses', count);
    const { short_code } = made as { short_code: string };
    for (const agent of this.agents) await agent.enrol(short_code, collector.address);
    for (const agent of this.agents) agent.start();
    const isConnected = (agent: ChaosAgent) => agent.status?.uplink.state === 'open';
    await until('all agents to be connected', () => this.agents.every(isConnected), readyMs);
  }

  /** The leaf of the agents' port is one that was good until ten days ago. */
  async expireCertificate(): Promise<void> {
    const trust = join(this.collector.folder, 'trust');
    const work = join(this.#options.folder, 'expired');
    mkdirSync(join(work, 'trust'), { recursive: true });
    for (const name of ['ca.pem', 'ca-key.pem']) cpSync(join(trust, name), join(work, 'trust', name));
    await new Authority(work, () => Date.now() - 100 * dayMs).credentials();
    for (const name of ['leaf-key.pem', 'leaf.pem']) renameSync(join(work, 'trust', name), join(trust, name));
    rmSync(work, { recursive: true });
  }

  /** The store as it is, without the collector, which has to be stopped. */
  async openStore(): Promise<Store> {
    const warn = () => undefined;
    const store = this.#influxd
      ? new InfluxStore({ url: this.#influxd.url, warn, timeoutMs: readyMs })
      : new SqliteStore({ folder: this.collector.folder, warn, queryBudgetMs: readyMs });
    await store.start();
    return store;
  }

  /** Ends everything, whatever state it is in. */
  async remove(): Promise<void> {
    await Promise.allSettled([
      ...this.agents.map((agent) => agent.remove()),
      this.#collector?.stop('SIGKILL'),
      this.#faultyStore?.stop(),
      this.#influxd?.stop(),
    ]);
  }

  /** Lines that carry whatever there is to carry: only the faults are to hold the agents up. */
  #configuration(): string {
    const store = this.#faultyStore
      ? `store:\n  kind: influx\n  influx:\n    url: ${this.#faultyStore.url}\n`
      : 'store:\n  kind: sqlite\n';
    return `${store}connectivity:
  edge:
    check: false
  budget:
    server: 10000000000
    backfill_bits_per_second: 100000000
`;
  }
}
