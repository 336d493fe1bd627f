/**
 * Machines that proved a code made with `--approve` and wait for a person's word.
 *
 * A machine takes one use of its code when it asks, so that a code of one use never has two machines waiting. The use
 * is given back when a person refuses the machine or nobody decides in time, for the machine that the code was meant
 * for. When the code is revoked, its waiting machines are refused with it. A decision is kept as long as a machine may
 * wait, so that the machine learns of it; then its row goes.
 */
import { randomBytes } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import type { AgentClass } from '@vonggac/shared';
import { type AgentRecord, Agents } from './agents.ts';
import { CodeUses, type UseOutcome } from './code-uses.ts';
import { transaction } from './database.ts';

/** Times are milliseconds since 1970. */
export interface PendingEnrolment {
  readonly id: string;
  /** Id of the code, which unit and class come from. */
  readonly code: string;
  readonly unit: string;
  readonly class: AgentClass;
  readonly publicKey: string;
  readonly hostname: string;
  readonly platform: string;
  /** The operating system, as the machine says. */
  readonly system: string | undefined;
  readonly version: string;
  /** Seen by the collector. */
  readonly address: string;
  /** Its own, as the machine says. */
  readonly addresses: readonly string[];
  readonly askedAt: number;
  readonly lastAskedAt: number;
}

export type NewEnrolment = Omit<PendingEnrolment, 'id' | 'unit' | 'class' | 'askedAt' | 'lastAskedAt'>;

export interface AskedEnrolment extends PendingEnrolment {
  readonly decision: 'accepted' | 'refused' | 'lapsed' | undefined;
}

interface Row {
  id: string;
  code_id: string;
  unit: string;
  class: AgentClass;
  public_key: string;
  hostname: string;
  platform: string;
  system: string | null;
  version: string;
  address: string;
  addresses: string;
  asked_at: number;
  last_asked_at: number;
  decision: AskedEnrolment['decision'] | null;
}

function fromRow(row: Row): AskedEnrolment {
  return {
    id: row.id,
    code: row.code_id,
    unit: row.unit,
    class: row.class,
    publicKey: row.public_key,
    hostname: row.hostname,
    platform: row.platform,
    system: row.system ?? undefined,
    version: row.version,
    address: row.address,
    addresses: JSON.parse(row.addresses) as string[],
    askedAt: row.asked_at,
    lastAskedAt: row.last_asked_at,
    decision: row.decision ?? undefined,
  };
}

/** A machine that asks is written down at most this often: each writing is synced. */
const touchEveryMs = 10_000;

const select = `SELECT pending.*, codes.unit, codes.class
  FROM pending_enrolments AS pending JOIN codes ON codes.id = pending.code_id`;

export class PendingEnrolments {
  readonly #database: DatabaseSync;
  readonly #lifeMs: number;
  readonly #agents: Agents;

  /** A machine waits for `lifeDays` at most. */
  constructor(database: DatabaseSync, { lifeDays }: { readonly lifeDays: number }) {
    this.#database = database;
    this.#lifeMs = lifeDays * 86_400_000;
    this.#agents = new Agents(database);
  }

  /** Those that wait, the longest waiting first. */
  all(now: number): PendingEnrolment[] {
    const rows = this.#database
      .prepare(`${select} WHERE decision IS NULL AND asked_at > ? ORDER BY asked_at, pending.id`)
      .all(now - this.#lifeMs);
    return (rows as unknown as Row[]).map(fromRow);
  }

  count(now: number): number {
    const row = this.#database
      .prepare('SELECT count(*) AS count FROM pending_enrolments WHERE decision IS NULL AND asked_at > ?')
      .get(now - this.#lifeMs);
    return (row as { count: number }).count;
  }

  byPublicKey(publicKey: string): AskedEnrolment | undefined {
    const row = this.#database.prepare(`${select} WHERE public_key = ?`).get(publicKey) as Row | undefined;
    return row && fromRow(row);
  }

  /** To be called in the transaction that takes the use of the code. Returns the id. */
  add(asking: NewEnrolment, now: number): string {
    // Short, because it is read over the phone.
    const id = `p-${randomBytes(4).toString('hex')}`;
    this.#database
      .prepare(
        `INSERT INTO pending_enrolments
         (id, code_id, public_key, hostname, platform, system, version, address, addresses, asked_at, last_asked_at)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      )
      .run(
        id,
        asking.code,
        asking.publicKey,
        asking.hostname,
        asking.platform,
        asking.system ?? null,
        asking.version,
        asking.address,
        JSON.stringify(asking.addresses),
        now,
        now,
      );
    return id;
  }

  /** The machine has asked again. */
  touch({ id, lastAskedAt }: Pick<PendingEnrolment, 'id' | 'lastAskedAt'>, now: number): void {
    if (now - lastAskedAt < touchEveryMs) return;
    this.#database.prepare('UPDATE pending_enrolments SET last_asked_at = ? WHERE id = ?').run(now, id);
  }

  /** Makes an agent of the machine; undefined when it does not wait (any more). */
  accept(id: string, { by, now }: { readonly by: string; readonly now: number }): AgentRecord | undefined {
    return transaction(this.#database, () => {
      const waiting = this.#waiting(id, now);
      if (!waiting) return undefined;
      const { code: codeId, unit, publicKey, hostname, platform, version } = waiting;
      const said = { hostname, platform, version };
      const agent = this.#agents.add({ ...said, unit, class: waiting.class, publicKey, codeId, enrolledAt: now });
      this.#decide(waiting, { decision: 'accepted', by, now, agent: agent.id });
      return agent;
    });
  }

  /** Returns what was refused; undefined when it does not wait (any more). */
  refuse(id: string, { by, now }: { readonly by: string; readonly now: number }): PendingEnrolment | undefined {
    return transaction(this.#database, () => {
      const waiting = this.#waiting(id, now);
      if (!waiting) return undefined;
      this.#decide(waiting, { decision: 'refused', by, now });
      this.#giveBack(waiting.code);
      return waiting;
    });
  }

  /** Lets go of those that waited too long, and of old decisions. Returns how many waited too long. */
  tidy(now: number): number {
    const cutoff = now - this.#lifeMs;
    const late = 'decision IS NULL AND asked_at <= ?1';
    const old = 'decision IS NOT NULL AND decided_at <= ?1';
    // Asked at every enrolment: a lock on the file only when there is something to do.
    const found = this.#database.prepare(`SELECT 1 FROM pending_enrolments WHERE (${late}) OR (${old}) LIMIT 1`);
    if (!found.get(cutoff)) return 0;
    return transaction(this.#database, () => {
      this.#database.prepare(`DELETE FROM pending_enrolments WHERE ${old}`).run(cutoff);
      const rows = this.#database.prepare(`${select} WHERE ${late}`).all(cutoff) as unknown as Row[];
      for (const row of rows) {
        this.#decide(fromRow(row), { decision: 'lapsed', by: 'vonggac', now });
        this.#giveBack(row.code_id);
      }
      return rows.length;
    });
  }

  #waiting(id: string, now: number): PendingEnrolment | undefined {
    const row = this.#database
      .prepare(`${select} WHERE pending.id = ? AND decision IS NULL AND asked_at > ?`)
      .get(id, now - this.#lifeMs) as Row | undefined;
    return row && fromRow(row);
  }

  #decide(waiting: PendingEnrolment, decision: Decision): void {
    decide(this.#database, { ...decision, waiting });
  }

  #giveBack(code: string): void {
    this.#database.prepare('UPDATE codes SET uses_left = uses_left + 1 WHERE id = ? AND uses_left < uses').run(code);
  }
}

interface Decision {
  readonly decision: UseOutcome & AskedEnrolment['decision'];
  readonly by: string;
  readonly now: number;
  readonly agent?: string;
}

function decide(database: DatabaseSync, what: Decision & { readonly waiting: PendingEnrolment }): void {
  const { decision, by, now, agent } = what;
  const { id, code, address, hostname } = what.waiting;
  database
    .prepare('UPDATE pending_enrolments SET decision = ?, decided_at = ?, decided_by = ?, agent = ? WHERE id = ?')
    .run(decision, now, by, agent ?? null, id);
  new CodeUses(database).add(code, { at: now, outcome: decision, address, hostname, agent });
}

/** To be called in the transaction that revokes the code. Returns how many machines waited with it. */
export function refusePendingOf(
  database: DatabaseSync,
  { code, by, now }: { readonly code: string; readonly by: string; readonly now: number },
): number {
  const rows = database.prepare(`${select} WHERE code_id = ? AND decision IS NULL`).all(code) as unknown as Row[];
  for (const row of rows) decide(database, { waiting: fromRow(row), decision: 'refused', by, now });
  return rows.length;
}
