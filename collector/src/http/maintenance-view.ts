/** Maintenance windows as the API and the command show them. */
import type { MaintenanceWindow } from '../calendar/maintenance-window.ts';
import { standingOf } from '../calendar/window-standing.ts';
import type { Zone } from '../calendar/zone.ts';
import { toIso } from './instants.ts';
import type { WindowView } from './maintenance-schemas.ts';

export function viewWindow(
  window: MaintenanceWindow,
  when: { readonly zone: Zone; readonly now: number; readonly hostname?: string | undefined },
): WindowView {
  const { id, unit, agent, link, cron, durationMs, reason, createdBy, cancelledBy } = window;
  const { state, next } = standingOf(window, when);
  return {
    ...{ id, unit, agent, hostname: when.hostname, link, cron, reason, state },
    from: toIso(window.from),
    to: instant(window.to),
    duration_minutes: durationMs === undefined ? undefined : durationMs / 60_000,
    next_from: instant(next?.from),
    next_to: instant(next?.to),
    created_at: toIso(window.createdAt),
    created_by: createdBy,
    cancelled_at: instant(window.cancelledAt),
    cancelled_by: cancelledBy,
  };
}

function instant(time: number | undefined): string | undefined {
  return time === undefined ? undefined : toIso(time);
}
