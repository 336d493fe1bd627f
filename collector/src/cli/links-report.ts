/** `vonggac links report`: a month of the lines, for a person, a program or a carrier. */
import { writeLinkCsv } from '../connectivity/link-csv.ts';
import type { LinkDays } from '../connectivity/link-days.ts';
import type { LinkLedger } from '../connectivity/link-ledger.ts';
import { type LinkTotals, monthOf, ReportMonth, reportLinks } from '../connectivity/link-report.ts';
import { type Separator, separators } from '../registry/unit-csv.ts';
import { unitAndBelow } from '../registry/unit-tree.ts';
import type { Units } from '../registry/units.ts';
import { type Arguments, CommandFailed, exitCodes, print, table, UsageError } from './command.ts';

/** What a command reads of the lines. */
export interface LinkFiles {
  readonly ledger: LinkLedger;
  readonly days: LinkDays;
  readonly units: Units;
}

export function printReport(args: Arguments, { ledger, days, units }: LinkFiles): number {
  const now = Date.now();
  const { month = monthOf(now), unit, csv, separator = ',' } = args.flags;
  const parsed = ReportMonth.safeParse(month);
  if (!parsed.success) throw new UsageError(`--month: "${month}" is not a month, write it as 2026-11`);
  if (!isSeparator(separator)) throw new UsageError(`--separator is one of ${separators.join(' ')}`);
  const codes = typeof unit === 'string' ? below(units.list(), unit) : undefined;
  const report = reportLinks({ ledger, days }, { month: parsed.data, units: codes, now });
  if (report.truncated) throw new CommandFailed('too much happened for one report: ask for one unit with --unit');
  if (csv === true) {
    process.stdout.write(writeLinkCsv(report.intervals, { separator }));
    return exitCodes.done;
  }
  const rows = report.links.map(({ unit: code, link, carrier, ...totals }) => [code, link, carrier, ...cells(totals)]);
  print(args, {
    value: {
      month: report.month,
      from: new Date(report.from).toISOString(),
      to: new Date(report.to).toISOString(),
      links: report.links.map(({ unit: code, link, carrier, days: ofMonth, ...totals }) => ({
        unit: code,
        link,
        carrier,
        ...asJson(totals),
        days: ofMonth.map(({ day, ...ofDay }) => ({ day, ...asJson(ofDay) })),
      })),
    },
    text: rows.length === 0 ? `nothing is known of ${report.month}` : table(header, rows),
  });
  return exitCodes.done;
}

const header = [
  'UNIT',
  'LINK',
  'CARRIER',
  'AVAILABLE %',
  'OUTAGES',
  'DOWN',
  'DEGRADED',
  'UNKNOWN',
  'P50 MS',
  'P95 MS',
  'LOSS %',
];

function cells({ availabilityPercent, outages, seconds, p50Ms, p95Ms, lossPercent }: LinkTotals): string[] {
  const times = [seconds.down, seconds.degraded, seconds.unknown].map(hoursAndMinutes);
  const measured = [p50Ms, p95Ms, lossPercent].map((value) => `${value ?? '-'}`);
  return [`${availabilityPercent ?? '-'}`, `${outages}`, ...times, ...measured];
}

function hoursAndMinutes(seconds: number): string {
  const minutes = Math.round(seconds / 60);
  return `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, '0')}`;
}

function asJson({ availabilityPercent, outages, seconds, p50Ms, p95Ms, lossPercent }: LinkTotals) {
  return {
    availability_percent: availabilityPercent ?? null,
    seconds,
    outages,
    p50_ms: p50Ms ?? null,
    p95_ms: p95Ms ?? null,
    loss_percent: lossPercent ?? null,
  };
}

function isSeparator(text: unknown): text is Separator {
  return separators.some((known) => known === text);
}

/** Throws CommandFailed when there is no such unit. */
function below(units: readonly { code: string; parent?: string | undefined }[], unit: string): ReadonlySet<string> {
  if (!units.some(({ code }) => code === unit)) throw new CommandFailed(`there is no unit ${unit}`);
  return unitAndBelow(units, unit);
}
