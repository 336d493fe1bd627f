/** The agent: schedule -> probe -> points -> spool -> uplink. Measures from its first second, connected or not. */
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { hostname, networkInterfaces, uptime } from 'node:os';
import { join } from 'node:path';
import { type Goodbye, type Point, Config as PushedConfig } from '@vonggac/shared';
import { AgentKeys } from './agent-keys.ts';
import type { AgentConfig } from './config.ts';
import type { Gateway, GatewayOptions } from './gateway/gateway.ts';
import { type Identity, saveWithoutKey } from './identity.ts';
import type { Logger } from './log.ts';
import { createMonitor, thisMachine } from './probes/connectivity/connectivity.ts';
import { pushedTargets } from './probes/connectivity/target.ts';
import type { TargetMonitor } from './probes/connectivity/target-monitor.ts';
import type { InventoryProgram } from './probes/machine/inventory.ts';
import type { Probe } from './probes/probe.ts';
import type { CreateProbes } from './probes/registry.ts';
import { ProbeRunner } from './probes/run-probe.ts';
import { InvalidCadence, parseCadence } from './scheduler/cadence.ts';
import { Scheduler } from './scheduler/scheduler.ts';
import type { Lane } from './spool/record.ts';
import { Spool } from './spool/spool.ts';
import { writeStatus } from './status-file.ts';
import { hardwareHints } from './system/hardware-linux.ts';
import { ownAddresses } from './system/own-networks.ts';
import { Backoff } from './uplink/backoff.ts';
import { ClockFile } from './uplink/clock-file.ts';
import { lineBudget } from './uplink/line-budget.ts';
import { LineMeter } from './uplink/line-meter.ts';
import { budgetStates, Spending } from './uplink/spending.ts';
import { TokenBucket } from './uplink/token-bucket.ts';
import { Uplink } from './uplink/uplink.ts';
import { version } from './version.ts';

/** The status is written by the first tick after this long, or, when there is none for so long, without one. */
const statusEveryMs = { tick: 9_000, own: 13_000 } as const;
/** Probes that may take longer than this are not waited for. */
const quickTimeoutMs = 5_000;

interface Options {
  readonly config: AgentConfig;
  readonly identity: Identity;
  readonly logger: Logger;
  readonly now: () => number;
  readonly monotonic: () => number;
  readonly random: () => number;
  readonly inventoryProgram: InventoryProgram;
  readonly createProbes: CreateProbes;
  /** For an agent of class gateway; other machines do not load it. */
  readonly createGateway?: ((options: GatewayOptions) => Gateway) | undefined;
}

export class Agent {
  readonly #options: Options;
  readonly #startedAt: number;
  readonly #probes = new Map<string, Probe>();
  readonly #runner: ProbeRunner;
  readonly #scheduler: Scheduler;
  readonly #spool: Spool;
  readonly #spending: Spending;
  readonly #uplink: Uplink;
  readonly #connectivity: TargetMonitor;
  readonly #gateway: Gateway | undefined;
  #pushed: PushedConfig | undefined;
  #refusedSettings = 0;
  #statusTimer: NodeJS.Timeout | undefined;
  /** By the monotonic clock. */
  #statusWrittenAt = Number.NEGATIVE_INFINITY;

  constructor(options: Options) {
    this.#options = options;
    const { config, identity, logger, now, monotonic, random } = options;
    this.#startedAt = now();
    this.#runner = new ProbeRunner({ logger, monotonic });
    this.#spool = new Spool({
      folder: config.folder,
      maxBytes: config.spoolBytes,
      maxAgeMs: config.spoolAgeMs,
      now,
      collectorTime: () => this.#collectorTime(),
      logger,
      // A disk that takes nothing is told of at once; in a moment of its own, for the spool is amid its work.
      onState: () => setImmediate(() => void this.#measure(['agent'], now())),
    });
    this.#scheduler = new Scheduler({
      agentId: identity.agent,
      now,
      onTick: (names, time) => this.#tick(names, time),
    });
    const meter = new LineMeter();
    const budget = () => lineBudget(identity.class, { pushed: this.#pushed?.connectivity?.budget, own: config.budget });
    this.#spending = new Spending({
      folder: config.folder,
      budget,
      lineBytes: () => meter.sent + meter.received,
      now,
      // Unlike the monotonic clock it goes on while the machine sleeps.
      uptime: () => uptime() * 1_000,
      logger,
    });
    const addresses = config.addresses.length > 0 ? [...config.addresses] : identity.addresses;
    this.#uplink = new Uplink({
      identity: { ...identity, addresses, ...(config.via !== undefined && { via: config.via }) },
      relays: () => this.#relays(),
      keys: new AgentKeys(identity.privateKey, { folder: config.folder, logger }),
      clockFile: new ClockFile(config.folder),
      spool: this.#spool,
      meter,
      pace: () => this.#spending.pace(),
      historyShare: new TokenBucket({ bytesPerSecond: () => budget().backfill_bits_per_second / 8, monotonic }),
      backoff: new Backoff(random),
      logger,
      now,
      monotonic,
      machine: {
        hostname: hostname(),
        platform: process.platform,
        version,
        started: this.#startedAt,
        booted: Math.round(now() - uptime() * 1_000),
        ...hardware(identity.agent),
        // Asked for with each hello: a laptop goes from network to network.
        get addresses() {
          return ownAddresses(networkInterfaces());
        },
      },
      onConfig: (pushed) => this.#adopt(pushed),
      onState: () => this.#writeStatus(),
    });
    const outside = thisMachine();
    this.#connectivity = createMonitor({
      outside,
      onEvents: (points) => this.#keep(points, { lane: 'events' }),
      own: {
        agentClass: identity.class,
        collector: addresses,
        session: () => this.#uplink.status(),
      },
    });
    const probes = options.createProbes({
      platform: process.platform,
      runner: this.#runner,
      connectivity: this.#connectivity,
      services: { own: config.services, pushed: () => this.#pushed?.services ?? [] },
      protection: {
        privacy: config.privacy,
        clamdConfig: config.antivirus.clamd_conf,
        folder: config.folder,
        onDetections: (points) => this.#keep(points, { lane: 'events' }),
        logger,
        random,
      },
      status: () => this.#selfStatus(),
      inventoryProgram: options.inventoryProgram,
    });
    this.#gateway = options.createGateway?.({
      config,
      identity: { agent: identity.agent, addresses },
      outside,
      settings: () => this.#pushed?.connectivity,
      sessionAddress: () => this.#uplink.status().localAddress,
      onEvents: (points) => this.#keep(points, { lane: 'events' }),
      logger,
      random,
    });
    for (const probe of [...probes, ...(this.#gateway?.probes ?? [])]) this.#probes.set(probe.name, probe);
  }

  /** Throws SpoolLocked when another agent works in the same folder. */
  start(): void {
    const { logger, config, identity } = this.#options;
    this.#spool.start();
    this.#spending.start();
    this.#applyOwnSchedules();
    const pushed = this.#readPushed();
    if (pushed) this.#apply(pushed);
    this.#scheduler.start();
    this.#connectivity.start();
    this.#gateway?.start();
    this.#uplink.start();
    this.#writeStatus();
    logger.info('agent started', { version, agent: identity.agent, unit: identity.unit, folder: config.folder });
  }

  /** Measures no more, says goodbye, closes the spool. */
  async stop(reason: Goodbye['reason']): Promise<void> {
    this.#scheduler.stop();
    this.#runner.stop();
    this.#connectivity.stop();
    await this.#gateway?.stop();
    await this.#uplink.stop(reason);
    this.#spool.stop();
    this.#spending.stop();
    this.#writeStatus();
    clearTimeout(this.#statusTimer);
    this.#options.logger.info('agent stopped');
  }

  /** Each waking up costs more than what is done then, so what can wait for a tick is done with it. */
  #tick(names: readonly string[], time: number): void {
    void this.#measure(names, time);
    this.#uplink.check();
    if (this.#options.monotonic() - this.#statusWrittenAt >= statusEveryMs.tick) this.#writeStatus();
  }

  async #measure(names: readonly string[], time: number): Promise<void> {
    const probes = names.flatMap((name) => this.#probes.get(name) ?? []);
    // The clock may be set before the last of them has answered.
    const { clockOffsetMs: offset } = this.#uplink.status();
    const quick: Promise<readonly Point[]>[] = [];
    for (const probe of probes) {
      const points = this.#runner.run(probe, time);
      // What takes long must not hold back what is measured at the same tick.
      if (probe.timeoutMs > quickTimeoutMs) void points.then((late) => this.#keep(late, { offset }));
      else quick.push(points);
    }
    this.#keep((await Promise.all(quick)).flat(), { offset });
  }

  /** `offset` is what the collector's clock was ahead by at the time of the points; as it is now by default. */
  #keep(points: readonly Point[], { lane = 'metrics', offset }: { lane?: Lane; offset?: number | undefined }): void {
    const { clockOffsetMs, clockSetByMs: setBy } = this.#uplink.status();
    const dated = setBy === 0 ? points : points.map((point) => ({ ...point, time: point.time - setBy }));
    this.#spool.append(lane, { points: dated, offset: offset ?? clockOffsetMs });
    this.#uplink.pump();
  }

  /** By the clock that points are dated by: the collector's, as far as it is known. */
  #collectorTime(): number {
    const { clockOffsetMs, clockSetByMs } = this.#uplink.status();
    return this.#options.now() + (clockOffsetMs ?? -clockSetByMs);
  }

  #applyOwnSchedules(): void {
    try {
      this.#setSchedules(this.#options.config.schedules);
    } catch (error) {
      this.#options.logger.error('a schedule of the configuration is unusable, measuring with the defaults', {
        problem: (error as Error).message,
      });
      this.#setSchedules({});
    }
  }

  /** Pushed settings are data: what does not make sense is refused and the last good ones stay. */
  #adopt(pushed: PushedConfig): void {
    if (pushed.pins) this.#trust(pushed.pins);
    if (JSON.stringify(pushed) === JSON.stringify(this.#pushed)) return;
    if (this.#apply(pushed)) this.#savePushed(pushed);
  }

  /** Learns the collector's pins over a connection that one of the known pins has proven. */
  #trust(pins: readonly string[]): void {
    const { config, identity, logger } = this.#options;
    if (JSON.stringify(pins) === JSON.stringify(identity.pins)) return;
    // Without the pin at hand the agent could not come back to the collector that it talks to.
    if (!pins.some((pin) => identity.pins.some((known) => pin.startsWith(known)))) {
      this.#refusedSettings += 1;
      logger.error("the collector's new pins do not hold the one it has proven itself with, keeping the old ones");
      return;
    }
    try {
      identity.pins.splice(0, identity.pins.length, ...pins);
      saveWithoutKey(config.folder, identity);
      logger.info('the collector has changed its authorities', { pins: pins.length });
    } catch (error) {
      logger.error('cannot keep the new pins of the collector', { problem: (error as Error).message });
    }
  }

  #apply(pushed: PushedConfig): boolean {
    try {
      const targets = pushedTargets(pushed.connectivity?.targets ?? []);
      this.#setSchedules({ ...this.#options.config.schedules, ...pushed.schedules });
      this.#connectivity.setTargets(targets);
      this.#pushed = pushed;
      return true;
    } catch (error) {
      this.#refusedSettings += 1;
      this.#options.logger.error('the settings of the collector are unusable, keeping the last good ones', {
        problem: (error as Error).message,
      });
      return false;
    }
  }

  /** Relays of the unit; one of them may be this machine. */
  #relays(): string[] {
    const own = ownAddresses(networkInterfaces());
    const relays = this.#pushed?.connectivity?.relays ?? [];
    return relays.filter((relay) => !own.includes(relay.slice(0, relay.lastIndexOf(':')).replace(/^\[|\]$/g, '')));
  }

  #setSchedules(cadences: Readonly<Record<string, string>>): void {
    const schedules = [...this.#probes.values()].map(({ name, cadence, atStart, shortestGapMs }) => {
      const wanted = Object.hasOwn(cadences, name) ? (cadences[name] ?? cadence) : cadence;
      if (shortestGapMs !== undefined && parseCadence(wanted).shortestGapMs < shortestGapMs) {
        throw new InvalidCadence(wanted, { reason: `${name} runs every ${shortestGapMs / 1_000} s at most` });
      }
      return { name, cadence: wanted, atStart };
    });
    this.#scheduler.apply(schedules);
  }

  get #pushedFile(): string {
    return join(this.#options.config.folder, 'pushed-config.json');
  }

  #readPushed(): PushedConfig | undefined {
    try {
      const parsed = PushedConfig.safeParse(JSON.parse(readFileSync(this.#pushedFile, 'utf8')));
      return parsed.success ? parsed.data : undefined;
    } catch {
      // None yet, or a damaged one: the defaults serve until the collector pushes again.
      return undefined;
    }
  }

  #savePushed(pushed: PushedConfig): void {
    try {
      const fresh = `${this.#pushedFile}.new`;
      writeFileSync(fresh, JSON.stringify(pushed), { mode: 0o600 });
      renameSync(fresh, this.#pushedFile);
    } catch (error) {
      this.#options.logger.warn('cannot keep the pushed settings for the next start', {
        problem: (error as Error).message,
      });
    }
  }

  #selfStatus() {
    const { clockOffsetMs, sentBytes, receivedBytes } = this.#uplink.status();
    const { state, usedBytes, bytesPerDay } = this.#spending.status();
    return {
      startTimeSeconds: Math.floor(this.#startedAt / 1_000),
      spool: this.#spool.status(),
      clockOffsetSeconds: clockOffsetMs === undefined ? undefined : clockOffsetMs / 1_000,
      sentBytes,
      receivedBytes,
      budget: { usedPercent: (usedBytes / bytesPerDay) * 100, state: budgetStates.indexOf(state) },
      refusedSettings: this.#refusedSettings,
      runsMissed: this.#scheduler.missed,
    };
  }

  #writeStatus(): void {
    const { identity, config, now, monotonic } = this.#options;
    this.#statusWrittenAt = monotonic();
    clearTimeout(this.#statusTimer);
    this.#statusTimer = setTimeout(() => this.#writeStatus(), statusEveryMs.own);
    const status = {
      time: now(),
      pid: process.pid,
      version,
      agent: identity.agent,
      unit: identity.unit,
      started: this.#startedAt,
      uplink: this.#uplink.status(),
      spool: this.#spool.status(),
      budget: this.#spending.status(),
      probeFailures: this.#runner.totalFailures,
    };
    writeStatus(config.folder, status);
  }
}

/** Windows tells nothing lasting without a program being started; no hint means: unknown. */
function hardware(agentId: string): { hardware?: string[] } {
  const hints = process.platform === 'linux' ? hardwareHints(agentId) : [];
  return hints.length > 0 ? { hardware: hints } : {};
}
