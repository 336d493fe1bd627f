/**
 * Live changes for many browsers. Changes are collected and sent out by `tick`, each agent at most once a second to
 * each client, whatever the agent does. A client that does not read is cut when its buffer is full: it comes back by
 * itself and asks for the present state, which is worth more than old news.
 */
import { Readable } from 'node:stream';
import { agentStates } from '@vonggac/shared';
import { type LiveAgent, type LiveChange, type LiveState, seriesKey } from '../live/live-state.ts';
import { valuesOf, viewPoint } from './agent-view.ts';
import { toIso } from './instants.ts';
import type { PointsEvent, PointView, StateEvent, Summary, SummaryEvent } from './schemas.ts';
import type { Scope } from './scope.ts';

/** How often `tick` should be called. */
export const tickMs = 250;
/** Between two messages about one agent, and between two summaries. */
const quietMs = 1_000;
/** A client hears something at least this often, so that it notices a dead link. */
const signOfLifeMs = 5_000;
/** Holds the change of state of ten thousand agents at once. */
const maxBufferedBytes = 2 * 1024 * 1024;

export interface FeedRequest {
  /** Agents of interest; all when absent. */
  readonly agents?: readonly string[] | undefined;
  /** Whether every new point is wanted or only the values that lists show. */
  readonly points: boolean;
  /** What the client may see, asked at every sign of life; the stream ends when the answer is: nothing any more. */
  readonly scope: () => FeedScope | undefined;
}

export type FeedScope = Pick<Scope, 'key' | 'sees' | 'agents'>;

interface Client {
  readonly request: FeedRequest;
  readonly stream: Readable;
  scope: FeedScope;
  readonly wanted: ReadonlySet<string> | undefined;
}

interface Pending {
  readonly agent: LiveAgent;
  state: boolean;
  readonly points: Map<string, PointView>;
}

function message(event: string, data: unknown): string {
  return `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
}

function seenAt(agent: LiveAgent): { last_seen?: string } {
  return agent.lastSeen === undefined ? {} : { last_seen: toIso(agent.lastSeen) };
}

function stateMessage(agent: LiveAgent): string {
  const event: StateEvent = {
    id: agent.record.id,
    state: agent.state,
    state_since: toIso(agent.since),
    ...seenAt(agent),
  };
  return message('state', event);
}

function pointsMessage(agent: LiveAgent, points?: readonly PointView[]): string {
  const event: PointsEvent = {
    id: agent.record.id,
    ...seenAt(agent),
    values: valuesOf(agent),
    ...(points && { points }),
  };
  return message('points', event);
}

/** How many of the agents are in each state. */
export function summarise(agents: readonly LiveAgent[]): Summary {
  const states = Object.fromEntries(agentStates.map((state) => [state, 0])) as Record<LiveAgent['state'], number>;
  for (const agent of agents) states[agent.state] += 1;
  return { total: agents.length, states };
}

export interface LiveFeedOptions {
  readonly live: LiveState;
  readonly now: () => number;
  /** Called when a client was cut because it did not read. */
  readonly onCut: () => void;
}

export class LiveFeed {
  readonly #options: LiveFeedOptions;
  readonly #clients = new Set<Client>();
  readonly #pending = new Map<string, Pending>();
  readonly #sentAt = new Map<string, number>();
  #unsubscribe: (() => void) | undefined;
  #summaryChanged = false;
  #summarySentAt = 0;

  constructor(options: LiveFeedOptions) {
    this.#options = options;
  }

  start(): void {
    this.#unsubscribe ??= this.#options.live.subscribe((change) => this.#collect(change));
  }

  /** Cuts every stream: an orderly end would wait for clients that do not read, and the server for its connections. */
  stop(): void {
    this.#unsubscribe?.();
    this.#unsubscribe = undefined;
    for (const client of this.#clients) client.stream.destroy();
    this.#clients.clear();
  }

  get clientCount(): number {
    return this.#clients.size;
  }

  /**
   * Opens a stream of server-sent events. It begins with a summary and, for agents that were named, their present
   * state, so that nothing is missed between a client's question for the list and its stream.
   */
  open(request: FeedRequest): Readable {
    const stream = new Readable({ read: () => undefined });
    const scope = request.scope();
    if (!scope) {
      stream.push(null);
      return stream;
    }
    const client: Client = { request, stream, scope, wanted: request.agents && new Set(request.agents) };
    this.#clients.add(client);
    stream.once('close', () => this.#clients.delete(client));
    stream.push(this.#summaryMessage(scope));
    for (const id of client.wanted ?? []) {
      const agent = this.#options.live.get(id);
      if (agent && scope.sees(agent)) stream.push(stateMessage(agent) + pointsMessage(agent));
    }
    return stream;
  }

  /** Sends what is due. */
  tick(): void {
    if (this.#clients.size === 0) return;
    const now = this.#options.now();
    const quiet = now - this.#summarySentAt;
    if (quiet >= signOfLifeMs || (this.#summaryChanged && quiet >= quietMs)) {
      this.#endWhoMayNotContinue();
      this.#summaryChanged = false;
      this.#summarySentAt = now;
      const texts = new Map<string, string>();
      for (const client of this.#clients) {
        const text = texts.get(client.scope.key) ?? this.#summaryMessage(client.scope);
        texts.set(client.scope.key, text);
        this.#send(client, text);
      }
    }
    for (const [id, pending] of this.#pending) {
      if (now - (this.#sentAt.get(id) ?? 0) < quietMs) continue;
      this.#pending.delete(id);
      this.#sentAt.set(id, now);
      this.#sendChanges(pending);
    }
    for (const [id, sentAt] of this.#sentAt) if (now - sentAt >= quietMs) this.#sentAt.delete(id);
  }

  #collect(change: LiveChange): void {
    const { id } = change.agent.record;
    if (change.kind === 'state') this.#summaryChanged = true;
    if (!this.#isWatched(id)) return;
    let pending = this.#pending.get(id);
    if (!pending) {
      pending = { agent: change.agent, state: false, points: new Map() };
      this.#pending.set(id, pending);
    }
    if (change.kind === 'state') pending.state = true;
    else for (const point of change.points) pending.points.set(seriesKey(point), viewPoint(point));
  }

  #isWatched(id: string): boolean {
    for (const client of this.#clients) if (!client.wanted || client.wanted.has(id)) return true;
    return false;
  }

  #sendChanges({ agent, state, points }: Pending): void {
    const stateText = state ? stateMessage(agent) : '';
    const briefText = points.size > 0 ? pointsMessage(agent) : '';
    let fullText: string | undefined;
    for (const client of this.#clients) {
      if (client.wanted && !client.wanted.has(agent.record.id)) continue;
      if (!client.scope.sees(agent)) continue;
      if (client.request.points && points.size > 0) fullText ??= pointsMessage(agent, [...points.values()]);
      this.#send(client, stateText + (client.request.points ? (fullText ?? '') : briefText));
    }
  }

  #send(client: Client, text: string): void {
    client.stream.push(text);
    if (client.stream.readableLength <= maxBufferedBytes) return;
    this.#clients.delete(client);
    client.stream.destroy();
    this.#options.onCut();
  }

  #endWhoMayNotContinue(): void {
    for (const client of this.#clients) {
      const scope = client.request.scope();
      if (scope) {
        client.scope = scope;
        continue;
      }
      this.#clients.delete(client);
      client.stream.push(null);
    }
  }

  #summaryMessage(scope: FeedScope): string {
    const summary = summarise(scope.agents());
    return message('summary', { ...summary, time: toIso(this.#options.now()) } satisfies SummaryEvent);
  }
}
