/** A collector and thousands of agents that come back to it at the same time; what that costs, and who notices. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { Authority } from '../../../collector/src/trust/authority.ts';
import { CollectorProcess, until } from '../program.ts';
import { quantile } from './quantile.ts';
import { enrolAll, SimulatedAgents } from './simulated-agents.ts';

const units = 50;
/** All come from one address here; in a province they come from some hundred. */
const config = `
agents:
  limits:
    connections_per_address: 25000
    handshakes_per_second_per_address: 10000
    pending_per_address: 50000
log_level: warn
`;
const sampleEveryMs = 1_000;
/** See agent/src/uplink/link.ts. */
const stableAfterMs = 60_000;

export interface Returned {
  /** Seconds from the end of the old process, and from the moment the new one listened. */
  readonly seconds: number;
  readonly seconds_after_start: number;
  readonly handshakes_per_second: { readonly mean: number; readonly most: number };
  readonly failed_attempts: number;
  readonly called_down: number;
  readonly event_loop_p99_ms: number;
  readonly peak_rss_mb: number;
}

export interface Drained {
  readonly points: number;
  readonly seconds: number;
  readonly live_ack_ms: { readonly p50: number; readonly p99: number; readonly max: number; readonly count: number };
  readonly called_down: number;
  readonly event_loop_p99_ms: number;
  readonly peak_rss_mb: number;
}

interface Options {
  readonly folder: string;
  readonly agents: number;
  readonly everyMs: number;
  readonly environment?: Readonly<Record<string, string>>;
  readonly progress?: (text: string) => void;
}

/** What was seen of the collector while something went on. */
interface Seen {
  calledDown: number;
  eventLoopP99Ms: number;
}

export class Stampede {
  readonly collector: CollectorProcess;
  readonly agents = new SimulatedAgents();
  readonly #options: Options;
  #peakRssKb = 0;

  constructor(options: Options) {
    this.#options = options;
    const folder = join(options.folder, 'collector');
    mkdirSync(folder, { recursive: true });
    const file = join(options.folder, 'vonggac.yaml');
    writeFileSync(file, config);
    this.collector = new CollectorProcess(folder, { ...options.environment, VONGGAC_CONFIG: file });
  }

  /** Starts both; resolves when all agents are there. */
  async start(): Promise<Returned> {
    const { collector } = this;
    await collector.start();
    const codes = Array.from({ length: units }, (_, index) => `U${index}`);
    const file = join(this.#options.folder, 'units.csv');
    writeFileSync(file, ['code,name,parent', ...codes.map((code) => `${code},Đơn vị ${code},`)].join('\n'));
    collector.command('units', 'import', file);
    await collector.stop();
    const identities = enrolAll(collector.folder, { count: this.#options.agents, units: codes });
    const { pin } = new Authority(collector.folder, Date.now);
    await collector.start();
    const { everyMs } = this.#options;
    const begin = Date.now();
    this.agents.start(identities, { address: collector.address, pin, everyMs });
    return this.#untilAllAreBack({ begin, listening: begin });
  }

  /** Until the agents take their sessions for good, as they mostly are: a minute of them and an ack. */
  async settle(): Promise<void> {
    await wait(stableAfterMs + this.#options.everyMs + 5_000);
  }

  /** Ends the collector and starts it again. */
  async restart(signal: NodeJS.Signals): Promise<Returned> {
    this.agents.forget();
    const begin = Date.now();
    await this.collector.stop(signal);
    await this.collector.start();
    return this.#untilAllAreBack({ begin, listening: Date.now() });
  }

  /** So many agents find history in their queues at the same time; resolves when the collector has all of it. */
  async drain({ agents, hours }: { agents: number; hours: number }): Promise<Drained> {
    const storedBefore = await this.#counter('vonggac_points_stored_total');
    this.agents.forget();
    const begin = Date.now();
    this.agents.remember(agents, hours);
    await until('the history to be seen', () => this.agents.behind > 0 && this.agents.behind >= agents / 2, 60_000);
    const seen = await this.#watchUntil('the history to be stored', () => this.agents.behind === 0, 900_000);
    const seconds = (Date.now() - begin) / 1_000;
    const acks = this.agents.liveAcks;
    return {
      points: (await this.#counter('vonggac_points_stored_total')) - storedBefore,
      seconds,
      live_ack_ms: {
        p50: quantile(acks, 0.5),
        p99: quantile(acks, 0.99),
        max: quantile(acks, 1),
        count: acks.length,
      },
      called_down: seen.calledDown,
      event_loop_p99_ms: seen.eventLoopP99Ms,
      peak_rss_mb: Math.round(this.#peakRssKb / 1_024),
    };
  }

  async stop(): Promise<void> {
    await this.agents.stop();
    await this.collector.stop();
  }

  async #untilAllAreBack(times: { begin: number; listening: number }): Promise<Returned> {
    const { agents } = this.#options;
    // Sessions of before are still counted until the agents have noticed.
    const seen = await this.#watchUntil('all agents to be back', () => this.agents.opened.length >= agents, 300_000);
    const { opened } = this.agents;
    const last = quantile(opened, 1);
    const first = quantile(opened, 0);
    const bySecond = Map.groupBy(opened, (at) => Math.floor(at / 1_000));
    return {
      seconds: (last - times.begin) / 1_000,
      seconds_after_start: (last - times.listening) / 1_000,
      handshakes_per_second: {
        mean: Math.round((1_000 * opened.length) / Math.max(1_000, last - first)),
        most: Math.max(...[...bySecond.values()].map(({ length }) => length)),
      },
      failed_attempts: this.agents.failed,
      called_down: seen.calledDown,
      event_loop_p99_ms: seen.eventLoopP99Ms,
      peak_rss_mb: Math.round(this.#peakRssKb / 1_024),
    };
  }

  /** Looks at the collector each second until it is so. */
  async #watchUntil(what: string, isSo: () => boolean, timeoutMs: number): Promise<Seen> {
    const seen: Seen = { calledDown: 0, eventLoopP99Ms: 0 };
    const deadline = Date.now() + timeoutMs;
    for (;;) {
      const isDone = isSo();
      await this.#look(seen);
      if (isDone) return seen;
      this.#options.progress?.(`${what}: ${this.#state()}`);
      if (Date.now() > deadline) {
        const said = this.collector.program.output.slice(-2_000);
        throw new Error(`waited ${timeoutMs} ms in vain for ${what}: ${this.#state()}: ${said}`);
      }
      await wait(sampleEveryMs);
    }
  }

  async #look(seen: Seen): Promise<void> {
    const text = await this.#metrics();
    const down = readValue(text, 'vonggac_agents{state="offline"}') ?? 0;
    const p99 = 1_000 * (readValue(text, 'nodejs_eventloop_lag_p99_seconds') ?? 0);
    seen.calledDown = Math.max(seen.calledDown, down);
    seen.eventLoopP99Ms = Math.max(seen.eventLoopP99Ms, Math.round(p99));
    const status = readFileSync(`/proc/${this.collector.program.pid}/status`, 'utf8');
    this.#peakRssKb = Math.max(this.#peakRssKb, Number(/^VmHWM:\s+(\d+)/m.exec(status)?.[1] ?? 0));
  }

  async #counter(name: string): Promise<number> {
    return readValue(await this.#metrics(), name) ?? 0;
  }

  async #metrics(): Promise<string> {
    return String(await this.collector.get('/metrics'));
  }

  #state(): string {
    const { open, waiting, behind, failed } = this.agents;
    const opened = this.agents.opened.length;
    return JSON.stringify({ opened, open, waiting, behind, failed });
  }
}

/** The value of a line of Prometheus text. */
function readValue(text: string, series: string): number | undefined {
  const line = text.split('\n').find((each) => each.startsWith(`${series} `));
  return line === undefined ? undefined : Number(line.slice(series.length + 1));
}
