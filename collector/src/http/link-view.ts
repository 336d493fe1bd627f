/** Lines and shared services as the API shows them. */
import type { LinkInterval } from '../connectivity/link-ledger.ts';
import type { LinkReport, LinkTotals } from '../connectivity/link-report.ts';
import type { ServiceStatus } from '../connectivity/service-watch.ts';
import { toIso } from './instants.ts';
import type { IntervalView, LinkReportAnswer, LinkView, ServiceView } from './link-schemas.ts';
import type { ScopedLink } from './scope.ts';

export function viewLink({ unit, link, now, interval, availability }: ScopedLink): LinkView {
  const reading = now?.evidence?.edge ?? now?.evidence?.gateway;
  return {
    unit,
    link: link.id,
    kind: link.kind,
    carrier: link.carrier,
    edge: link.edge,
    state: interval?.state ?? 'unknown',
    cause: interval?.cause ?? 'no-evidence',
    since: interval && toIso(interval.from),
    rtt_ms: reading?.rttMs,
    loss_percent: reading?.lossPercent,
    active: now?.evidence?.isActive,
    availability_percent: availability,
  };
}

export function viewInterval({ carrier, state, cause, from, to, revision, evidence }: LinkInterval): IntervalView {
  return {
    carrier,
    state,
    cause,
    from: toIso(from),
    to: to === undefined ? undefined : toIso(to),
    revision,
    evidence: evidence.map(({ at, what, facts }) => ({ time: toIso(at), what, facts })),
  };
}

export function viewReport({ month, from, to, links, truncated }: LinkReport): LinkReportAnswer {
  return {
    month,
    from: toIso(from),
    to: toIso(to),
    links: links.map(({ unit, link, carrier, days, ...totals }) => ({
      unit,
      link,
      carrier,
      ...viewTotals(totals),
      days: days.map(({ day, ...ofDay }) => ({ day, ...viewTotals(ofDay) })),
    })),
    truncated,
  };
}

function viewTotals({ availabilityPercent, seconds, outages, p50Ms, p95Ms, lossPercent }: LinkTotals) {
  return {
    availability_percent: availabilityPercent,
    seconds,
    outages,
    p50_ms: p50Ms,
    p95_ms: p95Ms,
    loss_percent: lossPercent,
  };
}

export function viewService({ settings, judgement, since }: ServiceStatus): ServiceView {
  return {
    id: settings.id,
    name: settings.name,
    url: settings.url,
    state: judgement?.state ?? 'unknown',
    since: since === undefined ? undefined : toIso(since),
    vantage_points: judgement?.vantagePoints ?? 0,
    failing_points: judgement?.failingPoints ?? 0,
    rtt_ms: judgement?.rttMs,
    error: judgement?.error,
    cut_off: [...(judgement?.cutOff ?? [])],
    reaching: [...(judgement?.reaching ?? [])],
  };
}
