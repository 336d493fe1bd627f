/** What the agent signs on a connection: it holds for the collector's nonce and the TLS exporter only. */
import { type KeyObject, sign } from 'node:crypto';
import {
  exporterLabel,
  exporterLength,
  type Hello,
  helloTranscript,
  type Rekey,
  rekeyTranscript,
} from '@vonggac/shared';
import { publicKeyText } from '../identity.ts';
import type { Connection } from './connect.ts';

export interface Bound {
  readonly agent: string;
  readonly connection: Connection;
  /** Of the collector's challenge. */
  readonly nonce: string;
}

export function signHello(
  hello: Omit<Hello, 'type' | 'agent' | 'signature'>,
  { key, ...bound }: Bound & { key: KeyObject },
): Hello {
  const { agent, nonce } = bound;
  const transcript = helloTranscript({ agent, nonce, exporter: exporterOf(bound) });
  return { type: 'hello', agent, ...hello, signature: sign(null, transcript, key).toString('base64url') };
}

/** Signed by the new key: whoever asks for it has it. */
export function signRekey(key: KeyObject, bound: Bound): Rekey {
  const { agent, nonce } = bound;
  const publicKey = publicKeyText(key);
  const transcript = rekeyTranscript({ agent, nonce, exporter: exporterOf(bound), publicKey });
  return { type: 'rekey', publicKey, signature: sign(null, transcript, key).toString('base64url') };
}

function exporterOf({ connection }: Bound): string {
  return connection.tls.exportKeyingMaterial(exporterLength, exporterLabel, Buffer.alloc(0)).toString('base64url');
}
