import { Calendars } from '../calendar/calendars.ts';
import { WindowRefused, type WindowSubject } from '../calendar/maintenance-window.ts';
import { auditWindow } from '../calendar/window-audit.ts';
import { standingOf } from '../calendar/window-standing.ts';
import type { Zone } from '../calendar/zone.ts';
import { viewWindow } from '../http/maintenance-view.ts';
import { Agents } from '../registry/agents.ts';
import { osUser, recordCommand } from '../registry/audit-commands.ts';
import { openRegistry } from '../registry/database.ts';
import { Units } from '../registry/units.ts';
import {
  type Arguments,
  type Command,
  CommandFailed,
  exitCodes,
  parseDuration,
  print,
  readArguments,
  required,
  table,
  UsageError,
} from './command.ts';
import { codesBelow } from './protection-files.ts';

const usage =
  'maintenance [list [--unit UNIT] [--all] | cancel ID | add (--unit UNIT [--link LINK] | --machine ID) --reason TEXT ' +
  "(--for 2h | --to TIME) [--from '2026-11-28 22:00'] [--cron '0 22 * * 6']]";
const subject = { unit: 'string', machine: 'string', link: 'string' } as const;
const times = { from: 'string', to: 'string', for: 'string', cron: 'string' } as const;
const flags = { ...subject, ...times, reason: 'string', all: 'boolean' } as const;

interface Files {
  readonly calendars: Calendars;
  readonly agents: Agents;
  readonly units: Units;
}

/** `vonggac maintenance`: times in which silence is planned. */
export const maintenanceCommand: Command = {
  usage,
  summary: 'maintenance windows: times in which the silence of a unit, machine or line is planned',
  async run(args) {
    const parsed = readArguments(args, { usage, flags });
    const [action = 'list', id, ...others] = parsed.positionals;
    const known = action === 'list' || action === 'add' || action === 'cancel';
    if (!known || others.length > 0 || (action === 'cancel') !== (id !== undefined)) {
      throw new UsageError(`usage: vonggac ${usage}`);
    }
    const registry = openRegistry(parsed.config.data);
    const units = new Units(registry);
    const settings = parsed.config.calendar;
    const calendars = new Calendars({ folder: parsed.config.data, settings, units, now: Date.now });
    const files = { calendars, agents: new Agents(registry), units };
    try {
      if (id !== undefined) return cancel(parsed, { ...files, id });
      return action === 'add' ? add(parsed, files) : list(parsed, files);
    } catch (error) {
      if (error instanceof WindowRefused) throw new UsageError(error.message);
      throw error;
    } finally {
      calendars.stop();
      registry.close();
    }
  },
};

function list(args: Arguments, { calendars, units }: Files): number {
  const { zone, windows } = calendars;
  const now = Date.now();
  const codes = codesBelow(units, args.flags.unit);
  const found = (args.flags.all === true ? windows.all() : windows.waiting(now)).filter(
    ({ unit }) => codes?.has(unit) ?? true,
  );
  const rows = found.map((window) => {
    const { id, unit, agent, link, cron, reason, createdBy } = window;
    const { state, next } = standingOf(window, { zone, now });
    const about = link === undefined ? (agent ?? unit) : `${unit}/${link}`;
    return [`${id}`, about, state, timeIn(zone, next?.from), timeIn(zone, next?.to), cron ?? '', createdBy, reason];
  });
  const none = args.flags.all === true ? 'there never was a window' : 'no window lasts or is to come';
  print(args, {
    value: { items: found.map((window) => viewWindow(window, { zone, now })), next: null },
    text: rows.length === 0 ? none : table(['ID', 'ABOUT', 'STATE', 'FROM', 'TO', 'CRON', 'BY', 'REASON'], rows),
  });
  return exitCodes.done;
}

function add(args: Arguments, files: Files): number {
  const { zone, windows } = files.calendars;
  const now = Date.now();
  const { cron } = args.flags;
  const from = timeOf(args, 'from', zone) ?? now;
  const to = timeOf(args, 'to', zone);
  const durationMs = typeof args.flags.for === 'string' ? parseDuration(args.flags.for) : undefined;
  const isOnce = typeof cron !== 'string';
  if (isOnce && (to === undefined) === (durationMs === undefined)) {
    throw new UsageError('say how long it lasts: --for 2h, or --to with a time');
  }
  if (!isOnce && durationMs === undefined) throw new UsageError('say how long each lasts: --for 2h');
  const span = isOnce ? { from, to: to ?? from + (durationMs ?? 0) } : { from, to, cron, durationMs };
  const window = windows.add(
    { ...subjectOf(args, files), ...span, reason: required(args, 'reason') },
    { by: osUser(), now },
  );
  recordCommand(args.config.data, { action: 'maintenance.add', subject: `${window.id}`, after: auditWindow(window) });
  const { next } = standingOf(window, { zone, now });
  const when = next
    ? `${timeIn(zone, next.from)} to ${timeIn(zone, next.to)}`
    : 'never: nothing matches before its end';
  print(args, {
    value: viewWindow(window, { zone, now }),
    text: `window ${window.id}${isOnce ? '' : ', next'}: ${when}`,
  });
  return exitCodes.done;
}

function subjectOf(args: Arguments, { agents, units }: Files): WindowSubject {
  const { unit, machine, link } = args.flags;
  if ((typeof unit === 'string') === (typeof machine === 'string')) {
    throw new UsageError('say what it is about: --unit UNIT, --unit UNIT --link LINK or --machine ID');
  }
  if (typeof machine === 'string') {
    if (link !== undefined) throw new UsageError('a line is named with its unit: --unit UNIT --link LINK');
    const record = agents.get(machine);
    if (!record || record.revokedAt !== undefined)
      throw new CommandFailed(`there is no machine ${machine}: see "vonggac agents"`);
    return { unit: record.unit, agent: machine };
  }
  const details = units.details(String(unit));
  if (!details) throw new CommandFailed(`there is no unit ${unit}`);
  if (link === undefined) return { unit: details.code };
  if (!details.links?.some(({ id }) => id === link)) {
    const known = details.links?.map(({ id }) => id).join(', ') ?? 'none';
    throw new CommandFailed(`${details.code} has no line ${link}: its lines are ${known}`);
  }
  return { unit: details.code, link: String(link) };
}

function cancel(args: Arguments, { calendars, id }: Files & { id: string }): number {
  const { windows, zone } = calendars;
  const found = /^\d{1,15}$/.test(id) ? windows.get(Number(id)) : undefined;
  if (!found) throw new CommandFailed(`there is no window ${id}: see "vonggac maintenance list"`);
  const now = Date.now();
  const cancelled = windows.cancel(found.id, { by: osUser(), now });
  if (!cancelled) throw new CommandFailed(`window ${id} is over or cancelled already`);
  recordCommand(args.config.data, { action: 'maintenance.cancel', subject: id, before: auditWindow(found) });
  print(args, { value: viewWindow(cancelled, { zone, now }), text: `window ${id} cancelled` });
  return exitCodes.done;
}

/** `2026-11-28 22:00` in the time zone of the calendars, or ISO 8601 with an offset. */
function timeOf(args: Arguments, flag: 'from' | 'to', zone: Zone): number | undefined {
  const text = args.flags[flag];
  if (typeof text !== 'string') return undefined;
  const time = readTime(text, zone);
  if (time === undefined) throw new UsageError(`--${flag}: "${text}" is not a time, write it as '2026-11-28 22:00'`);
  return time;
}

function readTime(text: string, zone: Zone): number | undefined {
  const [, date = '', hours = 0, minutes = 0, offset] =
    /^(\d{4}-\d\d-\d\d)[ T](\d\d):(\d\d)(?::\d\d(?:\.\d+)?(Z|[+-]\d\d:\d\d))?$/.exec(text) ?? [];
  if (Number.isNaN(Date.parse(`${date}T00:00:00Z`)) || Number(hours) > 23 || Number(minutes) > 59) return undefined;
  if (offset === undefined) return zone.timeOf(date, Number(hours) * 60 + Number(minutes));
  const time = Date.parse(text.replace(' ', 'T'));
  return Number.isNaN(time) ? undefined : time;
}

function timeIn(zone: Zone, time: number | undefined): string {
  if (time === undefined) return '-';
  const { date, hours, minutes } = zone.wallTime(time);
  return `${date} ${`${hours}`.padStart(2, '0')}:${`${minutes}`.padStart(2, '0')}`;
}
