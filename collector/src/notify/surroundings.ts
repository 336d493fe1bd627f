/** What notifications need to know of machines, units, maintenance and the clock. */
import type { Calendars } from '../calendar/calendars.ts';
import type { PlannedTimes } from '../calendar/planned.ts';
import { attackKinds } from '../incidents/incident.ts';
import { plannedSubjectOf } from '../incidents/planned-subject.ts';
import type { LiveState } from '../live/live-state.ts';
import { unitAndBelow } from '../registry/unit-tree.ts';
import type { Units } from '../registry/units.ts';
import type { Writing } from './content.ts';
import type { Surroundings } from './planner.ts';

interface Parts {
  readonly live: Pick<LiveState, 'get'>;
  readonly units: Pick<Units, 'all' | 'list'>;
  readonly planned: Pick<PlannedTimes, 'plannedAt'>;
  readonly zone: Pick<Calendars['zone'], 'wallTime'>;
  readonly consoleUrl: string | undefined;
}

export function createSurroundings({ live, units, planned, zone, consoleUrl }: Parts): Surroundings {
  return {
    isPlanned: (incident, at) =>
      !attackKinds.has(incident.kind) &&
      planned.plannedAt(plannedSubjectOf(incident, live), at)?.reason === 'maintenance',
    unitAndBelow: (unit) => unitAndBelow(units.all(), unit),
    minuteOfDay(at) {
      const { hours, minutes } = zone.wallTime(at);
      return hours * 60 + minutes;
    },
    writing(language) {
      const known = new Map(units.list().map((each) => [each.code, each]));
      const unit: Writing['unit'] = (code) => {
        const found = known.get(code);
        const contact = [found?.contact_name, found?.contact_phone].filter(Boolean).join(', ');
        return found && { name: found.name, contact: contact || undefined };
      };
      return {
        language,
        consoleUrl,
        time: (at) => timeText(zone.wallTime(at)),
        machine: (id) => live.get(id)?.record.hostname,
        unit,
      };
    },
  };
}

/** `20:15 23/11/2026`. */
function timeText({ date, hours, minutes }: { date: string; hours: number; minutes: number }): string {
  const clock = [hours, minutes].map((part) => `${part}`.padStart(2, '0')).join(':');
  return `${clock} ${date.split('-').reverse().join('/')}`;
}
