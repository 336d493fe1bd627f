/** The collector: builds its parts in the order of the data's way, starts them, stops them in reverse. */
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import type { DatabaseSync } from 'node:sqlite';
import type { Config as PushedConfig } from '@vonggac/shared';
import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import { Availability } from './availability/availability.ts';
import { BackupThread } from './backup/backup-thread.ts';
import { ScheduledBackups } from './backup/scheduled-backups.ts';
import { Calendars } from './calendar/calendars.ts';
import { ClockWatch } from './clocks/clock-watch.ts';
import { codeAddresses } from './code-addresses.ts';
import type { Config } from './config.ts';
import { Connectivity } from './connectivity/connectivity.ts';
import { consoleHosts, reachableHost } from './console-settings.ts';
import { ConsoleTls } from './console-tls.ts';
import { Gateway } from './gateway/gateway.ts';
import { KeyRotation } from './gateway/key-rotation.ts';
import { Revisions } from './gateway/revisions.ts';
import { schedulesFor } from './gateway/schedules.ts';
import { addGauges } from './gauges.ts';
import { GrafanaDriving } from './grafana/driving/grafana-driving.ts';
import { createHttpServer, renewCertificate } from './http/http-server.ts';
import { IncidentReport } from './incidents/incident-report.ts';
import { Incidents } from './incidents/incidents.ts';
import { Ingest } from './ingest/ingest.ts';
import { LiveState, type PlannedAt } from './live/live-state.ts';
import { createMetrics, type Metrics } from './metrics.ts';
import { Notify } from './notify/notify.ts';
import { createSurroundings } from './notify/surroundings.ts';
import { Outages } from './outages/outages.ts';
import { ownAddresses } from './outages/own-addresses.ts';
import { Protection } from './protection/protection.ts';
import { Admissions } from './registry/admission.ts';
import { type AgentRecord, Agents } from './registry/agents.ts';
import { AuditLog } from './registry/audit-log.ts';
import { BrowserSessions } from './registry/browser-sessions.ts';
import { CodeUses } from './registry/code-uses.ts';
import { openRegistry } from './registry/database.ts';
import { EnrolmentCodes } from './registry/enrolment-codes.ts';
import { type FolderLock, lockFolder } from './registry/folder-lock.ts';
import { PendingEnrolments } from './registry/pending-enrolments.ts';
import { People } from './registry/people.ts';
import { openPeople } from './registry/people-file.ts';
import { ProviderPeople } from './registry/people-oidc.ts';
import { SignInLinks } from './registry/sign-in-links.ts';
import { Tokens } from './registry/tokens.ts';
import { Units } from './registry/units.ts';
import { Rules } from './rules/rules.ts';
import { certificatesOf } from './self-watch/certificates.ts';
import { SelfWatch } from './self-watch/self-watch.ts';
import { createStore } from './stores/create-store.ts';
import type { Store } from './stores/store.ts';
import { Authority } from './trust/authority.ts';
import { version } from './version.ts';

const tickMs = 1_000;
const watchRegistryMs = 500;
const saveLastSeenMs = 5_000;
const watchTrustMs = 2_000;
const lookForOldKeysMs = 3_600_000;
/** Agents told to change their keys each time the registry is looked at: 20 a second. */
const toldAtOnce = 10;
/** An agent whose detections of malware could not be kept sends them again. */
const retryDetectionsMs = 5_000;
/** A stop that takes longer is cut short; what is not acknowledged stays with the agents. */
const stopDeadlineMs = 10_000;

export class Collector {
  readonly #config: Config;
  readonly #logger: Logger;
  readonly #now: () => number;
  readonly #metrics: Metrics = createMetrics();
  #lock: FolderLock | undefined;
  #database: DatabaseSync | undefined;
  #agents: Agents | undefined;
  #audit: AuditLog | undefined;
  #incidents: Incidents | undefined;
  #incidentReport: IncidentReport | undefined;
  #calendars: Calendars | undefined;
  #connectivity: Connectivity | undefined;
  #protection: Protection | undefined;
  #backups: ScheduledBackups | undefined;
  #outages: Outages | undefined;
  #availability: Availability | undefined;
  #rules: Rules | undefined;
  #notify: Notify | undefined;
  #grafana: GrafanaDriving | undefined;
  #keys: KeyRotation | undefined;
  #people: DatabaseSync | undefined;
  #store: Store | undefined;
  #ingest: Ingest | undefined;
  #authority: Authority | undefined;
  #pins: readonly string[] = [];
  #live: LiveState | undefined;
  #gateway: Gateway | undefined;
  #http: FastifyInstance | undefined;
  #tls: ConsoleTls | undefined;
  #selfWatch: SelfWatch | undefined;
  #timers: NodeJS.Timeout[] = [];
  #dataVersion = 0;
  #unitChanges = 0;
  readonly #revisions: Revisions;

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
    const now = this.#now;
    this.#lock = lockFolder(this.#config.data);
    const database = openRegistry(this.#config.data);
    this.#database = database;
    const agents = new Agents(database);
    this.#agents = agents;
    const units = new Units(database);
    const { limits } = this.#config.agents;
    const codes = new EnrolmentCodes(database);
    const codeUses = new CodeUses(database);
    const pending = new PendingEnrolments(database, { lifeDays: limits.pending_approval_days });
    const plannedAt: PlannedAt = (subject, at) => this.#calendars?.planned.plannedAt(subject, at);
    const live = new LiveState(now, { plannedAt });
    this.#live = live;
    for (const agent of agents.all()) live.put(agent);

    const store = createStore(this.#config, { logger: this.#logger, registry: this.#metrics.registry });
    this.#store = store;
    await store.start();
    const ingest = new Ingest(store, {
      metrics: this.#metrics,
      now,
      monotonic: () => performance.now(),
      random: Math.random,
      observe: (batch) => this.#rules?.take(batch),
    });
    this.#ingest = ingest;

    const authority = new Authority(this.#config.data, now);
    this.#authority = authority;
    const audit = new AuditLog(this.#config.data);
    this.#audit = audit;
    const incidents = new Incidents(this.#config.data);
    this.#incidents = incidents;
    const calendars = new Calendars({
      folder: this.#config.data,
      settings: this.#config.calendar,
      units,
      now,
    });
    this.#calendars = calendars;
    calendars.start(this.#logger);
    const connectivity = new Connectivity({
      folder: this.#config.data,
      settings: this.#config.connectivity,
      live,
      units,
      incidents,
      isPlanned: (link, at) => calendars.planned.plannedAt(link, at) !== undefined,
      ingest,
      push: (id) => this.#gateway?.configure(id),
      registry: this.#metrics.registry,
      logger: this.#logger,
      now,
      monotonic: () => performance.now(),
    });
    this.#connectivity = connectivity;
    connectivity.start();
    const protection = new Protection({
      folder: this.#config.data,
      settings: this.#config.protection,
      live,
      units,
      incidents,
      ingest,
      registry: this.#metrics.registry,
      logger: this.#logger,
      now,
    });
    this.#protection = protection;
    protection.start();
    const outages = new Outages({
      folder: this.#config.data,
      live,
      units,
      connectivity,
      plannedAt,
      incidents,
      ingest,
      registry: this.#metrics.registry,
      logger: this.#logger,
      now,
      ownAddresses,
    });
    this.#outages = outages;
    outages.start();
    const availability = new Availability({
      folder: this.#config.data,
      agents: () => live.all().map(({ record }) => record),
      units,
      outages,
      links: connectivity.ledger,
      planned: calendars.planned,
      zone: calendars.zone,
      now,
    });
    this.#availability = availability;
    availability.start({ audit, logger: this.#logger });
    const rules = new Rules({
      live,
      plannedAt,
      store,
      incidents,
      ingest,
      registry: this.#metrics.registry,
      logger: this.#logger,
      now,
    });
    this.#rules = rules;
    rules.start();
    const { registry } = this.#metrics;
    const incidentReport = new IncidentReport({
      incidents,
      live,
      plannedAt: (subject, at) => calendars.planned.plannedAt(subject, at),
      ingest,
      registry,
      logger: this.#logger,
      now,
    });
    this.#incidentReport = incidentReport;
    incidentReport.start();
    const grafana = new GrafanaDriving({
      folder: this.#config.data,
      settings: this.#config.grafana,
      incidents,
      outages: outages.ledger,
      calendars,
      units,
      live,
      registry: this.#metrics.registry,
      logger: this.#logger,
      now,
    });
    this.#grafana = grafana;
    grafana.start();
    const consoleUrl = this.#config.console.public_url;
    const notify = new Notify({
      folder: this.#config.data,
      settings: this.#config.notify,
      escalation: this.#config.incidents.escalate_minutes,
      incidents,
      surroundings: createSurroundings({ live, units, planned: calendars.planned, zone: calendars.zone, consoleUrl }),
      registry: this.#metrics.registry,
      logger: this.#logger,
      now,
    });
    this.#notify = notify;
    const keys = new KeyRotation({ agents, audit, keyDays: this.#config.agents.key_days, now });
    this.#keys = keys;
    const gateway = new Gateway({
      authority,
      agents,
      codes,
      admissions: new Admissions({ agents, codes, pending, uses: codeUses, maxPending: limits.pending_approvals }),
      pending,
      ingest: {
        write: (batch) => {
          connectivity.take(batch);
          outages.take(batch);
          if (!protection.take(batch)) return Promise.resolve({ status: 'retry', afterMs: retryDetectionsMs });
          return ingest.write(batch);
        },
      },
      live,
      metrics: this.#metrics,
      logger: this.#logger,
      now,
      incidents,
      clocks: new ClockWatch({ incidents, logger: this.#logger, now, monotonic: () => performance.now() }),
      keys,
      config: (agent) => this.#pushedConfig(agent),
      host: this.#config.agents.host,
      port: this.#config.agents.port,
      limits,
    });
    await gateway.start();
    this.#gateway = gateway;
    this.#pins = authority.pins;

    const people = openPeople(this.#config.data);
    this.#people = people;
    const { tls, oidc, public_url } = this.#config.console;
    this.#tls = tls && new ConsoleTls({ ...this.#config.console, tls }, { logger: this.#logger, now });
    const selfWatch = new SelfWatch({
      folder: this.#config.data,
      store,
      ingest,
      incidents,
      sessions: () => gateway.openSessions,
      certificates: () => certificatesOf({ authority, consoleValidTo: this.#tls?.pair.expiresAt }),
      metrics: this.#metrics,
      environment: process.env,
      logger: this.#logger,
      now,
      monotonic: () => performance.now(),
    });
    this.#selfWatch = selfWatch;
    this.#http = createHttpServer({
      tls: this.#tls?.pair,
      hosts: consoleHosts(this.#config.console),
      oidc: oidc && { settings: oidc, publicUrl: public_url ?? '', people: new ProviderPeople(people) },
      units,
      agents,
      codes,
      codeUses,
      codeOrigin: () => ({ pin: authority.pin, addresses: codeAddresses(this.#config, gateway.port) }),
      pending,
      disconnect: (id) => gateway.revoke(id),
      incidents,
      connectivity,
      protection,
      outages,
      calendars,
      availability,
      rules: rules.evaluator,
      notify,
      grafana,
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
      selfWatch,
    });
    await this.#http.listen({ host: this.#config.console.host, port: this.#config.console.port });

    addGauges(this.#metrics.registry, { pending, incidents, gateway, live, now });
    this.#timers = [
      setInterval(() => live.tick(), tickMs),
      setInterval(() => this.#followRegistry(agents, units), watchRegistryMs),
      setInterval(() => keys.look(live.all().map(({ record }) => record)), lookForOldKeysMs),
      setInterval(() => this.#saveLastSeen(agents), saveLastSeenMs),
      setInterval(() => void this.#followTrust(), watchTrustMs),
      setInterval(() => this.#followCertificate(), watchTrustMs),
    ];
    this.#dataVersion = this.#readDataVersion();
    this.#writeRuntimeFile();
    const { backup } = this.#config;
    if (backup) {
      this.#backups = new ScheduledBackups({
        settings: backup,
        zone: calendars.zone,
        maker: new BackupThread(this.#config, backup),
        incidents,
        registry: this.#metrics.registry,
        logger: this.#logger,
        now,
      });
      this.#backups.start();
    }
    notify.start();
    selfWatch.start();
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
      ['self-watch', () => this.#selfWatch?.stop()],
      ['gateway', () => this.#gateway?.stop()],
      ['console', () => this.#http?.close()],
      ['availability', () => this.#availability?.stop()],
      ['rules', () => this.#rules?.stop()],
      ['grafana', () => this.#grafana?.stop()],
      ['incident report', () => this.#incidentReport?.stop()],
      ['connectivity', () => this.#connectivity?.stop()],
      ['protection', () => this.#protection?.stop()],
      ['outages', () => this.#outages?.stop()],
      ['calendars', () => this.#calendars?.stop()],
      ['backups', () => this.#backups?.stop()],
      ['notifications', () => this.#notify?.stop()],
      ['ingest', () => this.#ingest?.stop()],
      ['store', () => this.#store?.stop()],
      ['incidents', () => this.#incidents?.stop()],
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
      ...(this.#connectivity && { connectivity: this.#connectivity.settingsFor(agent) }),
    });
  }

  /** Commands prepare and change the root beside a running collector; agents are told at once. */
  async #followTrust(): Promise<void> {
    const pins = this.#authority?.pins ?? [];
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
      this.#writeRuntimeFile();
    });
  }

  /** Commands change the registry from other processes; SQLite tells by `data_version`. */
  #followRegistry(agents: Agents, units: Units): void {
    for (const id of this.#keys?.next(toldAtOnce) ?? []) this.#gateway?.configure(id);
    const seen = this.#readDataVersion();
    if (units.changes !== this.#unitChanges) this.#unitsChanged();
    this.#unitChanges = units.changes;
    if (seen === this.#dataVersion) return;
    this.#dataVersion = seen;
    for (const agent of agents.all()) {
      const known = this.#live?.get(agent.id)?.record;
      if (known && isSame(known, agent)) continue;
      this.#live?.put(agent);
      this.#keys?.look([agent]);
      if (agent.revokedAt !== undefined) this.#gateway?.revoke(agent.id);
    }
    this.#unitsChanged();
  }

  #unitsChanged(): void {
    this.#calendars?.unitsChanged();
    this.#connectivity?.unitsChanged();
    this.#protection?.unitsChanged();
    this.#outages?.unitsChanged();
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
    try {
      agents.save(changed);
    } catch (error) {
      // A full disk, mostly; /readyz says so.
      this.#logger.error({ error: (error as Error).message }, 'cannot write down when agents were last heard');
    }
  }

  /** Tells commands on this machine where the running collector listens. */
  #writeRuntimeFile(): void {
    const consoleFingerprint = this.#tls?.pair.fingerprint;
    const { agentsPort, consoleUrl } = this;
    const text = JSON.stringify({ pid: process.pid, agentsPort, consoleUrl, consoleFingerprint });
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
    if (this.#agents) this.#saveLastSeen(this.#agents);
    database.close();
    rmSync(join(this.#config.data, 'runtime.json'), { force: true });
  }
}

/** Whether nothing has changed of what commands can change. */
function isSame(known: AgentRecord, agent: AgentRecord): boolean {
  const isAsked = known.rotateKeyAskedAt === agent.rotateKeyAskedAt;
  return isAsked && known.revokedAt === agent.revokedAt && known.unit === agent.unit;
}
