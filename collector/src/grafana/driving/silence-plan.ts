/** Which silences there should be: for times of maintenance windows, and for what somebody has acknowledged. */
import { rules } from '@vonggac/shared';
import type { MaintenanceWindow } from '../../calendar/maintenance-window.ts';
import type { Zone } from '../../calendar/zone.ts';
import { attackKinds, type Incident } from '../../incidents/incident.ts';
import { cleanText } from '../../registry/audit-entry.ts';
import { labelsOfIncident } from './alert-subject.ts';
import { windowTimes } from './window-annotations.ts';

export interface Matcher {
  readonly name: string;
  readonly value: string;
  readonly isRegex: boolean;
  readonly isEqual: boolean;
}

/** Times are milliseconds since 1970. */
export interface WantedSilence {
  /** Names it among those of this collector; stands in its comment. */
  readonly key: string;
  readonly matchers: readonly Matcher[];
  readonly from: number;
  readonly to: number;
  readonly comment: string;
}

const aheadMs = 7 * 86_400_000;
/** Times of one window, and silences in all: Grafana compares every alert with each. */
const maxTimes = 60;
const maxSilences = 500;
/** Rules that tell of attacks, in one order for ever: the silences that Grafana has are compared with these. */
const neverSilenced: readonly string[] = rules
  .flatMap(({ id, tells = id }) => (attackKinds.has(tells) ? [id] : []))
  .sort();

interface Options {
  readonly windows: readonly MaintenanceWindow[];
  /** Open ones. */
  readonly incidents: readonly Incident[];
  /** A unit with all below it. */
  readonly unitsBelow: (unit: string) => ReadonlySet<string>;
  readonly zone: Zone;
  /** How long acknowledging silences; undefined when it does not. */
  readonly acknowledgeMs: number | undefined;
  readonly now: number;
}

/** The next ones first; what is too much is left out, and comes when its time is nearer. */
export function planSilences(options: Options): WantedSilence[] {
  return [...ofWindows(options), ...ofIncidents(options)].toSorted((a, b) => a.from - b.from).slice(0, maxSilences);
}

function ofWindows({ windows, unitsBelow, zone, now }: Options): WantedSilence[] {
  const times = windowTimes(windows, { zone, from: now, to: now + aheadMs, limit: maxTimes });
  return times.map(({ key, window: { unit, agent, link, reason, createdBy }, stretch }) => ({
    key: `window/${key}`,
    matchers: [
      ...own,
      { ...is('rule', neverSilenced), isEqual: false },
      ...(agent === undefined ? [is('unit', link === undefined ? [...unitsBelow(unit)] : [unit])] : []),
      ...(agent === undefined ? [] : [is('agent', [agent])]),
      ...(link === undefined ? [] : [is('link', [link])]),
    ],
    from: stretch.from,
    to: stretch.to,
    comment: `${cleanText(reason)} (${cleanText(createdBy)})`,
  }));
}

function ofIncidents({ incidents, acknowledgeMs, now }: Options): WantedSilence[] {
  if (acknowledgeMs === undefined) return [];
  return incidents.flatMap((incident) => {
    const { id, closedAt, acknowledgedAt, acknowledgedBy = '', note = '' } = incident;
    if (closedAt !== undefined || acknowledgedAt === undefined || acknowledgedAt + acknowledgeMs <= now) return [];
    const told = labelsOfIncident(incident);
    if (!told || told.rules.some((rule) => neverSilenced.includes(rule))) return [];
    const labels = Object.entries(told.labels).map(([name, value]) => is(name, [value]));
    return {
      key: `incident/${id}/${acknowledgedAt}`,
      matchers: [...own, is('rule', told.rules), ...labels],
      from: acknowledgedAt,
      to: acknowledgedAt + acknowledgeMs,
      comment: `${cleanText(note)} (${cleanText(acknowledgedBy)})`,
    };
  });
}

function is(name: string, values: readonly string[]): Matcher {
  const [only, ...more] = values;
  if (only !== undefined && more.length === 0) return { name, value: only, isRegex: false, isEqual: true };
  // Grafana compares from the first character to the last.
  return { name, value: values.toSorted().map(escaped).join('|'), isRegex: true, isEqual: true };
}

/** As Go's regular expressions take it: no other character may follow a backslash there. */
function escaped(text: string): string {
  return text.replace(/[\\.+*?()|[\]{}^$]/g, '\\$&');
}

/** Nothing else in that Grafana is silenced. */
const own: readonly Matcher[] = [is('managed_by', ['vonggac'])];
