/** The agent: schedule -> probe -> points -> spool -> uplink. Measures from its first second, connected or not. */
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { hostname, uptime } from 'node:os';
import { join } from 'node:path';
import { type Goodbye, type Point, Config as PushedConfig } from '@vonggac/shared';
import type { AgentConfig } from './config.ts';
import { type Identity, saveIdentity } from './identity.ts';
import type { Logger } from './log.ts';
import type { InventoryProgram } from './probes/machine/inventory.ts';
import type { Probe } from './probes/probe.ts';
import { createProbes } from './probes/registry.ts';
import { ProbeRunner } from './probes/run-probe.ts';
import { Scheduler } from './scheduler/scheduler.ts';
import { Spool } from './spool/spool.ts';
import { writeStatus } from './status-file.ts';
import { Backoff } from './uplink/backoff.ts';
import { Uplink } from './uplink/uplink.ts';
import { version } from './version.ts';

const statusEveryMs = 10_000;
/** Points in one record of the spool; a record never has to be split to fit a frame. */
const pointsPerRecord = 500;
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
}

export class Agent {
  readonly #options: Options;
  readonly #startedAt: number;
  readonly #probes = new Map<string, Probe>();
  readonly #runner: ProbeRunner;
  readonly #scheduler: Scheduler;
  readonly #spool: Spool;
  readonly #uplink: Uplink;
  #pushed: PushedConfig | undefined;
  #refusedSettings = 0;
  #statusTimer: NodeJS.Timeout | undefined;

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
      logger,
    });
    this.#scheduler = new Scheduler({
      agentId: identity.agent,
      now,
      onTick: (names, time) => void this.#measure(names, time),
    });
    this.#uplink = new Uplink({
      identity: config.addresses.length > 0 ? { ...identity, addresses: [...config.addresses] } : identity,
      spool: this.#spool,
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
      },
      onConfig: (pushed) => this.#adopt(pushed),
      onState: () => this.#writeStatus(),
    });
    const probes = createProbes({
      platform: process.platform,
      runner: this.#runner,
      status: () => this.#selfStatus(),
      inventoryProgram: options.inventoryProgram,
    });
    for (const probe of probes) this.#probes.set(probe.name, probe);
  }

  /** Throws SpoolLocked when another agent works in the same folder. */
  start(): void {
    const { logger, config, identity } = this.#options;
    this.#spool.start();
    this.#applyOwnSchedules();
    const pushed = this.#readPushed();
    if (pushed) this.#apply(pushed);
    this.#scheduler.start();
    this.#uplink.start();
    this.#statusTimer = setInterval(() => this.#writeStatus(), statusEveryMs);
    this.#writeStatus();
    logger.info('agent started', { version, agent: identity.agent, unit: identity.unit, folder: config.folder });
  }

  /** Measures no more, says goodbye, closes the spool. */
  async stop(reason: Goodbye['reason']): Promise<void> {
    clearInterval(this.#statusTimer);
    this.#scheduler.stop();
    this.#runner.stop();
    await this.#uplink.stop(reason);
    this.#spool.stop();
    this.#writeStatus();
    this.#options.logger.info('agent stopped');
  }

  async #measure(names: readonly string[], time: number): Promise<void> {
    const probes = names.flatMap((name) => this.#probes.get(name) ?? []);
    const quick: Promise<readonly Point[]>[] = [];
    for (const probe of probes) {
      const points = this.#runner.run(probe, time);
      // What takes long must not hold back what is measured at the same tick.
      if (probe.timeoutMs > quickTimeoutMs) void points.then((late) => this.#keep(late));
      else quick.push(points);
    }
    this.#keep((await Promise.all(quick)).flat());
  }

  #keep(points: readonly Point[]): void {
    const { clockOffsetMs } = this.#uplink.status();
    for (let index = 0; index < points.length; index += pointsPerRecord) {
      this.#spool.append('metrics', { points: points.slice(index, index + pointsPerRecord), offset: clockOffsetMs });
    }
    this.#uplink.pump();
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
      saveIdentity(config.folder, identity);
      logger.info('the collector has changed its authorities', { pins: pins.length });
    } catch (error) {
      logger.error('cannot keep the new pins of the collector', { problem: (error as Error).message });
    }
  }

  #apply(pushed: PushedConfig): boolean {
    try {
      this.#setSchedules({ ...this.#options.config.schedules, ...pushed.schedules });
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

  #setSchedules(cadences: Readonly<Record<string, string>>): void {
    this.#scheduler.apply(
      [...this.#probes.values()].map(({ name, cadence, atStart }) => ({
        name,
        cadence: Object.hasOwn(cadences, name) ? (cadences[name] ?? cadence) : cadence,
        atStart,
      })),
    );
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
    const { clockOffsetMs, sentBytes } = this.#uplink.status();
    return {
      startTimeSeconds: Math.floor(this.#startedAt / 1_000),
      spool: this.#spool.status(),
      clockOffsetSeconds: clockOffsetMs === undefined ? undefined : clockOffsetMs / 1_000,
      sentBytes,
      refusedSettings: this.#refusedSettings,
    };
  }

  #writeStatus(): void {
    const { identity, config, now } = this.#options;
    const status = {
      time: now(),
      pid: process.pid,
      version,
      agent: identity.agent,
      unit: identity.unit,
      started: this.#startedAt,
      uplink: this.#uplink.status(),
      spool: this.#spool.status(),
      probeFailures: this.#runner.totalFailures,
    };
    writeStatus(config.folder, status);
  }
}
