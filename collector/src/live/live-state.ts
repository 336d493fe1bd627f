/** What is known of every machine right now; in memory, updated at receipt, before the store. */
import { type AgentState, type Goodbye, heartbeatMs, type Point } from '@vonggac/shared';
import type { AgentRecord } from '../registry/agents.ts';
import { isFlapping, recentLosses, steadyMs } from './flapping.ts';
import { OwnClock } from './own-clock.ts';

/** A link this long silent is `late`. */
export const lateAfterMs = 2.5 * heartbeatMs;
/** A silent link that does not come back within this time after `late` is `offline`. */
export const offlineAfterLateMs = 15_000;
/** After its own start, or a time in which it heard nothing itself, the collector waits this long before it calls an agent offline. */
export const graceMs = 90_000;
/** Series kept per agent; more come from a broken or hostile agent and are not kept live. */
const maxSeriesPerAgent = 500;
/** How often an agent that is away is compared with the calendar. */
const planEveryMs = 10_000;

/**
 * How a session ended: the agent said goodbye, its side of the connection closed without a word, it fell silent, or the
 * collector itself ended it.
 */
export type Departure = Goodbye['reason'] | 'closed' | 'silent' | 'dropped';

/** Why a machine is not expected to report now. */
export interface Planned {
  readonly reason: 'maintenance' | 'off-hours';
  readonly until?: number | undefined;
  readonly note?: string | undefined;
}

export interface PlannedSubject {
  readonly unit: string;
  readonly agentId: string;
  readonly class: AgentRecord['class'];
}

export type PlannedAt = (subject: PlannedSubject, at: number) => Planned | undefined;

/** When the agent's process and its machine started, by the collector's clock. */
export interface AgentLife {
  readonly startedAt: number;
  readonly bootedAt: number;
}

export interface LiveAgent {
  readonly record: AgentRecord;
  readonly state: AgentState;
  /** When the state began, milliseconds by the collector's clock. */
  readonly since: number;
  /** When anything was last heard, or undefined when never. */
  readonly lastSeen: number | undefined;
  /** Collector's clock minus the agent's in milliseconds; undefined before the first session. */
  readonly clockOffsetMs: number | undefined;
  /** How its last session ended; undefined while one is open and before the first. */
  readonly departure: Departure | undefined;
  readonly life: AgentLife | undefined;
  /** It came and went so often that it counts as `late` until it stays. */
  readonly flapping: boolean;
  /** The newest point of every series. */
  readonly points: ReadonlyMap<string, Point>;
}

export type LiveChange =
  | { readonly kind: 'state'; readonly agent: LiveAgent }
  | { readonly kind: 'points'; readonly agent: LiveAgent; readonly points: readonly Point[] };

interface Entry {
  record: AgentRecord;
  state: AgentState;
  since: number;
  lastSeen: number | undefined;
  clockOffsetMs: number | undefined;
  departure: Departure | undefined;
  life: AgentLife | undefined;
  /** Since when its session is open. */
  connectedAt: number | undefined;
  /** When it was no longer online, the newest last. */
  losses: readonly number[];
  flapping: boolean;
  planSeenAt: number;
  points: Map<string, Point>;
}

interface Options {
  readonly plannedAt?: PlannedAt | undefined;
}

/** The key of a point's series within its agent. */
export function seriesKey(point: Point): string {
  let key: string = point.measurement;
  for (const name in point.tags) key += `\u0000${point.tags[name]}`;
  return key;
}

export class LiveState {
  readonly #now: () => number;
  readonly #plannedAt: PlannedAt;
  readonly #clock: OwnClock;
  readonly #entries = new Map<string, Entry>();
  /** The collector's own line is dead since then. */
  #cutOffSince: number | undefined;
  /** Forgotten when an agent comes in, which is rare; the list is asked for every second. */
  #sorted: readonly LiveAgent[] | undefined;
  readonly #listeners = new Set<(change: LiveChange) => void>();

  /** `now` is the clock, milliseconds since 1970. */
  constructor(now: () => number, { plannedAt = () => undefined }: Options = {}) {
    this.#now = now;
    this.#plannedAt = plannedAt;
    this.#clock = new OwnClock(now());
  }

  /** Takes in an agent, or what changed in its record. A new one is `inconclusive` until it connects or time passes. */
  put(record: AgentRecord): void {
    const entry = this.#entries.get(record.id);
    if (!entry) {
      const fresh: Entry = {
        record,
        state: record.revokedAt === undefined ? 'inconclusive' : 'retired',
        since: this.#now(),
        lastSeen: record.lastSeen,
        clockOffsetMs: undefined,
        departure: undefined,
        life: undefined,
        connectedAt: undefined,
        losses: [],
        flapping: false,
        planSeenAt: 0,
        points: new Map(),
      };
      this.#entries.set(record.id, fresh);
      this.#sorted = undefined;
      this.#publish({ kind: 'state', agent: fresh });
      return;
    }
    entry.record = record;
    if (record.revokedAt !== undefined) this.#enter(entry, 'retired');
  }

  connected(id: string, clockOffsetMs: number, life?: AgentLife): void {
    const entry = this.#entries.get(id);
    if (!entry) return;
    const now = this.#now();
    entry.connectedAt = now;
    entry.clockOffsetMs = clockOffsetMs;
    entry.departure = undefined;
    entry.life = life;
    entry.lastSeen = now;
    this.#enter(entry, entry.flapping ? 'late' : 'online');
  }

  /**
   * A closed connection is evidence at once; one that only fell silent is `late` first, and so is an agent that said
   * that it comes back.
   */
  disconnected(id: string, departure: Departure): void {
    const entry = this.#entries.get(id);
    if (!entry || entry.connectedAt === undefined) return;
    const now = this.#now();
    this.#passed(now);
    entry.connectedAt = undefined;
    entry.departure = departure;
    if (entry.state === 'retired') return;
    const isEvidence = departure === 'closed' || departure === 'stop' || departure === 'shutdown';
    // What agents did while the collector was held up says nothing about them.
    if (departure === 'closed' && this.#clock.wasHeldUp(now)) return this.#enter(entry, 'inconclusive');
    if (!isEvidence && this.#isDoubted(entry)) return this.#enter(entry, 'inconclusive');
    if (!isEvidence) return this.#enter(entry, 'late');
    entry.lastSeen = now;
    this.#countLoss(entry, now);
    this.#enter(entry, entry.flapping ? 'late' : this.#away(entry, now));
  }

  /** Collector's clock minus the agent's, as it was just seen. */
  clockIs(id: string, offsetMs: number): void {
    const entry = this.#entries.get(id);
    if (entry) entry.clockOffsetMs = offsetMs;
  }

  /** Anything at all came from the agent. */
  heard(id: string): void {
    const entry = this.#entries.get(id);
    if (!entry) return;
    entry.lastSeen = this.#now();
    if (entry.connectedAt === undefined || entry.flapping) return;
    if (entry.state === 'late' || entry.state === 'inconclusive') this.#enter(entry, 'online');
  }

  /** The collector's own line is dead since then: who fell silent with it may be well. */
  doubt(since: number): void {
    this.#cutOffSince ??= since;
    for (const entry of this.#entries.values()) {
      const isSilent = entry.state === 'late' || (entry.state === 'offline' && entry.departure === 'silent');
      if (isSilent && this.#isDoubted(entry)) this.#enter(entry, 'inconclusive');
    }
  }

  /** Its line is back: after a while it can tell again who is away. */
  trust(): void {
    if (this.#cutOffSince === undefined) return;
    this.#cutOffSince = undefined;
    this.#clock.knowsSince = this.#now();
  }

  /** Since when the collector hears its agents; what was before says nothing. */
  get knowsSince(): number {
    return this.#clock.knowsSince;
  }

  /** Keeps the newest point of each series; late ones change nothing that is shown as current. */
  receive(id: string, points: readonly Point[]): void {
    const entry = this.#entries.get(id);
    if (!entry) return;
    const newest: Point[] = [];
    for (const point of points) {
      const key = seriesKey(point);
      const before = entry.points.get(key);
      if (before ? point.time <= before.time : entry.points.size >= maxSeriesPerAgent) continue;
      entry.points.set(key, point);
      newest.push(point);
    }
    if (newest.length > 0) this.#publish({ kind: 'points', agent: entry, points: newest });
  }

  /** Looks for silence; call it about once a second. */
  tick(): void {
    const now = this.#now();
    this.#passed(now);
    for (const entry of this.#entries.values()) this.#look(entry, now);
  }

  get(id: string): LiveAgent | undefined {
    return this.#entries.get(id);
  }

  /** All agents, in the order of their ids. */
  all(): readonly LiveAgent[] {
    this.#sorted ??= [...this.#entries.values()].sort((a, b) => (a.record.id < b.record.id ? -1 : 1));
    return this.#sorted;
  }

  /** Calls `listener` on every change until the returned function is called. */
  subscribe(listener: (change: LiveChange) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #look(entry: Entry, now: number): void {
    const { state, since, connectedAt } = entry;
    const isConnected = connectedAt !== undefined;
    const isSilent = now - Math.max(entry.lastSeen ?? 0, this.#clock.hearsSince) > lateAfterMs;
    if (isConnected && state === 'online' && isSilent) {
      this.#countLoss(entry, now);
      this.#enter(entry, this.#isDoubted(entry) ? 'inconclusive' : 'late');
    } else if (isConnected && entry.flapping && !isSilent && now - connectedAt > steadyMs) {
      entry.flapping = false;
      this.#enter(entry, 'online');
    } else if (!isConnected && state === 'late') {
      const waitMs = entry.flapping ? steadyMs : offlineAfterLateMs;
      const lostAt = Math.max(since, entry.lastSeen ?? 0);
      if (now - lostAt > waitMs) this.#enter(entry, this.#away(entry, now));
    } else if (!isConnected && state === 'inconclusive') {
      const knowsSince = Math.max(since, this.#clock.knowsSince);
      if (this.#cutOffSince === undefined && now - knowsSince > graceMs) this.#enter(entry, this.#away(entry, now));
    } else if (state === 'offline' || state === 'planned') {
      if (now - entry.planSeenAt >= planEveryMs) this.#enter(entry, this.#away(entry, now));
    }
  }

  /** Time has passed; if it was too much at once, or went back, what is known of silence begins anew. */
  #passed(now: number): void {
    const jump = this.#clock.passed(now);
    if (jump !== 'back') return;
    for (const entry of this.#entries.values()) {
      entry.since = Math.min(entry.since, now);
      entry.planSeenAt = Math.min(entry.planSeenAt, now);
      if (entry.lastSeen !== undefined) entry.lastSeen = Math.min(entry.lastSeen, now);
      if (entry.connectedAt !== undefined) entry.connectedAt = Math.min(entry.connectedAt, now);
    }
  }

  /** The state of one that is surely away. */
  #away(entry: Entry, now: number): AgentState {
    const { id: agentId, unit, class: agentClass } = entry.record;
    entry.planSeenAt = now;
    return this.#plannedAt({ unit, agentId, class: agentClass }, now) ? 'planned' : 'offline';
  }

  #isDoubted({ lastSeen }: Entry): boolean {
    return this.#cutOffSince !== undefined && (lastSeen ?? 0) >= this.#cutOffSince;
  }

  #countLoss(entry: Entry, now: number): void {
    if (entry.state !== 'online') return;
    entry.losses = recentLosses(entry.losses, now);
    entry.flapping ||= isFlapping(entry.losses);
  }

  #enter(entry: Entry, state: AgentState): void {
    if (entry.state === state) return;
    entry.state = state;
    entry.since = this.#now();
    this.#publish({ kind: 'state', agent: entry });
  }

  #publish(change: LiveChange): void {
    for (const listener of this.#listeners) listener(change);
  }
}
