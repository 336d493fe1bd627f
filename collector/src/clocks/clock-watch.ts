/**
 * Opens an incident for a machine whose clock is wrong, and closes it when it is right again. What such a machine measures
 * is corrected at receipt and stored at the right time; but certificates, signatures and its own logs go by its clock.
 *
 * The offset is looked at with each session and each batch. A clock that is just being set is given some time.
 */
import type { Logger } from 'pino';
import type { Incidents } from '../incidents/incidents.ts';
import type { AgentRecord } from '../registry/agents.ts';

const wrongFromMs = 60_000;
/** Hysteresis: right only well below. */
const rightBelowMs = 30_000;
const opensAfterMs = 60_000;
const maxOpen = 10_000;
const kind = 'clock-wrong';

/** A frame may be on its way for so long over a slow line, which looks like a clock that is behind. */
const longestWayMs = 120_000;

interface Options {
  readonly incidents: Pick<Incidents, 'report' | 'resolve' | 'list'>;
  readonly logger: Logger;
  readonly now: () => number;
  /** A clock that never jumps, in milliseconds. */
  readonly monotonic: () => number;
}

/**
 * The collector's clock minus the agent's, in milliseconds: what the agent has measured, unless what it sends is from
 * quite another time. `sent` is the agent's clock when a frame was made, `now` the collector's at its arrival.
 */
export function clockOffset(frame: { sent: number; claimed: number | undefined; now: number }): number {
  const seen = frame.now - frame.sent;
  const { claimed } = frame;
  const onTheWayMs = claimed === undefined ? Number.NaN : seen - claimed;
  return claimed !== undefined && Math.abs(onTheWayMs) <= longestWayMs ? claimed : seen;
}

export class ClockWatch {
  readonly #options: Options;
  /** Since when a clock is wrong, by the monotonic clock. */
  readonly #wrongSince = new Map<string, number>();
  #open: Set<string> | undefined;

  constructor(options: Options) {
    this.#options = options;
  }

  /** Takes note of an offset; never throws. */
  take(agent: AgentRecord, offsetMs: number): void {
    try {
      const size = Math.abs(offsetMs);
      if (size > wrongFromMs) this.#wrong(agent, offsetMs);
      else if (size < rightBelowMs) this.#right(agent.id);
    } catch (error) {
      this.#options.logger.error(
        { agent: agent.id, error: (error as Error).message },
        'cannot keep an incident about a wrong clock',
      );
    }
  }

  /** Machines whose clock is known to be wrong. */
  get wrong(): number {
    return this.#openOnes.size;
  }

  /** The agent is retired. */
  forget(agentId: string): void {
    this.#right(agentId);
  }

  #wrong({ id, unit, hostname }: AgentRecord, offsetMs: number): void {
    const { incidents, monotonic, now } = this.#options;
    const since = this.#wrongSince.get(id) ?? monotonic();
    this.#wrongSince.set(id, since);
    if (this.#openOnes.has(id) || monotonic() - since < opensAfterMs) return;
    const facts = { hostname, offset_seconds: (offsetMs / 1_000).toFixed(1) };
    const evidence = { at: now(), what: 'clock-wrong', facts };
    incidents.report({ kind, severity: 'warning', subject: id, unit, evidence });
    this.#openOnes.add(id);
  }

  #right(id: string): void {
    this.#wrongSince.delete(id);
    if (!this.#openOnes.has(id)) return;
    this.#options.incidents.resolve(kind, id, this.#options.now());
    this.#openOnes.delete(id);
  }

  /** What was open before a restart, too. */
  get #openOnes(): Set<string> {
    if (this.#open) return this.#open;
    const open = this.#options.incidents.list({ state: 'open', limit: maxOpen });
    this.#open = new Set(open.filter((each) => each.kind === kind).map(({ subject }) => subject));
    return this.#open;
  }
}
