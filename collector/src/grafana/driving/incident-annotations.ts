/**
 * Incidents as annotations: outages and malware from their beginning, others once a person has acknowledged them. One for
 * an incident, however many machines it tells of. Their state is read again while they are open and for a day after, since
 * evidence comes late.
 */
import type { DatabaseSync } from 'node:sqlite';
import type { Language } from '@vonggac/dashboards';
import type { Incident } from '../../incidents/incident.ts';
import type { Incidents } from '../../incidents/incidents.ts';
import type { Outage } from '../../outages/outage.ts';
import type { OutageLedger } from '../../outages/outage-ledger.ts';
import type { Annotation, AnnotationQueue } from './annotation-queue.ts';
import { clockWords, fill, kindWords, plain, sentences, verdictWords, words } from './annotation-words.ts';

/** What Grafana shows without being asked, and under which tag. */
const shown: Partial<Readonly<Record<string, 'outage' | 'malware'>>> = {
  'unit-unreachable': 'outage',
  'machine-offline': 'outage',
  'agent-stopped': 'outage',
  'collector-cut-off': 'outage',
  'link-down': 'outage',
  'service-down': 'outage',
  malware: 'malware',
  outbreak: 'malware',
};

/** What is told of one machine may turn out to be its unit's within this. */
const settleMs = 30_000;
const followClosedMs = 86_400_000;
/** What happened while nobody drove Grafana is caught up this far. */
const catchUpMs = 7 * 86_400_000;
const pageSize = 200;
const maxOpen = 10_000;

interface Options {
  readonly database: DatabaseSync;
  readonly queue: Pick<AnnotationQueue, 'want' | 'has'>;
  readonly incidents: Pick<Incidents, 'get' | 'list'>;
  readonly outages: Pick<OutageLedger, 'list'>;
  readonly hostnameOf: (agent: string) => string | undefined;
  readonly unitName: (code: string) => string | undefined;
  readonly language: Language;
  readonly timeZone: string;
}

export class IncidentAnnotations {
  readonly #options: Options;
  /** What each looked like when it was last written; most have not changed. */
  readonly #seen = new Map<number, string>();

  constructor(options: Options) {
    this.#options = options;
  }

  tick(now: number): void {
    this.#findNew(now);
    for (const id of this.#followed()) this.#follow(id, now);
  }

  /** What was remembered may not stand in the file. */
  forget(): void {
    this.#seen.clear();
  }

  #findNew(now: number): void {
    const { database } = this.#options;
    const { incident: mark } = database.prepare('SELECT incident FROM installation').get() as {
      incident: number | null;
    };
    const fresh = mark === null ? this.#openNow() : this.#newerThan(mark);
    const follow = database.prepare('INSERT INTO followed VALUES (?) ON CONFLICT DO NOTHING');
    for (const { id, closedAt } of fresh) if (closedAt === undefined || closedAt > now - catchUpMs) follow.run(id);
    const [newest] = this.#options.incidents.list({ state: 'all', limit: 1 });
    if ((newest?.id ?? 0) !== mark) database.prepare('UPDATE installation SET incident = ?').run(newest?.id ?? 0);
  }

  /** Of what was before driving began, only what is open is told. */
  #openNow(): Incident[] {
    return this.#options.incidents.list({ state: 'open', limit: maxOpen });
  }

  #newerThan(mark: number): Incident[] {
    const found: Incident[] = [];
    for (;;) {
      const page = this.#options.incidents.list({ state: 'all', before: found.at(-1)?.id, limit: pageSize });
      const fresh = page.filter(({ id }) => id > mark);
      found.push(...fresh);
      if (fresh.length < pageSize) return found;
    }
  }

  #followed(): number[] {
    const rows = this.#options.database.prepare('SELECT incident FROM followed ORDER BY incident').all();
    return (rows as { incident: number }[]).map(({ incident }) => incident);
  }

  #follow(id: number, now: number): void {
    const incident = this.#options.incidents.get(id);
    if (incident && now - incident.openedAt < settleMs && incident.acknowledgedAt === undefined) {
      // Malware waits for nothing: nobody takes it for something else.
      if (shown[incident.kind] !== 'malware' && incident.closedAt === undefined) return;
    }
    const key = `incident:${id}`;
    if (incident && this.#isToBeShown(incident, key)) {
      const look = lookOf(incident);
      if (this.#seen.get(id) !== look) this.#options.queue.want(key, this.#annotationOf(incident));
      this.#seen.set(id, look);
    }
    if (incident && (incident.closedAt === undefined || now - incident.closedAt < followClosedMs)) return;
    this.#options.database.prepare('DELETE FROM followed WHERE incident = ?').run(id);
    this.#seen.delete(id);
  }

  #isToBeShown(incident: Incident, key: string): boolean {
    if (this.#options.queue.has(key)) return true;
    if (incident.closedAt !== undefined && heirOf(incident) !== undefined) return false;
    return incident.acknowledgedAt !== undefined || shown[incident.kind] !== undefined;
  }

  #annotationOf(incident: Incident): Annotation {
    const { kind, subject, unit, closedAt } = incident;
    const outages = this.#options.outages.list({ incident: incident.id });
    const begins = [incident.openedAt, ...outages.map(({ beganAt }) => beganAt)];
    const isAgent = this.#options.hostnameOf(subject) !== undefined;
    return {
      time: Math.min(...begins),
      timeEnd: closedAt,
      tags: [
        shown[kind] ?? 'incident',
        kind,
        ...(unit === undefined ? [] : [`unit:${unit}`]),
        ...(isAgent ? [`agent:${subject}`] : []),
      ],
      text: sentences(this.#lines(incident, outages)),
    };
  }

  #lines(incident: Incident, outages: readonly Outage[]): string[] {
    const { language, unitName, hostnameOf } = this.#options;
    const { kind, subject, unit } = incident;
    const machine = hostnameOf(subject);
    const about = machine ?? (subject === unit ? undefined : subject);
    const verdict = verdictOf(outages);
    const say = (name: keyof typeof words, value: string) => `${words[name][language]}: ${plain(value)}`;
    return [
      kindWords(kind, language),
      ...(about === undefined ? [] : [say('about', about)]),
      ...(unit === undefined ? [] : [say('unit', `${unitName(unit) ?? unit} (${unit})`)]),
      ...(verdict === undefined ? [] : [say('verdict', verdictWords[verdict][language])]),
      ...(outages.length > 1 ? [say('machines', `${outages.length}`)] : []),
      `${words.incident[language]} ${incident.id}`,
      ...this.#saidOf(incident),
    ];
  }

  /** What people said of it. */
  #saidOf(incident: Incident): string[] {
    const { acknowledgedAt, acknowledgedBy = '', closedAt, closedBy, note } = incident;
    const { language } = this.#options;
    const time = (at: number) => clockWords(at, this.#options);
    const heir = heirOf(incident);
    const said: string[] = [];
    if (acknowledgedAt !== undefined)
      said.push(fill(words.acknowledged, language, { by: acknowledgedBy, time: time(acknowledgedAt) }));
    if (closedAt !== undefined && closedBy !== undefined)
      said.push(fill(words.closed, language, { by: closedBy, time: time(closedAt) }));
    if (heir !== undefined) said.push(fill(words.toldBy, language, { id: heir }));
    else if (note !== undefined && said.length > 0) said.push(`${said.pop()}: ${plain(note)}`);
    return said;
  }
}

/** Another incident that tells of the same. */
function heirOf({ closedAt, closedBy, note }: Incident): string | undefined {
  if (closedAt === undefined || closedBy !== undefined) return undefined;
  return /^told by incident (\d+)$/.exec(note ?? '')?.[1];
}

/** What most of its machines are held to suffer from. */
function verdictOf(outages: readonly Outage[]): Outage['verdict'] | undefined {
  const counts = Map.groupBy(outages, ({ verdict }) => verdict);
  const [first] = [...counts].toSorted(([, one], [, other]) => other.length - one.length);
  return first?.[0];
}

/** Another text when anything has changed that the annotation may say. */
function lookOf({ severity, unit, closedAt, acknowledgedAt, acknowledgedBy, note, count, evidence }: Incident): string {
  const last = evidence.at(-1);
  return JSON.stringify([severity, unit, closedAt, acknowledgedAt, acknowledgedBy, note, count, evidence.length, last]);
}
