/** What is known of every machine right now; in memory, updated at receipt, before the store. */
import { type AgentState, heartbeatMs, type Point } from '@vonggac/shared';
import type { AgentRecord } from '../registry/agents.ts';

/** A link this long silent is `late`. */
export const lateAfterMs = 2.5 * heartbeatMs;
/** A silent link that does not come back within this time after `late` is `offline`. */
export const offlineAfterLateMs = 15_000;
/** After its own start the collector waits this long before it calls an agent offline. */
export const graceMs = 90_000;
/** Series kept per agent; more come from a broken or hostile agent and are not kept live. */
const maxSeriesPerAgent = 500;

export interface LiveAgent {
  readonly record: AgentRecord;
  readonly state: AgentState;
  /** When the state began, milliseconds by the collector's clock. */
  readonly since: number;
  /** When anything was last heard, or undefined when never. */
  readonly lastSeen: number | undefined;
  /** Collector's clock minus the agent's in milliseconds; undefined before the first session. */
  readonly clockOffsetMs: number | undefined;
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
  connected: boolean;
  points: Map<string, Point>;
}

/** The key of a point's series within its agent. */
export function seriesKey(point: Point): string {
  let key: string = point.measurement;
  for (const name in point.tags) key += `\u0000${point.tags[name]}`;
  return key;
}

export class LiveState {
  readonly #now: () => number;
  readonly #startedAt: number;
  readonly #entries = new Map<string, Entry>();
  /** Forgotten when an agent comes in, which is rare; the list is asked for every second. */
  #sorted: readonly LiveAgent[] | undefined;
  readonly #listeners = new Set<(change: LiveChange) => void>();

  /** `now` is the clock, milliseconds since 1970. */
  constructor(now: () => number) {
    this.#now = now;
    this.#startedAt = now();
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
        connected: false,
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

  connected(id: string, clockOffsetMs: number): void {
    const entry = this.#entries.get(id);
    if (!entry) return;
    entry.connected = true;
    entry.clockOffsetMs = clockOffsetMs;
    entry.lastSeen = this.#now();
    this.#enter(entry, 'online');
  }

  /** A closed connection is evidence at once; one that only fell silent is `late` first. */
  disconnected(id: string, how: 'closed' | 'silent'): void {
    const entry = this.#entries.get(id);
    if (!entry?.connected) return;
    entry.connected = false;
    if (entry.state !== 'retired') this.#enter(entry, how === 'silent' ? 'late' : 'offline');
  }

  /** Anything at all came from the agent. */
  heard(id: string): void {
    const entry = this.#entries.get(id);
    if (!entry) return;
    entry.lastSeen = this.#now();
    if (entry.connected && entry.state === 'late') this.#enter(entry, 'online');
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
    for (const entry of this.#entries.values()) {
      if (entry.connected && entry.state === 'online' && now - (entry.lastSeen ?? 0) > lateAfterMs) {
        this.#enter(entry, 'late');
      } else if (!entry.connected && entry.state === 'late' && now - entry.since > offlineAfterLateMs) {
        this.#enter(entry, 'offline');
      } else if (entry.state === 'inconclusive' && now - Math.max(entry.since, this.#startedAt) > graceMs) {
        this.#enter(entry, 'offline');
      }
    }
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
