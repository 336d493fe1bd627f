/** Availability as the API and the command show it. */
import { availabilityPercent, type Balance, downOf } from '../availability/balance.ts';
import type { AvailabilityReport, Total } from '../availability/report.ts';
import type { AvailabilityAnswer } from './availability-schemas.ts';
import { toIso } from './instants.ts';

export function viewAvailability(report: AvailabilityReport): AvailabilityAnswer {
  const { period, takenAt, revisions, revisedAt, units, machines, links } = report;
  return {
    month: period.month,
    from: toIso(period.from),
    to: toIso(period.to),
    is_over: period.isOver,
    taken_at: takenAt === undefined ? undefined : toIso(takenAt),
    revisions,
    revised_at: revisedAt === undefined ? undefined : toIso(revisedAt),
    units: units.map(({ unit, name, machines: all, classes, links: lines }) => ({
      unit,
      name,
      machines: viewTotal(all),
      classes: { server: viewTotal(classes.server), gateway: viewTotal(classes.gateway), pc: viewTotal(classes.pc) },
      links: viewTotal(lines),
    })),
    machines: machines.map(({ unit, subject, hostname, class: agentClass, balance, outages }) => ({
      agent: subject,
      hostname,
      unit,
      class: agentClass,
      outages,
      ...viewBalance(balance),
    })),
    links: links.map(({ unit, subject, balance, outages }) => ({
      unit,
      link: subject,
      outages,
      ...viewBalance(balance),
    })),
  };
}

function viewTotal({ count, balance }: Total) {
  return { count, ...viewBalance(balance) };
}

function viewBalance(balance: Balance) {
  const { down, ...seconds } = balance;
  return {
    available_percent: availabilityPercent(balance),
    seconds: { ...seconds, down: downOf(balance) },
    down_seconds: { ...down },
  };
}
