/**
 * Changes of agents as annotations: enrolled, retired, another version. A roll-out changes thousands in an afternoon, so
 * there is one for a unit, a kind of change and an hour, which grows.
 */

import type { DatabaseSync } from 'node:sqlite';
import type { Language } from '@vonggac/dashboards';
import { listed } from '../../protection/listed.ts';
import type { AgentRecord } from '../../registry/agents.ts';
import { transaction } from '../../registry/database.ts';
import type { AnnotationQueue } from './annotation-queue.ts';
import { plain, sentences, words } from './annotation-words.ts';

const hourMs = 3_600_000;
const keptMs = 2 * 86_400_000;
const maxNames = 8;
/** More do not fit into the tags. */
const maxTagged = 5;

type Change = 'enrolled' | 'retired' | 'updated';
type Machine = Pick<AgentRecord, 'id' | 'unit' | 'hostname' | 'version' | 'enrolledAt' | 'revokedAt'>;

interface Known {
  readonly version: string;
  readonly retired: number;
}

interface Row {
  at: number;
  agent: string;
  hostname: string;
  version: string;
}

interface Options {
  readonly database: DatabaseSync;
  readonly queue: Pick<AnnotationQueue, 'want'>;
  readonly language: Language;
  /** What was before is not told. */
  readonly since: number;
}

export class MachineAnnotations {
  readonly #options: Options;
  #known: Map<string, Known>;

  constructor(options: Options) {
    this.#options = options;
    this.#known = this.#read();
  }

  /** What was remembered may not stand in the file. */
  forget(): void {
    this.#known = this.#read();
  }

  tick(machines: Iterable<Machine>, now: number): void {
    const changed = [...machines].filter((machine) => this.#isChanged(machine));
    if (changed.length === 0) return;
    const { database } = this.#options;
    transaction(database, () => {
      const groups = new Map<string, { unit: string; change: Change; hour: number }>();
      for (const machine of changed) {
        for (const { change, at } of this.#changesOf(machine, now)) {
          const { id, unit, hostname, version } = machine;
          database
            .prepare(
              `INSERT INTO machine_changes (at, unit, agent, hostname, change, version) VALUES (?, ?, ?, ?, ?, ?)`,
            )
            .run(at, unit, id, hostname, change, version);
          const group = { unit, change, hour: Math.floor(at / hourMs) };
          groups.set(JSON.stringify(group), group);
        }
        this.#keep(machine);
      }
      for (const group of groups.values()) this.#tell(group);
      database.prepare('DELETE FROM machine_changes WHERE at < ?').run(now - keptMs);
    });
    for (const { id, version, revokedAt } of changed) this.#known.set(id, { version, retired: retiredOf(revokedAt) });
  }

  #read(): Map<string, Known> {
    const rows = this.#options.database.prepare('SELECT * FROM machines').all();
    return new Map((rows as unknown as ({ agent: string } & Known)[]).map(({ agent, ...known }) => [agent, known]));
  }

  #isChanged({ id, version, revokedAt }: Machine): boolean {
    const known = this.#known.get(id);
    return known?.version !== version || known.retired !== retiredOf(revokedAt);
  }

  #changesOf({ id, version, enrolledAt, revokedAt }: Machine, now: number): { change: Change; at: number }[] {
    const known = this.#known.get(id);
    const changes: { change: Change; at: number }[] = [];
    if (!known) changes.push({ change: 'enrolled', at: enrolledAt });
    if (known && known.version !== version) changes.push({ change: 'updated', at: now });
    if (revokedAt !== undefined && known?.retired !== 1) changes.push({ change: 'retired', at: revokedAt });
    return changes.filter(({ at }) => at >= this.#options.since);
  }

  #keep({ id, version, revokedAt }: Machine): void {
    this.#options.database
      .prepare(
        `INSERT INTO machines VALUES (?, ?, ?)
         ON CONFLICT DO UPDATE SET version = excluded.version, retired = excluded.retired`,
      )
      .run(id, version, retiredOf(revokedAt));
  }

  #tell({ unit, change, hour }: { unit: string; change: Change; hour: number }): void {
    const { database, queue, language } = this.#options;
    const rows = database
      .prepare(
        `SELECT min(at) AS at, agent, hostname, version FROM machine_changes
         WHERE at >= ? AND at < ? AND unit = ? AND change = ? GROUP BY agent ORDER BY min(at), agent`,
      )
      .all(hour * hourMs, (hour + 1) * hourMs, unit, change) as unknown as Row[];
    const [first] = rows;
    if (!first) return;
    const names = rows.map(({ hostname, version }) => (change === 'updated' ? `${hostname} (${version})` : hostname));
    queue.want(`machines:${change}:${unit}:${hour}`, {
      time: first.at,
      tags: ['machine', change, `unit:${unit}`, ...rows.slice(0, maxTagged).map(({ agent }) => `agent:${agent}`)],
      text: sentences([
        `${words[change][language]}: ${rows.length}`,
        `${words.unit[language]}: ${plain(unit)}`,
        plain(listed(names, maxNames)),
      ]),
    });
  }
}

function retiredOf(revokedAt: number | undefined): number {
  return revokedAt === undefined ? 0 : 1;
}
