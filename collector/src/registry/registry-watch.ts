/** Follows what commands change in the registry beside a running collector, and writes down what that knows of agents. */
import type { DatabaseSync } from 'node:sqlite';
import type { Logger } from 'pino';
import type { LiveState } from '../live/live-state.ts';
import type { AgentRecord, Agents } from './agents.ts';
import type { Units } from './units.ts';

interface Options {
  readonly database: DatabaseSync;
  readonly agents: Agents;
  readonly units: Pick<Units, 'changes'>;
  readonly live: Pick<LiveState, 'all' | 'get' | 'put'>;
  /** A new agent, or one of which something was changed. */
  readonly onAgent: (agent: AgentRecord) => void;
  readonly onUnits: () => void;
  readonly logger: Logger;
}

export class RegistryWatch {
  readonly #options: Options;
  #dataVersion: number;
  #unitChanges = 0;

  constructor(options: Options) {
    this.#options = options;
    this.#dataVersion = this.#readDataVersion();
  }

  /** SQLite tells of changes by other processes by `data_version`. Cheap: call it twice a second. */
  look(): void {
    const { agents, units, live, onAgent, onUnits } = this.#options;
    const seen = this.#readDataVersion();
    if (units.changes !== this.#unitChanges) onUnits();
    this.#unitChanges = units.changes;
    if (seen === this.#dataVersion) return;
    this.#dataVersion = seen;
    for (const agent of agents.all()) {
      const known = live.get(agent.id)?.record;
      if (known && isSame(known, agent)) continue;
      live.put(agent);
      onAgent(agent);
    }
    onUnits();
  }

  /** Writes down when agents were last heard. Call it every few seconds, and at the end. */
  save(): void {
    const { agents, live, logger } = this.#options;
    const changed = new Map<string, number>();
    for (const { record, lastSeen } of live.all()) {
      if (lastSeen !== undefined && lastSeen !== record.lastSeen) changed.set(record.id, lastSeen);
    }
    try {
      agents.save(changed);
    } catch (error) {
      // A full disk, mostly; /readyz says so.
      logger.error({ error: (error as Error).message }, 'cannot write down when agents were last heard');
    }
  }

  #readDataVersion(): number {
    const row = this.#options.database.prepare('PRAGMA data_version').get() as { data_version: number };
    return row.data_version;
  }
}

/** Whether nothing has changed of what commands can change. */
function isSame(known: AgentRecord, agent: AgentRecord): boolean {
  const isAsked = known.rotateKeyAskedAt === agent.rotateKeyAskedAt;
  return isAsked && known.revokedAt === agent.revokedAt && known.unit === agent.unit;
}
