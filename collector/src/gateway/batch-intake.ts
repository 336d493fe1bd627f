/** The batches of one session: decoded, shown, written, and acknowledged when they are committed. */
import { type Ack, Baselines, type Batch, decodePoints, limits, type Point } from '@vonggac/shared';
import type { Logger } from 'pino';
import { type ClockWatch, clockOffset } from '../clocks/clock-watch.ts';
import { isHistory } from '../ingest/history.ts';
import type { Ingest } from '../ingest/ingest.ts';
import type { LiveState } from '../live/live-state.ts';
import type { Metrics } from '../metrics.ts';
import type { AgentRecord } from '../registry/agents.ts';
import { type AgentMeter, longestHoldMs } from './agent-meter.ts';
import { derivedMeasurements } from './derived-measurements.ts';
import type { GatewayLimits } from './limits.ts';
import type { TokenBucket } from './token-bucket.ts';

/** Offsets below this are network delay and rounding, not a wrong clock; correcting them would only add noise. */
const correctFromMs = 1_000;

interface Options {
  readonly ingest: Pick<Ingest, 'write'>;
  readonly live: Pick<LiveState, 'receive' | 'get' | 'clockIs'>;
  readonly clocks: Pick<ClockWatch, 'take'>;
  readonly metrics: Metrics;
  readonly logger: Logger;
  readonly now: () => number;
  readonly monotonic: () => number;
  readonly limits: GatewayLimits;
  /** What all agents together may bring of the past. */
  readonly history: Pick<TokenBucket, 'charge'>;
  readonly acknowledge: (ack: Ack) => void;
}

interface Sender {
  readonly agent: AgentRecord;
  readonly meter: AgentMeter;
  /** Of the message, inflated. */
  readonly length: number;
}

export class BatchIntake {
  readonly #options: Options;
  readonly #baselines = new Baselines();
  #inFlight = 0;
  #hasTooManySeries = false;

  constructor(options: Options) {
    this.#options = options;
  }

  /** False when there are more batches without an ack than allowed. */
  take(batch: Batch, { agent, meter, length }: Sender): boolean {
    const { ingest, live, metrics, monotonic, now } = this.#options;
    if (this.#inFlight >= this.#options.limits.window) return false;
    const seenOffset = clockOffset({ sent: batch.sent, claimed: batch.offset, now: now() });
    live.clockIs(agent.id, seenOffset);
    this.#options.clocks.take(agent, seenOffset);
    const offset = batch.offset ?? 0;
    const correction = Math.abs(offset) >= correctFromMs ? offset : 0;
    const decoded = decodePoints(batch.data, {
      sent: batch.sent + correction,
      bounds: { earliest: now() - limits.pastMs, latest: now() + limits.futureMs },
      baselines: this.#baselines,
    });
    const own = decoded.points.filter(({ measurement }) => !derivedMeasurements.has(measurement));
    const derived = decoded.points.length - own.length;
    if (derived > 0) metrics.refusedPoints.inc({ reason: 'derived' }, derived);
    const points = meter.withinSeries(own);
    if (points.length < own.length) this.#refuseSeries(agent, own.length - points.length);
    let refused = decoded.points.length - points.length;
    for (const [reason, count] of decoded.refused) {
      refused += count;
      metrics.refusedPoints.inc({ reason }, count);
    }
    const received = points.length + refused;
    metrics.receivedPoints.inc(received);
    const ownMs = meter.batch({ points: received, bytes: length });
    const ackAt = monotonic() + Math.max(ownMs, this.#historyWaitMs(points));
    live.receive(agent.id, points);
    this.#inFlight += 1;
    // A merger of units may have moved the agent since its session began.
    const unit = live.get(agent.id)?.record.unit ?? agent.unit;
    const origin = { agent: agent.id, host: agent.hostname, unit, class: agent.class };
    void ingest.write({ origin, points }).then((result) => {
      const ack: Ack =
        result.status === 'retry'
          ? { type: 'ack', seq: batch.seq, retry: result.afterMs }
          : { type: 'ack', seq: batch.seq, ...(refused > 0 && { refused }) };
      const waitMs = ackAt - monotonic();
      if (waitMs <= 0) return this.#acknowledge(ack);
      metrics.pacedAcks.inc();
      setTimeout(() => this.#acknowledge(ack), waitMs).unref();
    });
    return true;
  }

  /** An agent sends no more of the past before the last of it was acknowledged: so all of them share what there is. */
  #historyWaitMs(points: readonly Point[]): number {
    if (points.length === 0 || !isHistory(points, this.#options.now())) return 0;
    return Math.min(this.#options.history.charge(points.length), longestHoldMs);
  }

  #acknowledge(ack: Ack): void {
    this.#inFlight -= 1;
    this.#options.acknowledge(ack);
  }

  /** Told once a session: a person has to look at the agent, not at its every batch. */
  #refuseSeries(agent: AgentRecord, points: number): void {
    this.#options.metrics.refusedPoints.inc({ reason: 'too_many_series' }, points);
    if (this.#hasTooManySeries) return;
    this.#hasTooManySeries = true;
    const most = this.#options.limits.series_per_agent;
    this.#options.logger.error({ agent: agent.id, most }, 'an agent has too many series, new ones are refused');
  }
}
