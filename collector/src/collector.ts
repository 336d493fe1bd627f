/** The collector: builds its parts in the order of the data's way, starts them, stops them in reverse. */
import { rmSync, writeFileSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import type { Config as PushedConfig } from '@vonggac/shared';
import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import { Gauge } from 'prom-client';
import type { Config } from './config.ts';
import { Gateway } from './gateway/gateway.ts';
import { createHttpServer } from './http/http-server.ts';
import { Ingest } from './ingest/ingest.ts';
import { LiveState } from './live/live-state.ts';
import { createMetrics, type Metrics } from './metrics.ts';
import { Agents } from './registry/agents.ts';
import { AuditLog } from './registry/audit-log.ts';
import { BrowserSessions } from './registry/browser-sessions.ts';
import { openRegistry } from './registry/database.ts';
import { EnrolmentCodes } from './registry/enrolment-codes.ts';
import { type FolderLock, lockFolder } from './registry/folder-lock.ts';
import { openPeople, People } from './registry/people.ts';
import { SignInLinks } from './registry/sign-in-links.ts';
import { Tokens } from './registry/tokens.ts';
import { Units } from './registry/units.ts';
import { createStore } from './stores/create-store.ts';
import type { Store } from './stores/store.ts';
import { Authority } from './trust/authority.ts';
import { version } from './version.ts';

const tickMs = 1_000;
const watchRegistryMs = 500;
const saveLastSeenMs = 5_000;
const watchTrustMs = 2_000;
/** A stop that takes longer is cut short; what is not acknowledged stays with the agents. */
const stopDeadlineMs = 10_000;

export class Collector {
  readonly #config: Config;
  readonly #logger: Logger;
  readonly #now: () => number;
  readonly #metrics: Metrics = createMetrics();
  #lock: FolderLock | undefined;
  #database: DatabaseSync | undefined;
  #audit: AuditLog | undefined;
  #people: DatabaseSync | undefined;
  #store: Store | undefined;
  #ingest: Ingest | undefined;
  #authority: Authority | undefined;
  #pins: readonly string[] = [];
  #live: LiveState | undefined;
  #gateway: Gateway | undefined;
  #http: FastifyInstance | undefined;
  #timers: NodeJS.Timeout[] = [];
  #dataVersion = 0;

  constructor(config: Config, options: { logger: Logger; now: () => number }) {
    this.#config = config;
    this.#logger = options.logger;
    this.#now = options.now;
  }

  /** Throws when a person has to act: the folder, a port, the data's version. */
  async start(): Promise<void> {
    try {
      await this.#start();
    } catch (error) {
      await this.stop();
      throw error;
    }
  }

  async #start(): Promise<void> {
    const now = this.#now;
    this.#lock = lockFolder(this.#config.data);
    const database = openRegistry(this.#config.data);
    this.#database = database;
    const agents = new Agents(database);
    const units = new Units(database);
    const live = new LiveState(now);
    this.#live = live;
    for (const agent of agents.all()) live.put(agent);

    const store = createStore(this.#config, { logger: this.#logger });
    this.#store = store;
    await store.start();
    const ingest = new Ingest(store, this.#metrics);
    this.#ingest = ingest;

    const authority = new Authority(this.#config.data, now);
    this.#authority = authority;
    const gateway = new Gateway({
      authority,
      agents,
      codes: new EnrolmentCodes(database),
      ingest,
      live,
      metrics: this.#metrics,
      logger: this.#logger,
      now,
      config: () => this.#pushedConfig(),
      host: this.#config.agents.host,
      port: this.#config.agents.port,
      limits: this.#config.agents.limits,
    });
    await gateway.start();
    this.#gateway = gateway;
    this.#pins = authority.pins;

    const audit = new AuditLog(this.#config.data);
    this.#audit = audit;
    const people = openPeople(this.#config.data);
    this.#people = people;
    this.#http = createHttpServer({
      units,
      live,
      store,
      tokens: new Tokens(database),
      browserSessions: new BrowserSessions(people),
      signInLinks: new SignInLinks(database),
      people: new People(people),
      audit,
      metrics: this.#metrics,
      logger: this.#logger,
      consoleFolder: join(import.meta.dirname, '../console/dist'),
      version,
      now,
      ready: () => this.#readiness(),
    });
    await this.#http.listen({ host: this.#config.console.host, port: this.#config.console.port });

    this.#addGauges();
    this.#timers = [
      setInterval(() => live.tick(), tickMs),
      setInterval(() => this.#followRegistry(agents), watchRegistryMs),
      setInterval(() => this.#saveLastSeen(agents), saveLastSeenMs),
      setInterval(() => void this.#followTrust(), watchTrustMs),
    ];
    this.#dataVersion = this.#readDataVersion();
    this.#writeRuntimeFile();
    this.#logger.info({ agentsPort: gateway.port, console: this.consoleUrl, store: store.name }, 'collector started');
  }

  /** Intake first, then what is under way, then the files. Safe twice and before start. */
  async stop(): Promise<void> {
    const deadline = setTimeout(() => {
      this.#logger.error('the stop took too long and was cut short');
      process.exit(1);
    }, stopDeadlineMs);
    for (const timer of this.#timers) clearInterval(timer);
    this.#timers = [];
    const steps: [string, () => Promise<void> | void][] = [
      ['gateway', () => this.#gateway?.stop()],
      ['console', () => this.#http?.close()],
      ['ingest', () => this.#ingest?.stop()],
      ['store', () => this.#store?.stop()],
      ['audit log', () => this.#audit?.close()],
      ['people', () => this.#closePeople()],
      ['registry', () => this.#closeRegistry()],
      ['lock', () => this.#unlock()],
    ];
    for (const [name, step] of steps) {
      try {
        await step();
      } catch (error) {
        this.#logger.error({ part: name, error: (error as Error).message }, 'a part did not stop cleanly');
      }
    }
    clearTimeout(deadline);
  }

  get agentsPort(): number {
    return this.#gateway?.port ?? this.#config.agents.port;
  }

  /** `http://host:port` of the console. */
  get consoleUrl(): string {
    const address = this.#http?.server.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    const host = this.#config.console.host.includes(':') ? `[${this.#config.console.host}]` : this.#config.console.host;
    return `http://${host}:${port ?? this.#config.console.port}`;
  }

  #pushedConfig(): PushedConfig {
    return {
      type: 'config',
      revision: 0,
      schedules: this.#config.agents.schedules,
      ...(this.#pins.length > 0 && { pins: [...this.#pins] }),
    };
  }

  /** Commands prepare and change the root beside a running collector; agents are told at once. */
  async #followTrust(): Promise<void> {
    const pins = this.#authority?.pins ?? [];
    if (pins.length === 0 || pins.join() === this.#pins.join()) return;
    const isNewRoot = pins[0] !== this.#pins[0];
    this.#pins = pins;
    this.#gateway?.configure(this.#pushedConfig());
    if (isNewRoot) await this.#gateway?.renew();
    this.#logger.info({ pins: pins.length }, 'the authorities have changed');
  }

  #readiness(): { ready: boolean; problems: string[] } {
    const problem = this.#store?.health();
    return { ready: problem === undefined, problems: problem === undefined ? [] : [problem] };
  }

  #addGauges(): void {
    const registers = [this.#metrics.registry];
    const gateway = this.#gateway;
    const live = this.#live;
    new Gauge({
      name: 'vonggac_agent_sessions',
      help: 'Agents connected now',
      registers,
      collect() {
        this.set(gateway?.openSessions ?? 0);
      },
    });
    new Gauge({
      name: 'vonggac_agents',
      help: 'Enrolled agents by state',
      labelNames: ['state'],
      registers,
      collect() {
        this.reset();
        for (const agent of live?.all() ?? []) this.inc({ state: agent.state });
      },
    });
  }

  /** Commands change the registry from other processes; SQLite tells by `data_version`. */
  #followRegistry(agents: Agents): void {
    const seen = this.#readDataVersion();
    if (seen === this.#dataVersion) return;
    this.#dataVersion = seen;
    for (const agent of agents.all()) {
      const known = this.#live?.get(agent.id)?.record;
      if (known && known.revokedAt === agent.revokedAt && known.unit === agent.unit) continue;
      this.#live?.put(agent);
      if (agent.revokedAt !== undefined) this.#gateway?.revoke(agent.id);
    }
  }

  #readDataVersion(): number {
    const row = this.#database?.prepare('PRAGMA data_version').get() as { data_version: number } | undefined;
    return row?.data_version ?? 0;
  }

  #saveLastSeen(agents: Agents): void {
    const changed = new Map<string, number>();
    for (const { record, lastSeen } of this.#live?.all() ?? []) {
      if (lastSeen !== undefined && lastSeen !== record.lastSeen) changed.set(record.id, lastSeen);
    }
    agents.saveLastSeen(changed);
  }

  /** Tells commands on this machine where the running collector listens. */
  #writeRuntimeFile(): void {
    const text = JSON.stringify({ pid: process.pid, agentsPort: this.agentsPort, consoleUrl: this.consoleUrl });
    writeFileSync(join(this.#config.data, 'runtime.json'), `${text}\n`);
  }

  #unlock(): void {
    this.#lock?.release();
    this.#lock = undefined;
  }

  #closePeople(): void {
    this.#people?.close();
    this.#people = undefined;
  }

  #closeRegistry(): void {
    const database = this.#database;
    if (!database) return;
    this.#database = undefined;
    this.#saveLastSeen(new Agents(database));
    database.close();
    rmSync(join(this.#config.data, 'runtime.json'), { force: true });
  }
}

/** Where agents can reach a collector on this machine, loopback last. */
export function reachableAddresses(port: number): string[] {
  const found = Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter(({ internal, family }) => !internal && family === 'IPv4')
    .map(({ address }) => `${address}:${port}`);
  return [...found, `127.0.0.1:${port}`];
}
