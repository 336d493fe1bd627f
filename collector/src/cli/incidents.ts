import { ruleById } from '@vonggac/shared';
import type { Incident } from '../incidents/incident.ts';
import { Incidents } from '../incidents/incidents.ts';
import { osUser, recordCommand } from '../registry/audit-commands.ts';
import {
  type Arguments,
  type Command,
  CommandFailed,
  exitCodes,
  localTime,
  plain,
  print,
  readArguments,
  table,
  UsageError,
} from './command.ts';

const usage = 'incidents [list [--all] | show ID | acknowledge ID [--note TEXT] | close ID [--note TEXT]]';
const maxListed = 1_000;
const maxNote = 200;

/** `vonggac incidents`: what is open and may need a person. */
export const incidentsCommand: Command = {
  usage,
  summary: 'what is open and may need a person: list, show, acknowledge, close',
  async run(args) {
    const parsed = readArguments(args, { usage, flags: { all: 'boolean', note: 'string' } });
    const [action = 'list', id, ...others] = parsed.positionals;
    if (others.length > 0) throw new UsageError(`usage: vonggac ${usage}`);
    const incidents = new Incidents(parsed.config.data);
    try {
      if (action === 'list' && id === undefined) return list(parsed, incidents);
      if (id === undefined) throw new UsageError(`usage: vonggac ${usage}`);
      if (action === 'show') return show(parsed, find(incidents, id));
      if (action === 'acknowledge' || action === 'close') return speak(parsed, { incidents, action, id });
      throw new UsageError(`usage: vonggac ${usage}`);
    } finally {
      incidents.stop();
    }
  },
};

function asJson({ openedAt, lastAt, closedAt, closedBy, acknowledgedAt, acknowledgedBy, ...incident }: Incident) {
  const instant = (time: number | undefined) => (time === undefined ? null : new Date(time).toISOString());
  return {
    ...incident,
    unit: incident.unit ?? null,
    note: incident.note ?? null,
    opened_at: instant(openedAt),
    last_at: instant(lastAt),
    acknowledged_at: instant(acknowledgedAt),
    acknowledged_by: acknowledgedBy ?? null,
    closed_at: instant(closedAt),
    closed_by: closedBy ?? null,
    evidence: incident.evidence.map(({ at, ...rest }) => ({ time: instant(at), ...rest })),
  };
}

function list(args: Arguments, incidents: Incidents): number {
  const found = incidents.list({ state: args.flags.all === true ? 'all' : 'open', limit: maxListed });
  const rows = found.map(({ id, kind, severity, subject, unit, openedAt, lastAt, count, ...rest }) => [
    `${id}`,
    kind,
    severity,
    subject,
    unit ?? '',
    localTime(openedAt),
    localTime(lastAt),
    `${count}`,
    rest.closedAt !== undefined ? 'closed' : rest.acknowledgedAt !== undefined ? 'acknowledged' : '',
  ]);
  print(args, {
    value: { items: found.map(asJson), next: null },
    text:
      rows.length === 0
        ? 'nothing is open'
        : table(['ID', 'KIND', 'SEVERITY', 'SUBJECT', 'UNIT', 'OPENED', 'LAST SEEN', 'TIMES', ''], rows),
  });
  return exitCodes.done;
}

function show(args: Arguments, incident: Incident): number {
  const { id, kind, severity, subject, unit, openedAt, closedAt, note, evidence } = incident;
  const lines = [
    `incident ${id}: ${kind} (${severity}) of ${subject}${unit === undefined ? '' : ` in ${unit}`}`,
    `opened ${localTime(openedAt)}, last seen ${localTime(incident.lastAt)}, times seen: ${incident.count}`,
  ];
  if (incident.acknowledgedBy !== undefined) {
    lines.push(`acknowledged ${localTime(incident.acknowledgedAt)} by ${incident.acknowledgedBy}`);
  }
  if (closedAt !== undefined) lines.push(`closed ${localTime(closedAt)} by ${incident.closedBy ?? 'its detector'}`);
  if (note !== undefined) lines.push(`note: ${note}`);
  lines.push(...ruleLines(kind));
  for (const { at, what, facts } of evidence) {
    lines.push('', `${localTime(at)}  ${what}`);
    for (const [name, text] of Object.entries(facts)) lines.push(`  ${name.padEnd(14)}  ${text}`);
  }
  print(args, { value: asJson(incident), text: lines.map(plain).join('\n') });
  return exitCodes.done;
}

/** What the alert rule says that opened it. */
function ruleLines(kind: string): string[] {
  const rule = ruleById(kind);
  if (!rule || rule.tells !== undefined) return [];
  const { what, impact, firstAction, whomToCall } = rule.texts;
  return [
    '',
    `${rule.title.en}: ${what.en} ${impact.en}`,
    `first: ${firstAction.en}`,
    `call: ${whomToCall.en}`,
    `more: vonggac rules show ${rule.id}`,
  ];
}

function speak(
  args: Arguments,
  { incidents, action, id }: { incidents: Incidents; action: 'acknowledge' | 'close'; id: string },
): number {
  const incident = find(incidents, id);
  const note = typeof args.flags.note === 'string' ? args.flags.note : undefined;
  if (note !== undefined && note.length > maxNote) throw new UsageError(`--note has at most ${maxNote} characters`);
  const entry = {
    action: `incident.${action}`,
    subject: id,
    after: { kind: incident.kind, about: incident.subject, note },
  };
  if (!incidents[action](incident.id, { at: Date.now(), by: osUser(), note })) {
    throw new CommandFailed(`incident ${id} is closed already`);
  }
  recordCommand(args.config.data, entry);
  print(args, { value: asJson(find(incidents, id)), text: `incident ${id} ${action}d` });
  return exitCodes.done;
}

/** Throws CommandFailed. */
function find(incidents: Incidents, id: string): Incident {
  const incident = /^\d{1,15}$/.test(id) ? incidents.get(Number(id)) : undefined;
  if (!incident) throw new CommandFailed(`there is no incident ${id}: see "vonggac incidents list --all"`);
  return incident;
}
