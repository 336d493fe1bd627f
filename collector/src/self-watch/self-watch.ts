/**
 * The collector's eye on itself: each 15 s it writes down how it does, with a sign of life whose absence Grafana notices;
 * it says what is wrong with it to whoever asks, opens incidents for what stays wrong, and tells systemd that it lives.
 */
import { statfsSync } from 'node:fs';
import { getHeapStatistics } from 'node:v8';
import { type Point, point } from '@vonggac/shared';
import type { Logger } from 'pino';
import type { Counter } from 'prom-client';
import type { Incidents } from '../incidents/incidents.ts';
import type { Ingest } from '../ingest/ingest.ts';
import type { Metrics } from '../metrics.ts';
import type { Store } from '../stores/store.ts';
import { EventLoopWatch, type LoopDelay } from './event-loop-watch.ts';
import { addSelfGauges } from './self-gauges.ts';
import { type Certificate, type SelfProblem, type SelfState, selfProblems } from './self-problem.ts';
import { ServiceManager } from './service-manager.ts';
import { TroubleWatch } from './trouble-watch.ts';

const everyMs = 15_000;
/** A minute: what was wrong within it is told. */
const remembered = 4;
/** Reasons of a close that lie in what an agent has sent. */
const forWhatWasSent = new Set(['invalidFrame', 'unexpectedMessage', 'tooFast', 'protocol']);
/** Whom the collector's own readings are said to be from; no agent and no unit has such a name. */
const collectorId = 'collector';
const origin = { agent: collectorId, host: collectorId, unit: collectorId, class: 'server' } as const;

interface Options {
  /** The data folder. */
  readonly folder: string;
  readonly store: Pick<Store, 'health' | 'name'>;
  readonly ingest: Pick<Ingest, 'write' | 'load' | 'lagMs' | 'waitingPoints'>;
  readonly incidents: Pick<Incidents, 'report' | 'resolve' | 'openOf'>;
  readonly sessions: () => number;
  readonly certificates: () => readonly Certificate[];
  readonly metrics: Metrics;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly logger: Logger;
  readonly now: () => number;
  /** A clock that never jumps, in milliseconds. */
  readonly monotonic: () => number;
}

/** What the collector has last measured of itself: fields of the measurement `collector`. */
export interface SelfReading {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly fields: Readonly<Record<string, number>>;
}

export class SelfWatch {
  readonly startedAt: number;
  readonly #options: Options;
  readonly #loop = new EventLoopWatch();
  readonly #service: ServiceManager;
  readonly #troubles: TroubleWatch;
  #delays: LoopDelay[] = [];
  #reading: SelfReading | undefined;
  #cpu = process.cpuUsage();
  #measuredAt: number;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: Options) {
    this.#options = options;
    this.startedAt = options.now();
    this.#measuredAt = options.monotonic();
    this.#troubles = new TroubleWatch(options.incidents);
    this.#service = new ServiceManager({ ...options, status: () => this.#status() });
  }

  /** Call it when everything else has started. */
  start(): void {
    this.#loop.start();
    addSelfGauges(this.#options.metrics.registry, {
      ingest: this.#options.ingest,
      disk: () => this.#disk(),
      problems: () => this.problems(),
    });
    this.#timer = setInterval(() => void this.#tick(), everyMs);
    void this.#tick();
    this.#service.started();
  }

  /** Safe twice and before start. */
  stop(): void {
    if (this.#timer === undefined) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#service.stopping();
    this.#loop.stop();
  }

  get reading(): SelfReading | undefined {
    return this.#reading;
  }

  /** What is wrong now. */
  problems(): SelfProblem[] {
    return selfProblems(this.#state());
  }

  #state(): SelfState {
    const { store, ingest, certificates, now } = this.#options;
    const delays = [...this.#delays, this.#loop.peek()];
    const heap = getHeapStatistics();
    return {
      storeTrouble: store.health(),
      disk: this.#disk(),
      loop: {
        p99Ms: Math.max(...delays.map(({ p99Ms }) => p99Ms)),
        maxMs: Math.max(...delays.map(({ maxMs }) => maxMs)),
      },
      ingestLagMs: ingest.lagMs,
      heapShare: heap.used_heap_size / heap.heap_size_limit,
      certificates: certificates(),
      now: now(),
    };
  }

  async #tick(): Promise<void> {
    const { ingest, logger, now, monotonic } = this.#options;
    const at = now();
    const delay = this.#loop.look();
    this.#delays = [...this.#delays, delay].slice(-remembered);
    const problems = this.problems();
    try {
      this.#troubles.tick(problems, { now: monotonic(), at });
    } catch (error) {
      logger.error({ error: (error as Error).message }, "cannot keep an incident about the collector's own trouble");
    }
    const measured = await this.#measure(at, delay);
    this.#reading = { at, fields: numbersOf(measured) };
    const sign = point('collector_watchdog', {
      time: at,
      tags: {},
      fields: {
        ready: problems.every(({ severity }) => severity !== 'critical'),
        problems: problems.length,
        start_time_seconds: Math.floor(this.startedAt / 1_000),
        alive: 1,
      },
    });
    // Not kept for later when the store is away: that there is none tells it.
    void ingest.write({ origin, points: [measured, sign] });
  }

  async #measure(time: number, delay: LoopDelay): Promise<Point> {
    const { ingest, sessions, metrics } = this.#options;
    const { lagMaxMs, writeP99Ms } = ingest.load.look();
    const lagMs = Math.max(lagMaxMs, ingest.lagMs);
    const cpuPercent = this.#cpuPercent();
    const disk = this.#disk();
    return point('collector', {
      time,
      tags: {},
      fields: {
        event_loop_p99_ms: delay.p99Ms,
        event_loop_max_ms: delay.maxMs,
        ingest_lag_ms: lagMs,
        store_write_p99_ms: writeP99Ms,
        queue_points: ingest.waitingPoints,
        sessions: sessions(),
        received_points: await totalOf(metrics.receivedPoints),
        refused_points: await totalOf(metrics.refusedPoints),
        refused_frames: await totalOf(metrics.closes, forWhatWasSent),
        put_off_batches: await totalOf(metrics.storeRetries),
        resident_bytes: process.memoryUsage.rss(),
        cpu_percent: cpuPercent,
        ...(disk && {
          disk_free_bytes: disk.freeBytes,
          disk_free_percent: (100 * disk.freeBytes) / Math.max(1, disk.totalBytes),
        }),
      },
    });
  }

  #cpuPercent(): number {
    const measuredAt = this.#options.monotonic();
    const { user, system } = process.cpuUsage(this.#cpu);
    const passedMs = Math.max(1, measuredAt - this.#measuredAt);
    this.#cpu = process.cpuUsage();
    this.#measuredAt = measuredAt;
    return (user + system) / 10 / passedMs;
  }

  #disk(): SelfState['disk'] {
    try {
      const { bavail, blocks, bsize } = statfsSync(this.#options.folder);
      return { freeBytes: bavail * bsize, totalBytes: blocks * bsize };
    } catch {
      // The folder is gone or the system does not tell; the store will say what is wrong with it.
      return undefined;
    }
  }

  /** One line. */
  #status(): string {
    const [problem] = this.problems();
    if (problem) return problem.text;
    return `${this.#options.sessions()} agents connected, the ${this.#options.store.name} store takes data`;
  }
}

/** Of all labels, or of those with one of the reasons. */
async function totalOf(counter: Counter<'reason'> | Counter, reasons?: ReadonlySet<string>): Promise<number> {
  const { values } = await counter.get();
  return values.reduce((sum, { labels, value }) => {
    const { reason } = labels as { reason?: string };
    return reasons === undefined || reasons.has(reason ?? '') ? sum + value : sum;
  }, 0);
}

function numbersOf({ fields }: Point): Record<string, number> {
  return Object.fromEntries(
    Object.entries(fields).flatMap(([name, value]) => (typeof value === 'number' ? [[name, value]] : [])),
  );
}
