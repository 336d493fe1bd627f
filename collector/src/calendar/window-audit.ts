/** Maintenance windows in the audit log. */
import type { AuditValues } from '../registry/audit-entry.ts';
import type { MaintenanceWindow } from './maintenance-window.ts';

export function auditWindow(window: MaintenanceWindow): AuditValues {
  const { unit, agent, link, from, to, cron, durationMs, reason } = window;
  return {
    unit,
    agent,
    link,
    from: new Date(from).toISOString(),
    to: to === undefined ? undefined : new Date(to).toISOString(),
    cron,
    duration_minutes: durationMs === undefined ? undefined : durationMs / 60_000,
    reason,
  };
}
