import { randomBytes } from 'node:crypto';
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { AgentClass, AgentWay } from '@vonggac/shared';
import { transaction } from './database.ts';

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
  /** Since when the key is the present one. */
  readonly keySince: number;
  /** The key before, until the agent has shown that it has the new one in its place. */
  readonly previousPublicKey: string | undefined;
  /** When a person asked for a new key that did not come yet. */
  readonly rotateKeyAskedAt: number | undefined;
  /** What the machine last told of its hardware; empty when nothing. */
  readonly hardware: readonly string[];
  /** The machine's own addresses as it last told them: where its neighbours find it. */
  readonly addresses: readonly string[];
  /** How it last came. */
  readonly way?: AgentWay | undefined;
}

/** What an agent says of itself at the start of a session. */
export type AgentSelf = Pick<AgentRecord, 'hostname' | 'platform' | 'version' | 'hardware' | 'addresses' | 'way'>;

type Given =
  | 'id'
  | 'lastSeen'
  | 'revokedAt'
  | 'keySince'
  | 'previousPublicKey'
  | 'rotateKeyAskedAt'
  | 'hardware'
  | 'addresses'
  | 'way';
export type NewAgent = Omit<AgentRecord, Given> & { readonly codeId: string };

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
  key_since: number | null;
  previous_public_key: string | null;
  rotate_key_asked_at: number | null;
  /** Separated by spaces. */
  hardware: string | null;
  /** The same. */
  addresses: string | null;
  /** `kind address`. */
  way: string | null;
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
    keySince: row.key_since ?? row.enrolled_at,
    previousPublicKey: row.previous_public_key ?? undefined,
    rotateKeyAskedAt: row.rotate_key_asked_at ?? undefined,
    hardware: row.hardware?.split(' ') ?? [],
    addresses: row.addresses?.split(' ') ?? [],
    way: row.way === null ? undefined : wayFrom(row.way),
  };
}

function wayFrom(text: string): AgentWay {
  const [kind, address = ''] = text.split(' ');
  return { kind: kind as AgentWay['kind'], address };
}

/** The enrolled agents. The id is given here, at random: neither hostname nor address ever identifies a machine. */
export class Agents {
  readonly #database: DatabaseSync;
  /** After a restart of the collector ten thousand are asked for within a minute. */
  readonly #byId: StatementSync;
  readonly #unsaved = new Map<string, AgentSelf>();

  constructor(database: DatabaseSync) {
    this.#database = database;
    this.#byId = database.prepare('SELECT * FROM agents WHERE id = ?');
  }

  /** Records a new agent and returns it. Throws when the public key is enrolled already. */
  add(agent: NewAgent): AgentRecord {
    const id = `a-${randomBytes(8).toString('hex')}`;
    this.#database
      .prepare(
        `INSERT INTO agents (id, hostname, unit, class, public_key, platform, version, code_id, enrolled_at, key_since)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
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
        agent.enrolledAt,
      );
    const { codeId: _, ...record } = agent;
    return {
      ...record,
      id,
      lastSeen: undefined,
      revokedAt: undefined,
      keySince: agent.enrolledAt,
      previousPublicKey: undefined,
      rotateKeyAskedAt: undefined,
      hardware: [],
      addresses: [],
    };
  }

  get(id: string): AgentRecord | undefined {
    return this.#read(this.#byId.get(id) as Row | undefined);
  }

  byPublicKey(publicKey: string): AgentRecord | undefined {
    const row = this.#database.prepare('SELECT * FROM agents WHERE public_key = ?').get(publicKey);
    return this.#read(row as Row | undefined);
  }

  /** The code that the agent was enrolled with. */
  codeOf(id: string): string | undefined {
    const row = this.#database.prepare('SELECT code_id FROM agents WHERE id = ?').get(id);
    return (row as { code_id: string | null } | undefined)?.code_id ?? undefined;
  }

  all(): AgentRecord[] {
    const rows = this.#database.prepare('SELECT * FROM agents ORDER BY id').all() as unknown as Row[];
    return rows.flatMap((row) => this.#read(row) ?? []);
  }

  /**
   * Takes over what an agent says of itself at the start of a session. Written with the next `save`: each write is a
   * disk's sync, and after an update of all agents ten thousand come at once.
   */
  describe(id: string, said: AgentSelf): void {
    this.#unsaved.set(id, said);
  }

  /** Asks for a new key of an agent, or of all; returns how many were asked. The revoked ones are left alone. */
  askForKey(id: string | 'all', at: number): number {
    const result = this.#database
      .prepare("UPDATE agents SET rotate_key_asked_at = ? WHERE revoked_at IS NULL AND (? = 'all' OR id = ?)")
      .run(at, id, id);
    return Number(result.changes);
  }

  /** The agent's present key becomes its previous one, unless that is still needed. */
  changeKey(id: string, publicKey: string, at: number): void {
    this.#database
      .prepare(
        `UPDATE agents SET previous_public_key = coalesce(previous_public_key, public_key), public_key = ?,
           key_since = ?, rotate_key_asked_at = NULL WHERE id = ?`,
      )
      .run(publicKey, at, id);
  }

  /** The agent has its new key in place. */
  dropPreviousKey(id: string): void {
    this.#database.prepare('UPDATE agents SET previous_public_key = NULL WHERE id = ?').run(id);
  }

  /** Writes down what agents have said of themselves, and when they were last heard, for the time after a restart. */
  save(lastSeen: ReadonlyMap<string, number>): void {
    if (lastSeen.size === 0 && this.#unsaved.size === 0) return;
    const seen = this.#database.prepare('UPDATE agents SET last_seen = ? WHERE id = ?');
    const described = this.#database.prepare(
      'UPDATE agents SET hostname = ?, platform = ?, version = ?, hardware = ?, addresses = ?, way = ? WHERE id = ?',
    );
    transaction(this.#database, () => {
      for (const [id, time] of lastSeen) seen.run(time, id);
      for (const [id, { hostname, platform, version, hardware, addresses, way }] of this.#unsaved) {
        const lists = [hardware.join(' ') || null, addresses.join(' ') || null];
        described.run(hostname, platform, version, ...lists, way ? `${way.kind} ${way.address}` : null, id);
      }
    });
    this.#unsaved.clear();
  }

  /** Returns false when there is no such agent or it is revoked already. */
  revoke(id: string, at: number): boolean {
    const result = this.#database
      .prepare('UPDATE agents SET revoked_at = ? WHERE id = ? AND revoked_at IS NULL')
      .run(at, id);
    return result.changes > 0;
  }

  #read(row: Row | undefined): AgentRecord | undefined {
    return row && { ...fromRow(row), ...this.#unsaved.get(row.id) };
  }
}
