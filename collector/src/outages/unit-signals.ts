/** What the other machines of a unit say about the outage of one. */
import type { LiveAgent } from '../live/live-state.ts';
import type { UnitSignals } from './judgement.ts';
import type { Tracked } from './tracked.ts';

/** Signs of life come every ten seconds, so machines that are cut at once were last heard up to that long apart. */
export const togetherMs = 20_000;
/** Connections that close for the same reason close at once; PCs that are shut down in the evening do not. */
const closedTogetherMs = 3_000;

interface Neighbour {
  readonly agent: LiveAgent;
  readonly relation: 'heard' | 'lost-together' | 'away';
  /** Whether its machine was off in between; undefined while it is away. */
  readonly hasBooted: boolean | undefined;
}

/** How each other machine of the unit stands to the outage. */
export function neighboursOf(
  { outage, departure }: Tracked,
  { agents, outages }: { readonly agents: readonly LiveAgent[]; readonly outages: ReadonlySet<Tracked> },
): Neighbour[] {
  const { agent: self, beganAt, endedAt } = outage;
  const overlapping = new Map<string, Tracked>();
  for (const other of outages) {
    const { beganAt: otherBegan, endedAt: otherEnded, agent } = other.outage;
    // It was back by the time that this one was lost, as far as signs of life tell.
    const isEarlier = otherBegan < beganAt - togetherMs;
    const isBefore = isEarlier && otherEnded !== undefined && otherEnded <= beganAt + togetherMs;
    const isAfter = endedAt !== undefined && otherBegan > endedAt;
    if (agent === self || isBefore || isAfter) continue;
    const known = overlapping.get(agent);
    if (!known || distance(other) < distance(known)) overlapping.set(agent, other);
  }
  function distance(other: Tracked): number {
    return Math.abs(other.outage.beganAt - beganAt);
  }
  return agents.flatMap((agent): Neighbour[] => {
    const { record, state, lastSeen } = agent;
    if (record.id === self || state === 'retired' || lastSeen === undefined) return [];
    const other = overlapping.get(record.id);
    if (other) {
      const isTogether = distance(other) <= reachOf(departure, other.departure) && isUnordered(other.departure);
      const { returned } = other;
      const hasBooted = returned && returned.bootedAt > other.outage.beganAt;
      return [{ agent, relation: isTogether ? 'lost-together' : 'away', hasBooted }];
    }
    if (state === 'online' || (endedAt !== undefined && lastSeen > endedAt)) {
      return [{ agent, relation: 'heard', hasBooted: undefined }];
    }
    // It is silent and not yet called away.
    const isTogether = state !== 'offline' && Math.abs(lastSeen - beganAt) <= reachOf(departure, agent.departure);
    return [{ agent, relation: isTogether ? 'lost-together' : 'away', hasBooted: undefined }];
  });
}

export function countUnit(neighbours: readonly Neighbour[]): UnitSignals {
  const heard = neighbours.filter(({ relation }) => relation === 'heard');
  const together = neighbours.filter(({ relation }) => relation === 'lost-together');
  return {
    heard: heard.length,
    gatewaysHeard: heard.filter(({ agent }) => agent.record.class === 'gateway').length,
    lostTogether: together.length,
    booted: together.filter(({ hasBooted }) => hasBooted === true).length,
    lived: together.filter(({ hasBooted }) => hasBooted === false).length,
  };
}

function reachOf(departure: Tracked['departure'], other: Tracked['departure']): number {
  if (departure === 'closed' && other === 'closed') return closedTogetherMs;
  // A machine whose connection closed and one that fell silent were not lost to the same cause.
  return (departure === 'closed') === (other === 'closed') ? togetherMs : Number.NEGATIVE_INFINITY;
}

function isUnordered(departure: Tracked['departure']): boolean {
  return departure !== 'stop' && departure !== 'shutdown' && departure !== 'update';
}
