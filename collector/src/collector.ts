/** The collector: builds its parts in the order of the data's way, starts them, stops them in reverse. */
import { join } from 'node:path';
import type { Config as PushedConfig } from '@vonggac/shared';
import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import { BackupThread } from './backup/backup-thread.ts';
import { ScheduledBackups } from './backup/scheduled-backups.ts';
import { ClockWatch } from './clocks/clock-watch.ts';
import { codeAddresses } from './code-addresses.ts';
import type { Config } from './config.ts';
import { consoleHosts, reachableHost } from './console-settings.ts';
import { ConsoleTls } from './console-tls.ts';
import { Gateway } from './gateway/gateway.ts';
import { KeyRotation } from './gateway/key-rotation.ts';
import { Revisions } from './gateway/revisions.ts';
import { schedulesFor } from './gateway/schedules.ts';
import { addGauges } from './gauges.ts';
import { createHttpServer, renewCertificate } from './http/http-server.ts';
import { type Conclusions, drawConclusions } from './parts/conclusions.ts';
import { type Foundations, layFoundations } from './parts/foundations.ts';
import { Stops } from './parts/stops.ts';
import { Admissions } from './registry/admission.ts';
import type { AgentRecord } from './registry/agents.ts';
import { BrowserSessions } from './registry/browser-sessions.ts';
import { CodeUses } from './registry/code-uses.ts';
import { EnrolmentCodes } from './registry/enrolment-codes.ts';
import { PendingEnrolments } from './registry/pending-enrolments.ts';
import { People } from './registry/people.ts';
import { openPeople } from './registry/people-file.ts';
import { ProviderPeople } from './registry/people-oidc.ts';
import { RegistryWatch } from './registry/registry-watch.ts';
import { removeRuntimeFile, writeRuntimeFile } from './registry/runtime-file.ts';
import { SignInLinks } from './registry/sign-in-links.ts';
import { Tokens } from './registry/tokens.ts';
import { certificatesOf } from './self-watch/certificates.ts';
import { SelfWatch } from './self-watch/self-watch.ts';
import type { Authority } from './trust/authority.ts';
import { version } from './version.ts';

const tickMs = 1_000;
const watchRegistryMs = 500;
const saveLastSeenMs = 5_000;
const watchTrustMs = 2_000;
const lookForOldKeysMs = 3_600_000;
/** Agents told to change their keys each time the registry is looked at: 20 a second. */
const toldAtOnce = 10;
/** A stop that takes longer is cut short; what is not acknowledged stays with the agents. */
const stopDeadlineMs = 10_000;

export class Collector {
  readonly #config: Config;
  readonly #logger: Logger;
  readonly #now: () => number;
  readonly #stops = new Stops();
  readonly #revisions: Revisions;
  #conclusions: Conclusions | undefined;
  #keys: KeyRotation | undefined;
  #pins: readonly string[] = [];
  #gateway: Gateway | undefined;
  #http: FastifyInstance | undefined;
  #tls: ConsoleTls | undefined;

  constructor(config: Config, options: { logger: Logger; now: () => number }) {
    this.#config = config;
    this.#logger = options.logger;
    this.#now = options.now;
    this.#revisions = new Revisions(options.now);
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
    const { backup } = this.#config;
    const foundations = await layFoundations({
      config: this.#config,
      logger: this.#logger,
      now: this.#now,
      stops: this.#stops,
      observe: (batch) => this.#conclusions?.rules.take(batch),
    });
    const conclusions = drawConclusions(foundations, (agent) => this.#gateway?.configure(agent));
    this.#conclusions = conclusions;
    const enrolment = {
      codes: new EnrolmentCodes(foundations.database),
      codeUses: new CodeUses(foundations.database),
      pending: new PendingEnrolments(foundations.database, {
        lifeDays: this.#config.agents.limits.pending_approval_days,
      }),
    };
    this.#stops.add('runtime file', () => removeRuntimeFile(this.#config.data));
    const registry = this.#watchRegistry(foundations, conclusions);
    const gateway = await this.#openGateway(foundations, { ...enrolment, conclusions });
    await this.#openConsole(foundations, { ...enrolment, conclusions, gateway });
    this.#tellWhereItListens();
    this.#follow(foundations, registry);
    if (backup) this.#scheduleBackups(foundations, backup);
    const { agentsPort, consoleUrl } = this;
    this.#logger.info({ agentsPort, console: consoleUrl, store: foundations.store.name }, 'collector started');
  }

  async #openGateway(foundations: Foundations, parts: Enrolment & { conclusions: Conclusions }): Promise<Gateway> {
    const { authority, agents, audit, incidents, logger, now, monotonic } = foundations;
    const { codes, codeUses, pending, conclusions } = parts;
    const { key_days: keyDays, host, port, limits } = this.#config.agents;
    const keys = new KeyRotation({ agents, audit, keyDays, now });
    this.#keys = keys;
    const gateway = new Gateway({
      ...foundations,
      codes,
      admissions: new Admissions({ agents, codes, pending, uses: codeUses, maxPending: limits.pending_approvals }),
      pending,
      ingest: conclusions.intake,
      clocks: new ClockWatch({ incidents, logger, now, monotonic }),
      keys,
      config: (agent) => this.#pushedConfig(agent),
      host,
      port,
      limits,
    });
    this.#stops.add('gateway', () => gateway.stop());
    await gateway.start();
    this.#gateway = gateway;
    this.#pins = authority.pins;
    return gateway;
  }

  async #openConsole(
    foundations: Foundations,
    parts: Enrolment & { conclusions: Conclusions; gateway: Gateway },
  ): Promise<void> {
    const { database, authority, logger, now, live, incidents, metrics } = foundations;
    const { conclusions, gateway, pending } = parts;
    const { tls, oidc, public_url, host, port } = this.#config.console;
    const people = openPeople(this.#config.data);
    this.#stops.add('people', () => people.close());
    this.#tls = tls && new ConsoleTls({ ...this.#config.console, tls }, { logger, now });
    const selfWatch = new SelfWatch({
      ...foundations,
      folder: this.#config.data,
      sessions: () => gateway.openSessions,
      certificates: () => certificatesOf({ authority, consoleValidTo: this.#tls?.pair.expiresAt }),
      environment: process.env,
    });
    this.#stops.add('self-watch', () => selfWatch.stop());
    const http = createHttpServer({
      ...foundations,
      ...conclusions,
      ...parts,
      tls: this.#tls?.pair,
      hosts: consoleHosts(this.#config.console),
      oidc: oidc && { settings: oidc, publicUrl: public_url ?? '', people: new ProviderPeople(people) },
      codeOrigin: () => ({ pin: authority.pin, addresses: codeAddresses(this.#config, gateway.port) }),
      disconnect: (id) => gateway.revoke(id),
      rules: conclusions.rules.evaluator,
      tokens: new Tokens(database),
      browserSessions: new BrowserSessions(people),
      signInLinks: new SignInLinks(database),
      people: new People(people),
      consoleFolder: join(import.meta.dirname, '../console/dist'),
      version,
      selfWatch,
    });
    this.#http = http;
    this.#stops.add('console', () => http.close());
    await http.listen({ host, port });
    addGauges(metrics.registry, { pending, incidents, gateway, live, now });
    selfWatch.start();
  }

  #watchRegistry(foundations: Foundations, { unitsChanged }: Conclusions): RegistryWatch {
    const registry = new RegistryWatch({
      ...foundations,
      onAgent: (agent) => {
        this.#keys?.look([agent]);
        if (agent.revokedAt !== undefined) this.#gateway?.revoke(agent.id);
      },
      onUnits: unitsChanged,
    });
    this.#stops.add('registry watch', () => registry.save());
    return registry;
  }

  /** What time changes, and what other processes do: commands in the registry and the authorities, people in files. */
  #follow({ live, authority }: Foundations, registry: RegistryWatch): void {
    this.#stops.every(tickMs, () => live.tick());
    this.#stops.every(watchRegistryMs, () => {
      for (const id of this.#keys?.next(toldAtOnce) ?? []) this.#gateway?.configure(id);
      registry.look();
    });
    this.#stops.every(lookForOldKeysMs, () => this.#keys?.look(live.all().map(({ record }) => record)));
    this.#stops.every(saveLastSeenMs, () => registry.save());
    this.#stops.every(watchTrustMs, () => void this.#followTrust(authority));
    this.#stops.every(watchTrustMs, () => this.#followCertificate());
  }

  #scheduleBackups(foundations: Foundations, settings: NonNullable<Config['backup']>): void {
    const { calendars, metrics } = foundations;
    const backups = new ScheduledBackups({
      ...foundations,
      settings,
      zone: calendars.zone,
      maker: new BackupThread(this.#config, settings),
      registry: metrics.registry,
    });
    this.#stops.add('backups', () => backups.stop());
    backups.start();
  }

  /** Intake first, then what is under way, then the files. Safe twice and before start. */
  async stop(): Promise<void> {
    const deadline = setTimeout(() => {
      this.#logger.error('the stop took too long and was cut short');
      process.exit(1);
    }, stopDeadlineMs);
    await this.#stops.run(this.#logger);
    clearTimeout(deadline);
  }

  get agentsPort(): number {
    return this.#gateway?.port ?? this.#config.agents.port;
  }

  /** Where this machine reaches the console. */
  get consoleUrl(): string {
    const address = this.#http?.server.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    const { host, port: wanted, tls } = this.#config.console;
    return `${tls ? 'https' : 'http'}://${reachableHost(host)}:${port ?? wanted}`;
  }

  /** What one agent is told. */
  #pushedConfig(agent: AgentRecord): PushedConfig {
    const services = this.#config.agents.services_by_class[agent.class];
    return this.#revisions.number(agent.id, {
      type: 'config',
      schedules: schedulesFor(agent.class, this.#config.agents),
      ...(services.length > 0 && { services }),
      ...(this.#pins.length > 0 && { pins: [...this.#pins] }),
      ...(this.#keys?.isDue(agent) && { rotateKey: true }),
      ...(this.#conclusions && { connectivity: this.#conclusions.connectivity.settingsFor(agent) }),
    });
  }

  /** Commands prepare and change the root beside a running collector; agents are told at once. */
  async #followTrust({ pins }: Authority): Promise<void> {
    if (pins.length === 0 || pins.join() === this.#pins.join()) return;
    const isNewRoot = pins[0] !== this.#pins[0];
    this.#pins = pins;
    this.#gateway?.configure();
    if (isNewRoot) await this.#gateway?.renew();
    this.#logger.info({ pins: pins.length }, 'the authorities have changed');
  }

  /** Somebody else renews the files. */
  #followCertificate(): void {
    this.#tls?.follow((pair) => {
      if (this.#http) renewCertificate(this.#http, pair);
      this.#tellWhereItListens();
    });
  }

  #tellWhereItListens(): void {
    const { agentsPort, consoleUrl } = this;
    const consoleFingerprint = this.#tls?.pair.fingerprint;
    writeRuntimeFile(this.#config.data, { agentsPort, consoleUrl, consoleFingerprint });
  }
}

interface Enrolment {
  readonly codes: EnrolmentCodes;
  readonly codeUses: CodeUses;
  readonly pending: PendingEnrolments;
}
