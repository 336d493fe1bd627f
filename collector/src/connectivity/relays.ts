/** Where an agent finds a relay: the gateways of its unit that report one, or what the configuration names. */
import type { DatabaseSync } from 'node:sqlite';
import { ipVersion } from '@vonggac/shared';
import type { LiveAgent } from '../live/live-state.ts';
import type { AgentRecord } from '../registry/agents.ts';
import type { ConnectivitySection } from './settings.ts';

const maxRelays = 4;

export function relaysFor(
  agent: AgentRecord,
  from: {
    readonly settings: ConnectivitySection['relays'];
    readonly colleagues: readonly LiveAgent[];
    readonly isRelay: (agent: string) => boolean;
  },
): string[] {
  const { settings, colleagues, isRelay } = from;
  const named = settings.units[agent.unit];
  if (named) return [...named];
  return colleagues
    .filter(({ record, state }) => record.id !== agent.id && state !== 'retired' && isRelay(record.id))
    .flatMap(({ record }) => record.addresses)
    .map((address) => ({ address, nearness: nearness(address, agent.addresses) }))
    .sort((a, b) => b.nearness - a.nearness)
    .slice(0, maxRelays)
    .map(({ address }) => `${ipVersion(address) === 6 ? `[${address}]` : address}:${settings.port}`);
}

/** How many parts at the beginning an address has in common with one of the machine's: a gateway has several. */
function nearness(address: string, own: readonly string[]): number {
  const parts = address.split(/[.:]/);
  const inCommon = (other: string) => {
    const others = other.split(/[.:]/);
    const different = parts.findIndex((part, index) => part !== others[index]);
    return different < 0 ? parts.length : different;
  };
  return Math.max(0, ...own.filter((other) => ipVersion(other) === ipVersion(address)).map(inCommon));
}

const dayMs = 86_400_000;
/** A relay that was not heard of for so long is no longer told of. */
const forgetAfterMs = 7 * dayMs;

/** Which gateways report a relay: kept in `links.db`, so that after a restart nobody is told that there is none. */
export class KnownRelays {
  readonly #database: DatabaseSync;
  readonly #seen = new Map<string, number>();

  constructor(database: DatabaseSync) {
    this.#database = database;
    for (const row of database.prepare('SELECT agent, at FROM relays').all() as { agent: string; at: number }[]) {
      this.#seen.set(row.agent, row.at);
    }
  }

  has(agent: string, now: number): boolean {
    return now - (this.#seen.get(agent) ?? Number.NEGATIVE_INFINITY) < forgetAfterMs;
  }

  /** True when it was not known. */
  saw(agent: string, now: number): boolean {
    const isKnown = this.has(agent, now);
    if (isKnown && now - (this.#seen.get(agent) ?? 0) < dayMs) return false;
    this.#seen.set(agent, now);
    this.#database
      .prepare('INSERT INTO relays VALUES (?, ?) ON CONFLICT DO UPDATE SET at = excluded.at')
      .run(agent, now);
    return !isKnown;
  }
}
