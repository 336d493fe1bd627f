/** The lines that a gateway has to the outside: whether each works, how well, and which one carries the traffic. */
import { join } from 'node:path';
import { type CheckError, type ConnectivitySettings, type Point, parseTarget, point } from '@vonggac/shared';
import type { Logger } from '../log.ts';
import { cleanText } from '../probes/clean-text.ts';
import { checkTarget } from '../probes/connectivity/check.ts';
import type { CheckResult, Outside } from '../probes/connectivity/check-run.ts';
import type { Target } from '../probes/connectivity/target.ts';
import { CheckWindow } from '../probes/connectivity/target-state.ts';
import type { Probe, ProbeResult } from '../probes/probe.ts';
import type { DefaultRoutes } from '../system/default-routes-linux.ts';
import type { Interfaces } from '../system/own-networks.ts';
import { ProcFile } from '../system/proc-file.ts';
import { MatchedLinks } from './matched-links.ts';
import { parseArp } from './neighbours-linux.ts';
import { sampleThroughput } from './throughput.ts';
import { FoundLinks, findLines, type Line } from './watched-links.ts';

const reportEveryMs = 60_000;

export interface LinksOptions {
  readonly outside: Outside;
  readonly routes: Pick<DefaultRoutes, 'read'>;
  readonly interfaces: () => Interfaces;
  readonly settings: () => ConnectivitySettings | undefined;
  /** This machine's end of the session with the collector; undefined while there is none. */
  readonly sessionAddress: () => string | undefined;
  readonly onEvents: (points: readonly Point[]) => void;
  readonly logger: Logger;
  /** The folder that holds `proc`. */
  readonly root: string;
  /** At which minute of an hour this machine samples throughput. */
  readonly minute: number;
  readonly check?: typeof checkTarget;
  readonly sample?: typeof sampleThroughput;
}

interface LinkState {
  up: boolean | undefined;
  error: CheckError | undefined;
  active: boolean;
  /** Undefined when none of the lines does. */
  session: boolean | undefined;
  /** Where there is no translation it is the unit's public address, which carriers change. */
  localAddress: string | undefined;
  window: CheckWindow;
  pointAtMs: number;
  /** Next hops that have answered a ping. */
  readonly answering: Set<string>;
  /** Sampled and not reported yet. */
  throughput: number | undefined;
  /** The hour of the last sample, as `2026-11-23 2`. */
  sampledIn: string | undefined;
}

export class Links {
  readonly probe: Probe;
  readonly #options: LinksOptions;
  readonly #arp: ProcFile;
  readonly #found = new FoundLinks();
  readonly #matched = new MatchedLinks();
  readonly #states = new Map<string, LinkState>();
  readonly #life = new AbortController();
  #active: string | undefined;
  #failovers = 0;
  /** Of the last session. */
  #sessionAddress: string | undefined;

  constructor(options: LinksOptions) {
    this.#options = options;
    this.#arp = new ProcFile(join(options.root, 'proc/net/arp'));
    this.probe = {
      name: 'link',
      cadence: '*/15 * * * * *',
      // It would still be under way when the first tick is due.
      atStart: false,
      // A dead line is asked twice, which takes up to 4 s where all is well otherwise.
      timeoutMs: 8_000,
      collect: ({ time }, signal) => this.#collect(time, signal),
    };
  }

  stop(): void {
    this.#life.abort();
  }

  async #collect(time: number, signal: AbortSignal): Promise<ProbeResult> {
    const routes = this.#options.routes.read();
    const interfaces = this.#options.interfaces();
    const found = this.#found.update(routes);
    const record = this.#options.settings()?.links;
    const links = record ? this.#matched.match(record, { found, interfaces }) : found;
    // A session that is gone for a moment says nothing new of the lines.
    this.#sessionAddress = this.#options.sessionAddress() ?? this.#sessionAddress;
    const lines = findLines(links, {
      routes,
      interfaces,
      sessionAddress: this.#sessionAddress,
    });
    this.#forgetOthers(lines);
    this.#countFailover(lines);
    const results = await Promise.all(lines.map((line) => this.#check(line, signal)));
    const points: Point[] = [];
    const events: Point[] = [];
    const problems: string[] = [];
    for (const [index, line] of lines.entries()) {
      const result = results[index];
      if (!result || signal.aborted) continue;
      if (result.up === undefined) problems.push(`${line.id}: ${result.problem ?? result.error ?? 'not measured'}`);
      this.#record(line, { result, time, points, events });
      this.#sampleWhenDue(line, time);
    }
    if (events.length > 0) this.#options.onEvents(events);
    const [incomplete] = problems;
    return { status: 'measured', points, ...(incomplete !== undefined && { incomplete }) };
  }

  #forgetOthers(lines: readonly Line[]): void {
    const ids = new Set(lines.map(({ id }) => id));
    for (const id of this.#states.keys()) if (!ids.has(id)) this.#states.delete(id);
  }

  /** That the traffic goes nowhere for a while is no change of the line; that settings name other lines neither. */
  #countFailover(lines: readonly Line[]): void {
    const active = lines.find(({ isActive }) => isActive)?.id;
    if (active === undefined || active === this.#active) return;
    if (lines.some(({ id }) => id === this.#active)) {
      this.#failovers += 1;
      this.#options.logger.info('another line carries the traffic', { before: this.#active, now: active });
    }
    this.#active = active;
  }

  async #check(line: Line, signal: AbortSignal): Promise<CheckResult> {
    const nothing = { problem: undefined, rtts: [], packets: undefined, details: {} };
    if (!line.isUp) return { ...nothing, up: false, error: 'unreachable' };
    const { check } = line.settings;
    const host = check === undefined ? line.nextHop : parseTarget(check).host;
    // A line with one other end that has no address: all that is known is that the interface is up.
    if (host === undefined) return { ...nothing, up: true, error: undefined };
    const target: Target = {
      id: line.id,
      scope: 'wan',
      every: 15,
      address: { kind: 'icmp', host, port: 0 },
      // A router found by its advertisement has a link-local address.
      anyAddress: check === undefined,
      interface: line.interface,
    };
    const result = await (this.#options.check ?? checkTarget)(target, this.#options.outside, signal);
    const { answering } = this.#stateOf(line.id);
    if (result.up) answering.add(host);
    // Some routers answer no ping. One that never has is up as long as it answers ARP.
    const isMute = check === undefined && result.error === 'timeout' && !answering.has(host) && this.#hasArp(host);
    return isMute ? { ...nothing, up: true, error: undefined } : result;
  }

  #hasArp(address: string): boolean {
    return parseArp(this.#arp.read()).some((neighbour) => neighbour.address === address);
  }

  /** A change makes a point at once; otherwise there is one a minute, of checks that ended alike. */
  #record(line: Line, to: { result: CheckResult; time: number; points: Point[]; events: Point[] }): void {
    const { result, time, points, events } = to;
    const state = this.#stateOf(line.id);
    const nowMs = this.#options.outside.monotonic();
    const isChange =
      state.pointAtMs === Number.NEGATIVE_INFINITY ||
      state.up !== result.up ||
      state.error !== result.error ||
      state.active !== line.isActive ||
      state.session !== line.hasSession ||
      state.localAddress !== line.localAddress;
    if (isChange) state.window = new CheckWindow();
    state.up = result.up;
    state.error = result.error;
    state.active = line.isActive;
    state.session = line.hasSession;
    state.localAddress = line.localAddress;
    state.window.add(result, time);
    // Half a period of slack: the clock of the schedule is another one.
    if (!isChange && nowMs - state.pointAtMs < reportEveryMs - 7_500) return;
    (isChange ? events : points).push(this.#point(line, { state, time }));
    state.pointAtMs = nowMs;
    state.window = new CheckWindow();
    state.throughput = undefined;
  }

  #point(line: Line, { state, time }: { state: LinkState; time: number }): Point {
    const { rtt_ms, jitter_ms, loss_percent } = state.window.figures(state.up === true);
    return point('link', {
      time,
      tags: { link: cleanText(line.id) },
      fields: {
        up: state.up,
        active: state.active,
        session: state.session,
        rtt_ms,
        jitter_ms,
        // Without a ping nothing is known of loss, unless there is nothing to send a ping over.
        loss_percent: rtt_ms === undefined && state.up !== false ? undefined : loss_percent,
        error: state.error,
        failovers: this.#failovers,
        interface: line.interface === undefined ? undefined : cleanText(line.interface),
        next_hop: line.nextHop,
        local_address: line.localAddress,
        throughput_bytes_per_second: state.throughput,
      },
    });
  }

  /** Once in its hour, and only over the line that carries the traffic: the download goes by the routes. */
  #sampleWhenDue(line: Line, time: number): void {
    const { throughput } = line.settings;
    if (!throughput || !line.isActive) return;
    const date = new Date(time);
    if (date.getHours() !== throughput.hour || date.getMinutes() !== this.#options.minute) return;
    const state = this.#stateOf(line.id);
    const hour = `${date.toDateString()} ${throughput.hour}`;
    if (state.sampledIn === hour) return;
    state.sampledIn = hour;
    const { outside, logger, sample = sampleThroughput } = this.#options;
    sample(throughput, { outside, signal: this.#life.signal }).then(
      (bytesPerSecond) => {
        state.throughput = bytesPerSecond;
      },
      (error: Error) => {
        if (!this.#life.signal.aborted)
          logger.warn('no sample of throughput', { link: line.id, problem: error.message });
      },
    );
  }

  #stateOf(id: string): LinkState {
    const known = this.#states.get(id);
    if (known) return known;
    const state: LinkState = {
      up: undefined,
      error: undefined,
      active: false,
      session: undefined,
      localAddress: undefined,
      window: new CheckWindow(),
      pointAtMs: Number.NEGATIVE_INFINITY,
      answering: new Set(),
      throughput: undefined,
      sampledIn: undefined,
    };
    this.#states.set(id, state);
    return state;
  }
}
