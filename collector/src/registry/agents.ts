import { randomBytes } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import type { AgentClass } from '@vonggac/shared';

/** One enrolled agent. Times are milliseconds since 1970. */
export interface AgentRecord {
  readonly id: string;
  /** As the machine says; a label, never an identity. */
  readonly hostname: string;
  readonly unit: string;
  readonly class: AgentClass;
  /** Ed25519, raw 32 bytes as base64url. */
  readonly publicKey: string;
  readonly platform: string;
  readonly version: string;
  readonly enrolledAt: number;
  readonly lastSeen: number | undefined;
  readonly revokedAt: number | undefined;
}

export type NewAgent = Omit<AgentRecord, 'id' | 'lastSeen' | 'revokedAt'> & { readonly codeId: string };

interface Row {
  id: string;
  hostname: string;
  unit: string;
  class: AgentClass;
  public_key: string;
  platform: string;
  version: string;
  enrolled_at: number;
  last_seen: number | null;
  revoked_at: number | null;
}

function fromRow(row: Row): AgentRecord {
  return {
    id: row.id,
    hostname: row.hostname,
    unit: row.unit,
    class: row.class,
    publicKey: row.public_key,
    platform: row.platform,
    version: row.version,
    enrolledAt: row.enrolled_at,
    lastSeen: row.last_seen ?? undefined,
    revokedAt: row.revoked_at ?? undefined,
  };
}

/** The enrolled agents. The id is given here, at random: neither hostname nor address ever identifies a machine. */
export class Agents {
  readonly #database: DatabaseSync;

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  /** Records a new agent and returns it. Throws when the public key is enrolled already. */
  add(agent: NewAgent): AgentRecord {
    const id = `a-${randomBytes(8).toString('hex')}`;
    this.#database
      .prepare(
        `INSERT INTO agents (id, hostname, unit, class, public_key, platform, version, code_id, enrolled_at)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      )
      .run(
        id,
        agent.hostname,
        agent.unit,
        agent.class,
        agent.publicKey,
        agent.platform,
        agent.version,
        agent.codeId,
        agent.enrolledAt,
      );
    const { codeId: _, ...record } = agent;
    return { ...record, id, lastSeen: undefined, revokedAt: undefined };
  }

  get(id: string): AgentRecord | undefined {
    const row = this.#database.prepare('SELECT * FROM agents WHERE id = ?').get(id) as Row | undefined;
    return row && fromRow(row);
  }

  byPublicKey(publicKey: string): AgentRecord | undefined {
    const row = this.#database.prepare('SELECT * FROM agents WHERE public_key = ?').get(publicKey) as Row | undefined;
    return row && fromRow(row);
  }

  all(): AgentRecord[] {
    return (this.#database.prepare('SELECT * FROM agents ORDER BY id').all() as unknown as Row[]).map(fromRow);
  }

  /** Takes over what an agent says of itself at the start of a session. */
  describe(id: string, said: Pick<AgentRecord, 'hostname' | 'platform' | 'version'>): void {
    this.#database
      .prepare('UPDATE agents SET hostname = ?, platform = ?, version = ? WHERE id = ?')
      .run(said.hostname, said.platform, said.version, id);
  }

  /** Remembers when agents were last heard, for the time after a restart. */
  saveLastSeen(lastSeen: ReadonlyMap<string, number>): void {
    const update = this.#database.prepare('UPDATE agents SET last_seen = ? WHERE id = ?');
    for (const [id, time] of lastSeen) update.run(time, id);
  }

  /** Returns false when there is no such agent or it is revoked already. */
  revoke(id: string, at: number): boolean {
    const result = this.#database
      .prepare('UPDATE agents SET revoked_at = ? WHERE id = ? AND revoked_at IS NULL')
      .run(at, id);
    return result.changes > 0;
  }
}
