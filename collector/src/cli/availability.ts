import { Availability } from '../availability/availability.ts';
import { writeAvailabilityCsv } from '../availability/availability-csv.ts';
import { availabilityPercent, type Balance, downOf } from '../availability/balance.ts';
import { InvalidPeriod } from '../availability/period.ts';
import { recordedOutages } from '../availability/recorded-outages.ts';
import type { AvailabilityReport } from '../availability/report.ts';
import { Calendars } from '../calendar/calendars.ts';
import { LinkLedger } from '../connectivity/link-ledger.ts';
import { viewAvailability } from '../http/availability-view.ts';
import { OutageLedger } from '../outages/outage-ledger.ts';
import { Agents } from '../registry/agents.ts';
import { openRegistry } from '../registry/database.ts';
import { type Separator, separators } from '../registry/unit-csv.ts';
import { unitAndBelow } from '../registry/unit-tree.ts';
import { Units } from '../registry/units.ts';
import {
  type Arguments,
  type Command,
  exitCodes,
  localTime,
  print,
  readArguments,
  table,
  UsageError,
} from './command.ts';

const usage =
  'availability [--unit UNIT | --machine ID] [--month 2026-11 | --from 2026-11-01 --to 2026-11-15] [--csv [--separator ,|;]]';
const texts = { unit: 'string', machine: 'string', month: 'string', from: 'string', to: 'string' } as const;
const flags = { ...texts, csv: 'boolean', separator: 'string' } as const;

/** `vonggac availability`: how long machines, lines and units were up, and why they were not. */
export const availabilityCommand: Command = {
  usage,
  summary: 'how long machines, lines and units were up in a month, and why they were not',
  async run(args) {
    const parsed = readArguments(args, { usage, flags });
    const { csv, separator = ',' } = parsed.flags;
    if (parsed.positionals.length > 0) throw new UsageError(`usage: vonggac ${usage}`);
    if (!isSeparator(separator)) throw new UsageError(`--separator is one of ${separators.join(' ')}`);
    const report = await readReport(parsed);
    if (csv === true) {
      process.stdout.write(writeAvailabilityCsv(report, { separator }));
      return exitCodes.done;
    }
    print(parsed, { value: viewAvailability(report), text: asText(report, parsed) });
    return exitCodes.done;
  },
};

/** From the files, whether the collector runs or not. */
async function readReport({ config, flags: asked }: Arguments): Promise<AvailabilityReport> {
  const now = Date.now();
  const registry = openRegistry(config.data);
  const [units, agents] = [new Units(registry), new Agents(registry)];
  const calendars = new Calendars({ folder: config.data, settings: config.calendar, units, now: () => now });
  const { planned, zone } = calendars;
  const links = new LinkLedger(config.data);
  const ledger = new OutageLedger(config.data);
  const outages = recordedOutages(ledger, now);
  const availability = new Availability({
    folder: config.data,
    agents: () => agents.all(),
    units,
    outages,
    links,
    planned,
    zone,
    now: () => now,
  });
  try {
    const [unit, machine, month, from, to] = (['unit', 'machine', 'month', 'from', 'to'] as const).map((name) =>
      textOf(asked[name]),
    );
    if (unit !== undefined && !units.get(unit)) throw new UsageError(`there is no unit ${unit}: see "vonggac units"`);
    if (machine !== undefined && !agents.get(machine)) {
      throw new UsageError(`there is no machine ${machine}: see "vonggac agents"`);
    }
    const codes = unit === undefined ? undefined : unitAndBelow(units.list(), unit);
    return await availability.report({ units: codes, machine, month, from, to });
  } catch (error) {
    if (error instanceof InvalidPeriod) throw new UsageError(`--${error.field}: ${error.message}`);
    throw error;
  } finally {
    for (const part of [availability, ledger, links, calendars]) part.stop();
    registry.close();
  }
}

function textOf(flag: string | boolean | undefined): string | undefined {
  return typeof flag === 'string' ? flag : undefined;
}

function isSeparator(text: unknown): text is Separator {
  return separators.some((known) => known === text);
}

/** Machines one by one only where few are asked for. */
function asText({ units, machines, links, ...report }: AvailabilityReport, { flags: asked }: Arguments): string {
  const parts: string[] = [];
  const isFew = asked.unit !== undefined || asked.machine !== undefined;
  if (asked.machine === undefined && units.length > 0) {
    const rows = units.map(({ unit, machines: total }) => [unit, `${total.count}`, ...cells(total.balance)]);
    parts.push(table(['UNIT', 'MACHINES', ...header], rows));
  }
  if (links.length > 0) {
    const rows = links.map(({ unit, subject, balance }) => [unit, subject, ...cells(balance)]);
    parts.push(table(['UNIT', 'LINE', ...header], rows));
  }
  if (isFew && machines.length > 0) {
    const rows = machines.map(({ unit, hostname, subject, balance }) => [hostname, subject, unit, ...cells(balance)]);
    parts.push(table(['MACHINE', 'ID', 'UNIT', ...header], rows));
  }
  if (parts.length === 0) parts.push('nothing was there in this time');
  return [...parts, noteOf(report)].join('\n\n');
}

const header = ['AVAILABLE %', 'UP', 'DOWN', 'PLANNED', 'INCONCLUSIVE', 'WHY DOWN'];

function cells(balance: Balance): string[] {
  const times = [balance.up, downOf(balance), balance.planned, balance.inconclusive].map(hoursAndMinutes);
  const causes = Object.entries(balance.down).sort(([, a], [, b]) => b - a);
  const why = causes.map(([cause, seconds]) => `${cause} ${hoursAndMinutes(seconds)}`).join(', ');
  return [`${availabilityPercent(balance) ?? '-'}`, ...times, why || '-'];
}

function hoursAndMinutes(seconds: number): string {
  const minutes = Math.round(seconds / 60);
  return `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, '0')}`;
}

function noteOf({ period, takenAt, revisions }: Pick<AvailabilityReport, 'period' | 'takenAt' | 'revisions'>): string {
  const times = `from ${localTime(period.from)} to ${localTime(period.to)}`;
  if (takenAt === undefined) return `${times}; figures may still change`;
  const changes =
    revisions === 0 ? 'no figure was changed since' : `figures changed since: ${revisions} (see "vonggac audit")`;
  return `${times}; taken on ${localTime(takenAt)}, ${changes}`;
}
