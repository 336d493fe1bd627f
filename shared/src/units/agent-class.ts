import * as z from 'zod/mini';

/** What a machine is for; declared by the enrolment code, never by the machine. */
export const AgentClass = z.enum(['server', 'gateway', 'pc']);
export type AgentClass = z.infer<typeof AgentClass>;

/**
 * What is known of an agent's machine right now. `late`: its connection is open but silent; `inconclusive`: the
 * collector itself was away and has not waited long enough to judge; `planned`: away, as it may be now (maintenance,
 * outside working hours); `retired`: no longer expected to report.
 */
export const agentStates = ['online', 'late', 'offline', 'planned', 'inconclusive', 'retired'] as const;
export type AgentState = (typeof agentStates)[number];
