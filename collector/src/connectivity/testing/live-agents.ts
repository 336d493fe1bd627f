/** Agents for tests of connectivity. */
import type { LiveAgent } from '../../live/live-state.ts';
import type { AgentRecord } from '../../registry/agents.ts';

export function agentRecord(id: string, changes: Partial<AgentRecord> = {}): AgentRecord {
  return {
    id,
    hostname: id,
    unit: 'DH',
    class: 'server',
    publicKey: id,
    platform: 'linux',
    version: '1',
    enrolledAt: 0,
    lastSeen: undefined,
    revokedAt: undefined,
    keySince: 0,
    previousPublicKey: undefined,
    rotateKeyAskedAt: undefined,
    hardware: [],
    addresses: [],
    ...changes,
  };
}

export function liveAgent(
  id: string,
  {
    state = 'online',
    since = 0,
    lastSeen,
    departure,
    life,
    ...record
  }: Partial<Omit<LiveAgent, 'record'>> & Partial<AgentRecord> = {},
): LiveAgent {
  const full = agentRecord(id, record);
  const seen = { lastSeen, clockOffsetMs: 0, departure, life, flapping: false };
  return { record: full, state, since, ...seen, points: new Map() };
}
