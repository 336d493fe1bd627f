/**
 * That Grafana has told people of an incident. What its webhook posts says so, because a contact point tells all its
 * receivers together; each receiver and state is noted once for an incident, so that a message may come again. An alert
 * never opens an incident: what no incident tells of is counted and forgotten.
 */
import type { DatabaseSync } from 'node:sqlite';
import type { Incident, IncidentKind } from '../../incidents/incident.ts';
import type { Incidents } from '../../incidents/incidents.ts';
import { cleanText } from '../../registry/audit-entry.ts';
import { transaction } from '../../registry/database.ts';
import { type AlertSubject, subjectOfAlert } from './alert-subject.ts';
import type { AlertStatus, GrafanaWebhook } from './webhook-schema.ts';

export interface Notice {
  /** Name of the contact point. */
  readonly receiver: string;
  readonly status: AlertStatus;
  readonly at: number;
}

/** What became of the alerts of a message. */
export interface Tally {
  /** Told of an incident. */
  matched: number;
  /** From one of our rules, but no incident tells of it (yet). */
  unmatched: number;
  /** From somebody else's rule. */
  foreign: number;
}

/** Of the contact points of one incident. */
const maxNotices = 20;
const keptMs = 400 * 86_400_000;
const maxOpen = 10_000;
/** Grafana tells of an end by its own clock, minutes after the incident has closed. */
const lateMs = 3_600_000;

interface Options {
  readonly database: DatabaseSync;
  readonly incidents: Pick<Incidents, 'get' | 'openOf' | 'lastOf' | 'list'>;
  readonly now: () => number;
}

export class Notices {
  readonly #options: Options;

  constructor(options: Options) {
    this.#options = options;
  }

  take({ receiver, alerts }: GrafanaWebhook): Tally {
    const { database, now } = this.#options;
    const tally: Tally = { matched: 0, unmatched: 0, foreign: 0 };
    let open: readonly Incident[] | undefined;
    // Read once for a message, and only if one of its alerts needs it.
    const openNow = () => {
      open ??= this.#options.incidents.list({ state: 'open', limit: maxOpen });
      return open;
    };
    const told = new Map<string, { incident: number; status: AlertStatus }>();
    for (const alert of alerts) {
      const subject = subjectOfAlert(alert.labels);
      const incident = subject && this.#find(subject, { status: alert.status, openNow });
      tally[subject ? (incident ? 'matched' : 'unmatched') : 'foreign'] += 1;
      if (incident) told.set(`${incident.id} ${alert.status}`, { incident: incident.id, status: alert.status });
    }
    if (told.size === 0) return tally;
    transaction(database, () => {
      for (const { incident, status } of told.values()) this.#note(incident, { receiver, status, at: now() });
      database.prepare('DELETE FROM notified WHERE at < ?').run(now() - keptMs);
    });
    return tally;
  }

  /** Oldest first. */
  of(incident: number): Notice[] {
    return this.#options.database
      .prepare('SELECT receiver, status, at FROM notified WHERE incident = ? ORDER BY at, status, receiver')
      .all(incident) as unknown as Notice[];
  }

  #note(incident: number, { receiver, status, at }: Notice): void {
    const known = this.of(incident).length;
    if (known >= maxNotices) return;
    this.#options.database
      .prepare('INSERT INTO notified VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING')
      .run(incident, cleanText(receiver), status, at);
  }

  #find(
    wanted: AlertSubject,
    { status, openNow }: { status: AlertStatus; openNow: () => readonly Incident[] },
  ): Incident | undefined {
    const { incidents, now } = this.#options;
    // A rule's id or the kind of which it tells: both are kinds of incidents.
    const kind = wanted.kind as IncidentKind;
    for (const subject of wanted.subjects) {
      const found = incidents.openOf(kind, subject) ?? incidents.lastOf(kind, subject);
      if (!found) continue;
      if (found.closedAt === undefined) return found;
      const heir = this.#heirOf(found);
      if (heir) return heir;
      if (status === 'resolved' && now() - found.closedAt < lateMs) return found;
    }
    if (!wanted.isUnitEnough) return undefined;
    return openNow().find((each) => each.kind === kind && (wanted.unit === undefined || each.unit === wanted.unit));
  }

  /** Another incident tells of the same now. */
  #heirOf({ note, closedBy }: Incident): Incident | undefined {
    const [, id] = (closedBy === undefined && /^told by incident (\d+)$/.exec(note ?? '')) || [];
    const heir = id === undefined ? undefined : this.#options.incidents.get(Number(id));
    return heir?.closedAt === undefined ? heir : undefined;
  }
}
