/** Whose maintenance excuses an incident: that of a machine, of a line, or of a unit. */
import type { PlannedSubject } from '../calendar/planned.ts';
import type { LiveState } from '../live/live-state.ts';
import type { IncidentBrief } from './incidents-file.ts';

/** What belongs to no unit is never planned. */
export function plannedSubjectOf(
  { kind, subject, unit = '' }: Pick<IncidentBrief, 'kind' | 'subject' | 'unit'>,
  live: Pick<LiveState, 'get'>,
): PlannedSubject {
  const [first = '', rest] = subject.split(/\/(.*)/s);
  const agent = live.get(first)?.record;
  if (agent) return { unit: agent.unit, agentId: agent.id, class: agent.class };
  return kind.startsWith('link-') && rest ? { unit, link: rest } : { unit };
}
