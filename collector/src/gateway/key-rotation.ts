/**
 * New keys for agents, when a person asks or when a key is old.
 *
 * An agent that is to change its key is told so in its settings, makes one, keeps it on its disk and sends the public
 * half, signed by the new key, on the connection that the old key has opened. The collector then takes both, until a
 * hello with the new key, or the agent's word that it is in place, ends the old one. So there is always a key that both
 * sides know, wherever either of them crashes.
 */
import { createHash } from 'node:crypto';
import { formatKeyFingerprint, type Rekey } from '@vonggac/shared';
import type { AgentRecord, Agents } from '../registry/agents.ts';
import type { AuditLog } from '../registry/audit-log.ts';
import type { Proof } from './proof.ts';

export interface KeyRotationOptions {
  readonly agents: Pick<Agents, 'changeKey' | 'dropPreviousKey' | 'byPublicKey'>;
  readonly audit: Pick<AuditLog, 'append'>;
  readonly keyDays: number;
  readonly now: () => number;
}

const dayMs = 86_400_000;

export class KeyRotation {
  readonly #options: KeyRotationOptions;
  /** Connected agents that are still to be told. */
  readonly #toTell = new Set<string>();

  constructor(options: KeyRotationOptions) {
    this.#options = options;
  }

  /** Whether the agent is to send a new key: asked for, the old one too old, or the last change not finished. */
  isDue(agent: AgentRecord): boolean {
    const isOld = this.#options.now() - agent.keySince >= this.#options.keyDays * dayMs;
    return isOld || agent.rotateKeyAskedAt !== undefined || agent.previousPublicKey !== undefined;
  }

  /** Looks for agents whose key is due; those that are connected are to be told by and by. */
  look(agents: Iterable<AgentRecord>): void {
    for (const agent of agents) if (agent.revokedAt === undefined && this.isDue(agent)) this.#toTell.add(agent.id);
  }

  /** Whom to tell next: each new key costs synced writes, and a whole province must not come at once. */
  next(most: number): string[] {
    const ids = [...this.#toTell].slice(0, most);
    for (const id of ids) this.#toTell.delete(id);
    return ids;
  }

  /** Takes a new key; undefined when it was not asked for or is not proven. The same key again changes nothing more. */
  change(
    agent: AgentRecord,
    rekey: Rekey,
    { proof, address }: { proof: Proof; address: string },
  ): AgentRecord | undefined {
    const { agents, audit, now } = this.#options;
    const { publicKey } = rekey;
    if (!this.isDue(agent) || !proof.holdsKey(agent, rekey)) return undefined;
    if (publicKey === agent.publicKey && agent.previousPublicKey !== undefined) return agent;
    if (publicKey === agent.previousPublicKey || agents.byPublicKey(publicKey)) return undefined;
    const at = now();
    audit.append({
      at,
      actor: `agent ${agent.id}`,
      source: address,
      action: 'agent.rekey',
      subject: agent.id,
      before: { key: fingerprintOf(agent.publicKey) },
      after: { key: fingerprintOf(publicKey) },
    });
    agents.changeKey(agent.id, publicKey, at);
    const previousPublicKey = agent.previousPublicKey ?? agent.publicKey;
    return { ...agent, publicKey, previousPublicKey, keySince: at, rotateKeyAskedAt: undefined };
  }

  /** The agent has shown that it uses its present key. */
  confirm(agent: AgentRecord): AgentRecord {
    if (agent.previousPublicKey === undefined) return agent;
    this.#options.agents.dropPreviousKey(agent.id);
    return { ...agent, previousPublicKey: undefined };
  }
}

function fingerprintOf(publicKey: string): string {
  return formatKeyFingerprint(createHash('sha256').update(Buffer.from(publicKey, 'base64url')).digest());
}
