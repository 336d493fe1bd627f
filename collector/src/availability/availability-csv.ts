/** A report as a CSV file: a row for each unit, machine and line, in seconds that add up. */
import { linkCauses } from '../connectivity/link-judgement.ts';
import { verdictNames } from '../outages/outage.ts';
import { type Separator, writeCsv } from '../registry/unit-csv.ts';
import { availabilityPercent, type Balance, downOf } from './balance.ts';
import type { AvailabilityReport } from './report.ts';

/** Columns are the same in each file, whatever happened; a line's causes share one. */
const causes = verdictNames.filter((verdict) => verdict !== 'planned' && verdict !== 'collector-outage');
const header = [
  'kind',
  'unit',
  'name',
  'id',
  'class',
  'count',
  'available_percent',
  'outages',
  'up_seconds',
  'down_seconds',
  'planned_seconds',
  'inconclusive_seconds',
  'absent_seconds',
  ...causes.map((cause) => `down_${cause.replaceAll('-', '_')}_seconds`),
  'down_link_seconds',
];

export function writeAvailabilityCsv(
  { units, machines, links }: Pick<AvailabilityReport, 'units' | 'machines' | 'links'>,
  options: { readonly separator: Separator },
): string {
  const rows = [
    ...units.map(({ unit, name, machines: { count, balance } }) => [
      ...['unit', unit, name, '', '', `${count}`],
      ...cellsOf(balance, ''),
    ]),
    ...links.map(({ unit, subject, balance, outages }) => [
      ...['link', unit, subject, '', '', '1'],
      ...cellsOf(balance, `${outages}`),
    ]),
    ...machines.map(({ unit, hostname, subject, class: agentClass, balance, outages }) => [
      ...['machine', unit, hostname, subject, agentClass, '1'],
      ...cellsOf(balance, `${outages}`),
    ]),
  ];
  return writeCsv([header, ...rows], options);
}

function cellsOf(balance: Balance, outages: string): string[] {
  const { up, down, planned, inconclusive, absent } = balance;
  const seconds = [
    up,
    downOf(balance),
    planned,
    inconclusive,
    absent,
    ...causes.map((cause) => ownCauses(down)[cause] ?? 0),
  ];
  return [`${availabilityPercent(balance) ?? ''}`, outages, ...seconds.map(String), `${linkSeconds(down)}`];
}

function ownCauses(down: Balance['down']): Partial<Record<string, number>> {
  return down;
}

function linkSeconds(down: Balance['down']): number {
  return Object.entries(down).reduce(
    (sum, [cause, seconds]) => sum + (Object.hasOwn(linkCauses, cause) ? seconds : 0),
    0,
  );
}
