/** What one agent is told about connectivity: a pure function of the settings and of what is known right now. */
import {
  type ConnectivitySettings,
  ipVersion,
  isUnicastAddress,
  maxTargets,
  type PushedTarget,
  type WatchedLink,
} from '@vonggac/shared';
import type { LiveAgent } from '../live/live-state.ts';
import type { AgentRecord } from '../registry/agents.ts';
import { relaysFor } from './relays.ts';
import type { ConnectivitySection, ServiceSettings, TargetSettings } from './settings.ts';
import type { UnitIndex } from './unit-index.ts';

export interface PushContext {
  readonly settings: ConnectivitySection;
  readonly units: UnitIndex;
  /** Services that this agent was chosen to check. */
  readonly services: readonly ServiceSettings[];
  /** All agents of its unit. */
  readonly colleagues: readonly LiveAgent[];
  /** Whether an agent offers a relay. */
  readonly isRelay: (agent: string) => boolean;
  readonly now: number;
}

export interface Pushed {
  readonly settings: ConnectivitySettings;
  /** Targets that were too many. */
  readonly dropped: number;
}

export function connectivityFor(agent: AgentRecord, context: PushContext): Pushed {
  const { settings, units, services } = context;
  const isGateway = agent.class === 'gateway';
  const own = settings.targets.filter((target) => isFor(agent, target, units)).map(ownTarget);
  const peers = isGateway ? silentPeers(agent, context) : [];
  // What a person named goes first.
  const targets = [...services.map(serviceTarget), ...own, ...peers];
  const links = isGateway ? watchedLinks(agent, context) : [];
  const relays = relaysFor(agent, { ...context, settings: settings.relays });
  return {
    settings: {
      targets: targets.slice(0, maxTargets),
      ...(links.length > 0 && { links }),
      ...(relays.length > 0 && { relays }),
      ...(isGateway && { sweep_minutes: settings.sweep_minutes }),
      budget: {
        bytes_per_day: settings.budget[agent.class],
        backfill_bits_per_second: settings.budget.backfill_bits_per_second,
      },
    },
    dropped: Math.max(0, targets.length - maxTargets),
  };
}

function isFor(agent: AgentRecord, target: TargetSettings, units: UnitIndex): boolean {
  return target.classes.includes(agent.class) && units.isWithin(agent.unit, target.units);
}

function ownTarget({ units: _, classes: __, ...target }: TargetSettings): PushedTarget {
  return target;
}

function serviceTarget({ name: _, from: __, ...target }: ServiceSettings): PushedTarget {
  return { ...target, scope: 'service' };
}

function watchedLinks(agent: AgentRecord, { settings, units }: PushContext): WatchedLink[] {
  return (units.get(agent.unit)?.links ?? []).map(({ id, edge }) => {
    const known = settings.links.watch.find((link) => link.unit === agent.unit && link.id === id);
    if (!known) return { id, ...(edge !== undefined && isUnicastAddress(edge) && { edge }) };
    const { unit: _, ...link } = known;
    return link;
  });
}

/** Machines that have fallen silent, so that a neighbour can tell whether they still answer on the LAN. */
function silentPeers(agent: AgentRecord, { settings, colleagues, now }: PushContext): PushedTarget[] {
  const { per_gateway, hours, every } = settings.peers;
  return colleagues
    .filter(({ record, state }) => record.id !== agent.id && (state === 'late' || state === 'offline'))
    .filter(({ lastSeen }) => lastSeen !== undefined && now - lastSeen < hours * 3_600_000)
    .flatMap(({ record, lastSeen = 0 }) => {
      const [address] = record.addresses;
      return address === undefined ? [] : [{ id: record.id, address, lastSeen }];
    })
    .sort((a, b) => b.lastSeen - a.lastSeen || (a.id < b.id ? -1 : 1))
    .slice(0, per_gateway)
    .map(({ id, address }) => ({ id: `peer:${id}`, url: icmpUrl(address), scope: 'peer', every }));
}

export function icmpUrl(host: string): string {
  return ipVersion(host) === 6 ? `icmp://[${host}]` : `icmp://${host}`;
}
