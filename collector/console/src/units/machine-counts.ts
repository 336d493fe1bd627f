/** Machines that units declare, against those that are enrolled. */
import type { AgentClass } from '@vonggac/shared';
import type { UnitDetails, UnitMachines } from '../../../src/http/schemas.ts';

export type Counts = Readonly<Record<AgentClass, number>>;

const none: Counts = { server: 0, gateway: 0, pc: 0 };

function add(a: Counts, b: Counts): Counts {
  return { server: a.server + b.server, gateway: a.gateway + b.gateway, pc: a.pc + b.pc };
}

/** Enrolled machines of each unit and all below it: what a unit declares is meant so too. */
export function enrolledBelow(
  units: readonly Pick<UnitDetails, 'code' | 'parent'>[],
  own: UnitMachines['items'],
): ReadonlyMap<string, Counts> {
  const parents = new Map(units.map(({ code, parent }) => [code, parent]));
  const sums = new Map<string, Counts>(units.map(({ code }) => [code, none]));
  for (const { unit, ...counts } of own) {
    const seen = new Set<string>();
    for (let code: string | undefined = unit; code !== undefined && !seen.has(code); code = parents.get(code)) {
      seen.add(code);
      sums.set(code, add(sums.get(code) ?? none, counts));
    }
  }
  return sums;
}

export function declaredOf(unit: UnitDetails, agentClass: AgentClass): number | undefined {
  if (agentClass === 'server') return unit.declared_servers;
  return agentClass === 'gateway' ? unit.declared_gateways : unit.declared_pcs;
}
