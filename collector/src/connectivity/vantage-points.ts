/**
 * Which machines check the shared services. A machine that was chosen stays chosen until it goes: changes would break
 * series and cause settings to be pushed for nothing.
 */
import type { AgentState } from '@vonggac/shared';
import type { LiveAgent } from '../live/live-state.ts';
import type { ServiceSettings } from './settings.ts';
import type { UnitIndex } from './unit-index.ts';

type Candidate = Pick<LiveAgent, 'state' | 'since'> & { readonly record: Pick<LiveAgent['record'], 'id' | 'class'> };

export class VantagePoints {
  readonly #services: readonly ServiceSettings[];
  /** Chosen machines by service and unit. */
  readonly #chosen = new Map<string, Map<string, readonly string[]>>();

  constructor(services: readonly ServiceSettings[]) {
    this.#services = services;
    for (const { id } of services) this.#chosen.set(id, new Map());
  }

  /** Chooses anew among the machines of a unit. */
  refresh(unit: string, from: { units: UnitIndex; agents: readonly Candidate[] }): void {
    for (const { id, from: wish } of this.#services) {
      const chosen = this.#chosen.get(id);
      const isAsked = from.units.isWithin(unit, wish.units);
      const fresh = isAsked ? choose(from.agents, { wish, before: chosen?.get(unit) ?? [] }) : [];
      if (fresh.length > 0) chosen?.set(unit, fresh);
      else chosen?.delete(unit);
    }
  }

  /** The services that a machine is to check. */
  servicesOf(agent: { readonly id: string; readonly unit: string }): ServiceSettings[] {
    return this.#services.filter(({ id }) => this.#chosen.get(id)?.get(agent.unit)?.includes(agent.id));
  }

  /** Units in which machines are chosen now. */
  units(): string[] {
    return [...this.#chosen.values()].flatMap((byUnit) => [...byUnit.keys()]);
  }

  /** Machine and unit of each vantage point of a service. */
  of(service: string): { agent: string; unit: string }[] {
    const chosen = [...(this.#chosen.get(service) ?? [])];
    return chosen.flatMap(([unit, agents]) => agents.map((agent) => ({ agent, unit })));
  }
}

/** Those of before that are still there, then by class as preferred, the longest connected first. */
function choose(
  agents: readonly Candidate[],
  { wish, before }: { wish: ServiceSettings['from']; before: readonly string[] },
): string[] {
  const isChosen = ({ record }: Candidate) => before.includes(record.id);
  const preference = ({ record }: Candidate) => wish.classes.indexOf(record.class);
  return agents
    .filter((agent) => preference(agent) >= 0)
    .filter((agent) => agent.state === 'online' || (isChosen(agent) && mayComeBack.has(agent.state)))
    .sort(
      (a, b) =>
        Number(isChosen(b)) - Number(isChosen(a)) ||
        preference(a) - preference(b) ||
        a.since - b.since ||
        (a.record.id < b.record.id ? -1 : 1),
    )
    .slice(0, wish.per_unit)
    .map(({ record }) => record.id);
}

/** One that fell silent a moment ago may be back in another. */
const mayComeBack: ReadonlySet<AgentState> = new Set(['late', 'inconclusive']);
