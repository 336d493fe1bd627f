/** An agent as it is after an enrolment, without a collector that would have to run for it. */
import { makeKey, saveIdentity } from '../../agent/src/identity.ts';
import type { AgentProcess } from './program.ts';

/** Tells the agent where its collector is and by which authority it knows it. */
export function enrolByHand(agent: AgentProcess, at: { readonly addresses: string[]; readonly pin: string }): void {
  saveIdentity(agent.folder, {
    agent: 'a-1',
    unit: 'DV',
    class: 'pc',
    addresses: at.addresses,
    pins: [at.pin],
    privateKey: makeKey(),
  });
}
