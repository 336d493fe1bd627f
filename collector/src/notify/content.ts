/** What a message says: a subject and a text for people, and the same as data for programs. */
import type { Incident } from '../incidents/incident.ts';
import { cleanText } from '../registry/audit-entry.ts';
import type { IncidentEvent } from './events.ts';
import { eventWords, factWord, type Language, labels, severityWords, wordsOf } from './words.ts';

export interface Content {
  /** One line, short. */
  readonly subject: string;
  readonly text: string;
  /** What a webhook posts, without what names the message. */
  readonly data: Readonly<Record<string, unknown>>;
}

/** One incident with what became of it. */
export interface Item {
  readonly incident: Incident;
  readonly event: IncidentEvent;
}

/** What the collector knows of names, and how it writes. */
export interface Writing {
  readonly language: Language;
  /** Where browsers reach the console, without a slash at its end; links are left out when it is not known. */
  readonly consoleUrl: string | undefined;
  readonly time: (at: number) => string;
  /** Of a machine or unit, for people; undefined when there is none. */
  readonly machine: (id: string) => string | undefined;
  readonly unit: (code: string) => { readonly name: string; readonly contact: string | undefined } | undefined;
}

const maxSubject = 120;
const maxListed = 40;
/** What the data of a message holds at most; it says how many there were. */
const maxItems = 200;
const maxFacts = 6;

/** Fit for a header and for one line of a text: much of it was written by machines. */
function line(text: string, most = 200): string {
  const clean = cleanText(text);
  return clean.length <= most ? clean : `${clean.slice(0, most - 1).toWellFormed()}…`;
}

export function oneContent(item: Item, writing: Writing): Content {
  const { incident, event } = item;
  const { language: lang } = writing;
  const { title, what, impact, firstAction, whomToCall, runbook } = wordsOf(incident.kind, incident.severity);
  const place = placeOf(incident, writing);
  const unit = incident.unit === undefined ? undefined : writing.unit(incident.unit);
  const isOver = event === 'resolved';
  const rows: [keyof typeof labels, string | undefined][] = [
    ['since', writing.time(incident.openedAt)],
    ['until', incident.closedAt === undefined ? undefined : writing.time(incident.closedAt)],
    ['unit', unit && incident.unit !== incident.subject ? `${unit.name} (${incident.unit})` : undefined],
    ['contact', isOver ? undefined : unit?.contact],
    ['times', incident.count > 1 ? `${incident.count}` : undefined],
    ['level', incident.level > 1 ? `${incident.level}` : undefined],
    ['acknowledged', incident.acknowledgedBy],
    ['assigned', incident.assignedTo],
    ['merged', parentOf(incident)],
    ['note', parentOf(incident) === undefined ? incident.note : undefined],
  ];
  const todo: [keyof typeof labels, string | undefined][] = [
    ['impact', impact?.[lang]],
    ['first', firstAction?.[lang]],
    ['call', whomToCall?.[lang]],
  ];
  const links: [keyof typeof labels, string | undefined][] = [
    ['runbook', runbook && writing.consoleUrl && `${writing.consoleUrl}/runbook/${runbook}`],
    ['console', writing.consoleUrl && `${writing.consoleUrl}/incidents`],
  ];
  const paragraphs = [
    [`${headOf(item, lang)}: ${title[lang]}`, place],
    [...written(rows, lang).map((row) => line(row)), ...factLines(incident, lang)],
    isOver ? [] : [...(what ? [what[lang]] : []), ...written(todo, lang)],
    [...written(isOver ? [] : links, lang), `${labels.number[lang]} ${incident.id}`],
  ];
  return {
    subject: line(`[${headOf(item, lang)}] ${title[lang]}: ${place}`, maxSubject),
    text: textOf(paragraphs),
    data: { incidents: [dataOf(item, writing)], total: 1 },
  };
}

/** Many at once: the gravest first. */
export function digestContent(items: readonly Item[], writing: Writing): Content {
  const { language: lang } = writing;
  const sorted = items.toSorted((a, b) => weightOf(b) - weightOf(a) || a.incident.id - b.incident.id);
  const counts = [...Map.groupBy(sorted, ({ event }) => event)].map(
    ([event, own]) => `${own.length} ${countWords[event][lang]}`,
  );
  const critical = items.filter(
    ({ event, incident }) => event !== 'resolved' && incident.severity === 'critical',
  ).length;
  const grave = lang === 'vi' ? `, ${critical} nghiêm trọng` : `, ${critical} critical`;
  const head = `${counts.join(', ')}${critical > 0 ? grave : ''}`;
  const kinds = [...new Set(sorted.map(({ incident }) => wordsOf(incident.kind, incident.severity).title[lang]))];
  const more = items.length - maxListed;
  const listed = sorted.slice(0, maxListed).map((item) => {
    const { incident, event } = item;
    // What goes on says it at its head.
    const count = incident.count > 1 && event !== 'updated' ? ` (×${incident.count})` : '';
    return line(
      `- [${headOf(item, lang)}] ${wordsOf(incident.kind, incident.severity).title[lang]}: ${placeOf(incident, writing)}${count}`,
    );
  });
  if (more > 0) listed.push(lang === 'vi' ? `… và ${more} sự cố khác` : `… and ${more} more`);
  const link = writing.consoleUrl && `${labels.console[lang]}: ${writing.consoleUrl}/incidents`;
  return {
    subject: line(`[${lang === 'vi' ? 'TỔNG HỢP' : 'DIGEST'}] ${head}: ${kinds.join('; ')}`, maxSubject),
    text: textOf([[head], listed, link ? [link] : []]),
    data: { incidents: sorted.slice(0, maxItems).map((item) => dataOf(item, writing)), total: items.length },
  };
}

export function testContent(channel: string, { language, time, consoleUrl }: Writing, now: number): Content {
  const vi = language === 'vi';
  return {
    subject: vi ? '[THỬ] Vọng Gác gửi được thông báo' : '[TEST] Vọng Gác can send notifications',
    text: textOf([
      [
        vi
          ? `Thư thử của kênh "${channel}", gửi lúc ${time(now)}.`
          : `A test of the channel "${channel}", ${time(now)}.`,
      ],
      [
        vi
          ? 'Nếu nhận được, kênh này dùng được. Không cần làm gì.'
          : 'If you read this, it works. Nothing is to be done.',
      ],
      consoleUrl === undefined ? [] : [consoleUrl],
    ]),
    data: { incidents: [], total: 0 },
  };
}

const countWords = {
  opened: { vi: 'sự cố mới', en: 'new' },
  updated: { vi: 'diễn biến thêm', en: 'going on' },
  escalated: { vi: 'chưa ai nhận', en: 'not taken' },
  resolved: { vi: 'đã xong', en: 'resolved' },
} as const;

function weightOf({ event, incident }: Item): number {
  if (event === 'resolved') return 0;
  return { info: 1, warning: 2, critical: 3 }[incident.severity];
}

function headOf({ event, incident }: Item, language: Language): string {
  if (event === 'resolved') return eventWords.resolved[language];
  const severity = severityWords[incident.severity][language];
  if (event === 'updated' && incident.count > 1) return `${severity} ×${incident.count}`;
  return event === 'escalated' ? `${severity}, ${eventWords.escalated[language]}` : severity;
}

/** A machine, a unit or a thing by its name. */
function placeOf({ subject, unit }: Incident, writing: Writing): string {
  const [first = '', rest] = subject.split(/\/(.*)/s);
  const named = writing.machine(first) ?? writing.unit(first)?.name ?? first;
  const where = unit === undefined || unit === first ? undefined : writing.unit(unit)?.name;
  const thing = rest === undefined ? named : `${named} / ${rest}`;
  return line(where === undefined ? thing : `${thing} (${where})`);
}

/** The incident that tells of it now; the collector's own note says so. */
function parentOf({ closedBy, note = '' }: Incident): string | undefined {
  return closedBy === undefined ? /^(?:told by|folded into) incident (\d+)/.exec(note)?.[1] : undefined;
}

function factLines({ evidence }: Incident, language: Language): string[] {
  const newest = evidence.findLast(({ facts }) => Object.keys(facts).some((name) => factWord(name, language)));
  return Object.entries(newest?.facts ?? {})
    .flatMap(([name, value]) => {
      const word = factWord(name, language);
      return word === undefined ? [] : [line(`${word}: ${value}`)];
    })
    .slice(0, maxFacts);
}

function written(rows: readonly (readonly [keyof typeof labels, string | undefined])[], language: Language): string[] {
  return rows.flatMap(([label, value]) => (value ? [`${labels[label][language]}: ${value}`] : []));
}

function textOf(paragraphs: readonly (readonly string[])[]): string {
  const filled = paragraphs.filter((lines) => lines.length > 0);
  return `${filled.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

function dataOf({ incident, event }: Item, writing: Writing): Readonly<Record<string, unknown>> {
  const { language, consoleUrl } = writing;
  const { title, firstAction, whomToCall, runbook } = wordsOf(incident.kind, incident.severity);
  const iso = (time: number | undefined) => (time === undefined ? null : new Date(time).toISOString());
  return {
    id: incident.id,
    event,
    kind: incident.kind,
    title: title[language],
    severity: incident.severity,
    level: incident.level,
    subject: incident.subject,
    place: placeOf(incident, writing),
    unit: incident.unit ?? null,
    unit_name: incident.unit === undefined ? null : (writing.unit(incident.unit)?.name ?? null),
    count: incident.count,
    opened_at: iso(incident.openedAt),
    last_at: iso(incident.lastAt),
    closed_at: iso(incident.closedAt),
    acknowledged_by: incident.acknowledgedBy ?? null,
    assigned_to: incident.assignedTo ?? null,
    first_action: firstAction?.[language] ?? null,
    whom_to_call: whomToCall?.[language] ?? null,
    runbook_url: runbook !== undefined && consoleUrl !== undefined ? `${consoleUrl}/runbook/${runbook}` : null,
    console_url: consoleUrl === undefined ? null : `${consoleUrl}/incidents`,
  };
}
