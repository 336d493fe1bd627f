/** The states of machines and units as series: numbers, with what suppression leaves to be told already worked out. */
import { type AgentState, type Point, point } from '@vonggac/shared';
import type { LiveAgent } from '../live/live-state.ts';
import { isOfUnit } from './alert-plan.ts';
import type { Outage } from './outage.ts';

const stateNumbers: Readonly<Record<Exclude<AgentState, 'retired'>, number>> = {
  offline: 0,
  late: 1,
  online: 2,
  planned: 3,
  inconclusive: -1,
};

export interface StateContext {
  readonly now: number;
  readonly isAlertable: boolean;
}

/** Undefined for one that is not expected to report any more. */
export function agentPoint(
  { state, lastSeen }: LiveAgent,
  outage: Outage | undefined,
  { now, isAlertable }: StateContext,
): Point | undefined {
  if (state === 'retired') return undefined;
  const fields = {
    state: stateNumbers[state],
    up: Number(state === 'online'),
    alertable: Number(isAlertable),
    alert: isAlertable ? (outage?.verdict === 'agent-stopped' ? 2 : 1) : 0,
    silent_seconds: lastSeen === undefined ? undefined : Math.max(0, Math.floor((now - lastSeen) / 1_000)),
    verdict: outage?.verdict,
  };
  return point('agent_state', { time: now, tags: {}, fields });
}

/** `outages`: the open ones of the unit. Undefined for a unit without machines. */
export function unitPoint(
  agents: readonly LiveAgent[],
  outages: readonly Outage[],
  { now, isAlertable }: StateContext,
): Point | undefined {
  const expected = agents.filter(({ state }) => state !== 'retired');
  if (expected.length === 0) return undefined;
  const count = (...states: AgentState[]) => expected.filter(({ state }) => states.includes(state)).length;
  const counts = {
    online: count('online'),
    offline: count('offline', 'late'),
    planned: count('planned'),
    inconclusive: count('inconclusive'),
  };
  const ofUnit = outages.find(isOfUnit);
  const fields = {
    state: stateOf(counts, ofUnit !== undefined),
    alertable: Number(isAlertable),
    machines: expected.length,
    ...counts,
    verdict: ofUnit?.verdict,
  };
  return point('unit_state', { time: now, tags: {}, fields });
}

interface Counts {
  readonly online: number;
  readonly offline: number;
  readonly inconclusive: number;
}

function stateOf({ online, offline, inconclusive }: Counts, isOut: boolean): number {
  if (online === 0 && isOut) return 0;
  if (online === 0 && inconclusive > 0) return -1;
  if (online === 0) return 3;
  return offline > 0 ? 1 : 2;
}
