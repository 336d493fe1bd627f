/** Commands that say who looks after an incident, and until when it can wait. */

import { parseInstant } from '../http/instants.ts';
import { assigneesFor } from '../incidents/assignees.ts';
import type { Incident } from '../incidents/incident.ts';
import type { Incidents } from '../incidents/incidents.ts';
import { snoozeProblem } from '../incidents/snooze.ts';
import { osUser, recordCommand } from '../registry/audit-commands.ts';
import { openRegistry } from '../registry/database.ts';
import { foldPersonName, People } from '../registry/people.ts';
import { openPeople } from '../registry/people-file.ts';
import { unitAndBelow } from '../registry/unit-tree.ts';
import { Units } from '../registry/units.ts';
import { type Arguments, CommandFailed, localTime, parseDuration, required, UsageError } from './command.ts';

interface Subject {
  readonly incidents: Pick<Incidents, 'assign' | 'snooze'>;
  readonly incident: Incident;
}

/** Answers what it has done. Throws UsageError and CommandFailed. */
export type Duty = (args: Arguments, subject: Subject) => string;

export const duties: Readonly<Record<string, Duty>> = {
  assign,
  snooze: (args, subject) => putOff(args, { ...subject, until: untilOf(required(args, 'until')) }),
  unsnooze: (args, subject) => putOff(args, { ...subject, until: undefined }),
};

function assign(args: Arguments, { incidents, incident }: Subject): string {
  const { id, kind, subject, unit, assignedTo } = incident;
  const wanted = foldPersonName(wantedPerson(args));
  const names = assignees(args.config.data, unit);
  const to = names.find((name) => foldPersonName(name) === wanted);
  if (wanted !== '' && to === undefined) {
    const able = names.length > 0 ? `these can: ${names.join(', ')}` : 'nobody can';
    throw new CommandFailed(`${wanted} cannot be given incident ${id}: ${able}`);
  }
  refuseClosed(id, incidents.assign(id, { at: Date.now(), by: osUser(), to }));
  recordCommand(args.config.data, {
    action: 'incident.assign',
    subject: `${id}`,
    before: { assigned_to: assignedTo },
    after: { kind, about: subject, assigned_to: to ?? null },
  });
  return to === undefined ? `nobody looks after incident ${id} now` : `${to} looks after incident ${id} now`;
}

/** Empty for nobody, who has to be named too. */
function wantedPerson(args: Arguments): string {
  const { to } = args.flags;
  if (typeof to !== 'string') throw new UsageError("--to is missing: give a name, or '' for nobody");
  return to;
}

/** Names of those who can be given an incident of the unit. */
function assignees(folder: string, unit: string | undefined): string[] {
  const [registry, peopleFile] = [openRegistry(folder), openPeople(folder)];
  try {
    const units = new Units(registry).all();
    const reaches = (above: string, code: string) => unitAndBelow(units, above).has(code);
    return assigneesFor(unit, { people: new People(peopleFile).all(), reaches }).map(({ name }) => name);
  } finally {
    peopleFile.close();
    registry.close();
  }
}

function putOff(args: Arguments, { incidents, incident, until }: Subject & { until: number | undefined }): string {
  const { id, kind, subject: about } = incident;
  refuseClosed(id, incidents.snooze(id, { at: Date.now(), by: osUser(), until }));
  const isOff = until !== undefined;
  const after = { kind, about, ...(isOff && { until: new Date(until).toISOString() }) };
  recordCommand(args.config.data, { action: isOff ? 'incident.snooze' : 'incident.unsnooze', subject: `${id}`, after });
  return isOff ? `incident ${id} snoozed until ${localTime(until)}` : `incident ${id} is not snoozed`;
}

/** `2h`, or a time with its offset. */
function untilOf(text: string): number {
  const now = Date.now();
  const until = /^\d+(\.\d+)?[smhd]$/.test(text) ? now + parseDuration(text) : parseInstant(text, now);
  if (until === undefined) {
    throw new UsageError(`--until "${text}" is no time: write 2h, 3d or 2026-11-28T22:00:00+07:00`);
  }
  const problem = snoozeProblem(until, now);
  if (problem !== undefined) throw new UsageError(`--until "${text}" ${problem}`);
  return until;
}

function refuseClosed(id: number, isDone: boolean): void {
  if (!isDone) throw new CommandFailed(`incident ${id} is closed already`);
}
