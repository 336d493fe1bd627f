/** The machine that an agent comes by. */
import type { AgentRecord } from './agents.ts';

type Told = Pick<AgentRecord, 'unit' | 'addresses'>;

/**
 * The gateway that has the address of the agent's relay; undefined when it comes directly or nobody there has it. Only of
 * its own unit: other offices use the same private addresses.
 */
export function relayOf<Gateway extends Told & Pick<AgentRecord, 'class' | 'revokedAt'>>(
  { unit, way }: Pick<AgentRecord, 'unit' | 'way'>,
  agents: readonly Gateway[],
): Gateway | undefined {
  if (!way || way.kind === 'direct') return undefined;
  const host = way.address.replace(/:\d+$/, '').replace(/^\[(.*)\]$/, '$1');
  return agents.find(
    (agent) =>
      agent.class === 'gateway' &&
      agent.unit === unit &&
      agent.revokedAt === undefined &&
      agent.addresses.includes(host),
  );
}
