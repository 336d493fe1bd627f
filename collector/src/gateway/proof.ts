/** Proofs by signature on one connection: they hold for its nonce and its TLS exporter only. */
import { createPublicKey, randomBytes, verify } from 'node:crypto';
import type { TLSSocket } from 'node:tls';
import {
  exporterLabel,
  exporterLength,
  type Hello,
  helloTranscript,
  type Rekey,
  rekeyTranscript,
} from '@vonggac/shared';
import type { AgentRecord } from '../registry/agents.ts';

export class Proof {
  readonly nonce = randomBytes(32).toString('base64url');
  readonly #tls: Pick<TLSSocket, 'exportKeyingMaterial'>;

  constructor(tls: Pick<TLSSocket, 'exportKeyingMaterial'>) {
    this.#tls = tls;
  }

  /** Which of the agent's keys has signed the hello. */
  keyOf(agent: AgentRecord, hello: Hello): 'current' | 'previous' | undefined {
    const transcript = helloTranscript({ agent: agent.id, nonce: this.nonce, exporter: this.#exporter });
    if (isSignedBy(agent.publicKey, transcript, hello.signature)) return 'current';
    const { previousPublicKey } = agent;
    if (previousPublicKey === undefined) return undefined;
    return isSignedBy(previousPublicKey, transcript, hello.signature) ? 'previous' : undefined;
  }

  /** Whether the agent has the private key to the public one that it asks for. */
  holdsKey(agent: AgentRecord, { publicKey, signature }: Rekey): boolean {
    const parts = { agent: agent.id, nonce: this.nonce, exporter: this.#exporter, publicKey };
    return isSignedBy(publicKey, rekeyTranscript(parts), signature);
  }

  get #exporter(): string {
    return this.#tls.exportKeyingMaterial(exporterLength, exporterLabel, Buffer.alloc(0)).toString('base64url');
  }
}

function isSignedBy(publicKey: string, transcript: Uint8Array, signature: string): boolean {
  try {
    const key = createPublicKey({ format: 'jwk', key: { kty: 'OKP', crv: 'Ed25519', x: publicKey } });
    return verify(null, transcript, key, Buffer.from(signature, 'base64url'));
  } catch {
    // Not a key: nobody has signed with it.
    return false;
  }
}
