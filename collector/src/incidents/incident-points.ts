/** Open incidents as series: numbers, with what suppression leaves to be told already worked out. */
import { type Point, point } from '@vonggac/shared';
import type { PlannedTimes } from '../calendar/planned.ts';
import type { LiveAgent, LiveState } from '../live/live-state.ts';
import type { Origin } from '../stores/store.ts';
import { attackKinds, isSnoozed, severities } from './incident.ts';
import type { IncidentBrief } from './incidents-file.ts';
import { plannedSubjectOf } from './planned-subject.ts';

/** Whom the collector's own readings are said to be from; no agent has such an id. */
const collectorId = 'collector';
/** In place of a unit's code, for what is of none. */
const noUnit = '-';
/** Longer subjects, like names of threats, are cut: they become names of series. */
const maxSubject = 128;

/** One series: of a machine when the incident is about one, else of the collector's word about a unit. */
export interface IncidentSeries {
  readonly origin: Origin;
  readonly tags: { readonly kind: string; readonly subject: string };
}

interface Surroundings {
  readonly live: Pick<LiveState, 'get'>;
  readonly plannedAt: PlannedTimes['plannedAt'];
  readonly now: number;
}

export function seriesOf({ kind, subject, unit = noUnit }: IncidentBrief, live: Surroundings['live']): IncidentSeries {
  const tags = { kind, subject: subject.slice(0, maxSubject).toWellFormed() || noUnit };
  const record = machineOf(subject, live)?.record;
  if (!record) return { origin: { agent: collectorId, host: collectorId, unit, class: 'server' }, tags };
  return { origin: { agent: record.id, host: record.hostname, unit: record.unit, class: record.class }, tags };
}

export function keyOf({ origin: { agent, host, unit, class: agentClass }, tags }: IncidentSeries): string {
  return JSON.stringify([agent, host, unit, agentClass, tags.kind, tags.subject]);
}

export function openPoint(incident: IncidentBrief, series: IncidentSeries, around: Surroundings): Point {
  const severity = severities.indexOf(incident.severity);
  const alertable = isAlertable(incident, around);
  const fields = {
    open: 1,
    acknowledged: Number(incident.acknowledgedAt !== undefined),
    alertable: Number(alertable),
    alert: alertable ? severity + 1 : 0,
    severity,
    count: incident.count,
    age_seconds: Math.max(0, Math.floor((around.now - incident.openedAt) / 1_000)),
    id: incident.id,
  };
  return point('incident', { time: around.now, tags: series.tags, fields });
}

/** Numbers that would go on to say something, like its age, are left out. */
export function closedPoint({ tags }: IncidentSeries, now: number): Point {
  return point('incident', { time: now, tags, fields: { open: 0, acknowledged: 0, alertable: 0, alert: 0 } });
}

/** What is put off or under maintenance stays open, and is told of when that is over. */
function isAlertable(incident: IncidentBrief, { live, plannedAt, now }: Surroundings): boolean {
  if (isSnoozed(incident, now)) return false;
  const machine = machineOf(incident.subject, live);
  if (machine?.state === 'retired') return false;
  if (incident.unit === undefined || attackKinds.has(incident.kind)) return true;
  return plannedAt(plannedSubjectOf(incident, live), now)?.reason !== 'maintenance';
}

/** Subjects begin with the id of the machine, as in `a-0123/eicar`. */
function machineOf(subject: string, live: Surroundings['live']): LiveAgent | undefined {
  const [head = ''] = subject.split('/', 1);
  return live.get(head);
}
