/** What a channel is to hear of an incident now: one word when it opens, few while it grows, one when it is over. */
import { isSnoozed, isWorse } from '../incidents/incident.ts';
import type { IncidentBrief } from '../incidents/incidents-file.ts';
import type { IncidentEvent } from './events.ts';
import type { Told } from './notifications-file.ts';
import type { Route } from './settings.ts';

export interface Hearing {
  /** Of its channel, those that name the incident. */
  readonly routes: readonly Pick<Route, 'level'>[];
  readonly told: Told | undefined;
  readonly now: number;
  readonly gatherMs: number;
  readonly updateMs: number;
  /** Maintenance: its subject is being worked on. */
  readonly isPlanned: boolean;
  /** Only what is critical is told now. */
  readonly isQuiet: boolean;
  /** What was told before could not be sent yet: what only counts on can wait. */
  readonly isBehind: boolean;
}

export interface Due {
  readonly event: IncidentEvent;
  /** False while more of it may gather: it goes along with others, but not alone. */
  readonly isReady: boolean;
}

/**
 * Undefined when there is nothing to say now. Suppression (snoozed, maintenance, quiet hours) delays what is opened and
 * grows; that it is over is kept back by quiet hours alone.
 */
export function dueOf(incident: IncidentBrief, hearing: Hearing): Due | undefined {
  const { told, routes, now } = hearing;
  if (hearing.isQuiet && incident.severity !== 'critical') return undefined;
  if (incident.closedAt !== undefined) return told && { event: 'resolved', isReady: true };
  if (isSnoozed(incident, now) || hearing.isPlanned) return undefined;
  const levels = routes.map(({ level }) => level).filter((level) => level <= incident.level);
  if (!told) {
    if (levels.length === 0) return undefined;
    const event = levels.includes(1) ? 'opened' : 'escalated';
    return { event, isReady: now - incident.openedAt >= hearing.gatherMs };
  }
  if (levels.some((level) => level > told.level)) return { event: 'escalated', isReady: true };
  if (isWorse(incident.severity, told.severity)) return { event: 'updated', isReady: true };
  if (incident.count === told.count || hearing.isBehind) return undefined;
  return now - told.at >= hearing.updateMs ? { event: 'updated', isReady: true } : undefined;
}
