import type { AgentRecord } from '../../registry/agents.ts';

/** A server as the registry knows it. */
export function createTestAgent(id: string, record: Partial<AgentRecord> = {}): AgentRecord {
  return {
    id,
    hostname: `host-${id}`,
    unit: 'DH',
    class: 'server',
    publicKey: id,
    platform: 'linux',
    version: '1.0.0',
    enrolledAt: 0,
    lastSeen: undefined,
    revokedAt: undefined,
    keySince: 0,
    previousPublicKey: undefined,
    rotateKeyAskedAt: undefined,
    hardware: [],
    addresses: [],
    ...record,
  };
}
