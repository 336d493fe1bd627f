import { ruleById } from '@vonggac/shared';
import { type Incident, isSnoozed } from '../incidents/incident.ts';
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
import { type Duty, duties } from './incident-duties.ts';

const usage = [
  'incidents [list [--all] [--assignee NAME]',
  'show ID',
  'acknowledge ID [--note TEXT]',
  'assign ID --to NAME',
  'snooze ID --until 2h|TIME',
  'unsnooze ID',
  'close ID [--note TEXT]]',
].join(' | ');
const flags = { all: 'boolean', note: 'string', assignee: 'string', to: 'string', until: 'string' } as const;
const maxListed = 1_000;
const maxNote = 200;

/** `vonggac incidents`: what is open and may need a person. */
export const incidentsCommand: Command = {
  usage,
  summary: "what is open and may need a person: list, show, acknowledge, assign (--to '' for nobody), snooze, close",
  async run(args) {
    const parsed = readArguments(args, { usage, flags });
    const [action = 'list', id, ...others] = parsed.positionals;
    if (others.length > 0) throw new UsageError(`usage: vonggac ${usage}`);
    const incidents = new Incidents(parsed.config.data);
    try {
      if (action === 'list' && id === undefined) return list(parsed, incidents);
      if (id === undefined) throw new UsageError(`usage: vonggac ${usage}`);
      if (action === 'show') return show(parsed, find(incidents, id));
      if (action === 'acknowledge' || action === 'close') return speak(parsed, { incidents, action, id });
      const duty = Object.hasOwn(duties, action) ? duties[action] : undefined;
      if (duty) return perform(parsed, { incidents, duty, id });
      throw new UsageError(`usage: vonggac ${usage}`);
    } finally {
      incidents.stop();
    }
  },
};

function asJson(incident: Incident) {
  const { openedAt, lastAt, closedAt, closedBy, acknowledgedAt, acknowledgedBy, ...further } = incident;
  const { assignedTo, assignedBy, assignedAt, snoozedUntil, snoozedBy, heldSince: _, heldMs: __, ...rest } = further;
  const instant = (time: number | undefined) => (time === undefined ? null : new Date(time).toISOString());
  return {
    ...rest,
    unit: incident.unit ?? null,
    note: incident.note ?? null,
    opened_at: instant(openedAt),
    last_at: instant(lastAt),
    acknowledged_at: instant(acknowledgedAt),
    acknowledged_by: acknowledgedBy ?? null,
    assigned_to: assignedTo ?? null,
    assigned_by: assignedBy ?? null,
    assigned_at: instant(assignedAt),
    snoozed_until: instant(snoozedUntil),
    snoozed_by: snoozedBy ?? null,
    closed_at: instant(closedAt),
    closed_by: closedBy ?? null,
    evidence: incident.evidence.map(({ at, ...rest }) => ({ time: instant(at), ...rest })),
  };
}

function list(args: Arguments, incidents: Incidents): number {
  const assignee = typeof args.flags.assignee === 'string' ? args.flags.assignee : undefined;
  const found = incidents.list({ state: args.flags.all === true ? 'all' : 'open', assignee, limit: maxListed });
  const rows = found.map(({ id, kind, severity, subject, unit, openedAt, lastAt, count, ...rest }) => [
    `${id}`,
    kind,
    severity,
    subject,
    unit ?? '',
    localTime(openedAt),
    localTime(lastAt),
    `${count}`,
    rest.assignedTo ?? '',
    standing(rest),
  ]);
  const none = assignee === undefined ? 'nothing is open' : `${assignee} has nothing to look after`;
  print(args, {
    value: { items: found.map(asJson), next: null },
    text:
      rows.length === 0
        ? none
        : table(['ID', 'KIND', 'SEVERITY', 'SUBJECT', 'UNIT', 'OPENED', 'LAST SEEN', 'TIMES', 'ASSIGNED', ''], rows),
  });
  return exitCodes.done;
}

/** The one word that matters most. */
function standing(incident: Pick<Incident, 'closedAt' | 'snoozedUntil' | 'acknowledgedAt' | 'level'>): string {
  if (incident.closedAt !== undefined) return 'closed';
  if (isSnoozed(incident, Date.now())) return `snoozed until ${localTime(incident.snoozedUntil)}`;
  if (incident.acknowledgedAt !== undefined) return 'acknowledged';
  return incident.level > 1 ? `level ${incident.level}` : '';
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
  const { assignedTo, assignedBy, level } = incident;
  if (assignedTo !== undefined) lines.push(`${assignedTo} looks after it (said ${assignedBy ?? 'nobody'})`);
  if (isSnoozed(incident, Date.now())) {
    lines.push(`snoozed until ${localTime(incident.snoozedUntil)} by ${incident.snoozedBy ?? 'nobody'}`);
  }
  if (level > 1) lines.push(`escalated to level ${level}`);
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

function perform(args: Arguments, { incidents, duty, id }: { incidents: Incidents; duty: Duty; id: string }): number {
  const text = duty(args, { incidents, incident: find(incidents, id) });
  print(args, { value: asJson(find(incidents, id)), text });
  return exitCodes.done;
}

/** Throws CommandFailed. */
function find(incidents: Incidents, id: string): Incident {
  const incident = /^\d{1,15}$/.test(id) ? incidents.get(Number(id)) : undefined;
  if (!incident) throw new CommandFailed(`there is no incident ${id}: see "vonggac incidents list --all"`);
  return incident;
}
