/** The exact bytes that are signed or authenticated. Each begins with its own context, so that none can stand for another. */

/** Label for `exportKeyingMaterial` (RFC 5705, RFC 8446 section 7.5); it binds a proof to one TLS connection. */
export const exporterLabel = 'EXPORTER-vonggac-v1';
export const exporterLength = 32;

function join(context: string, parts: readonly string[]): Uint8Array {
  return new TextEncoder().encode([context, ...parts].join('\n'));
}

/** What an agent signs in its hello: its id, the collector's nonce and the exporter, both as base64url. */
export function helloTranscript(parts: { agent: string; nonce: string; exporter: string }): Uint8Array {
  return join('vonggac.v1 hello', [parts.agent, parts.nonce, parts.exporter]);
}

/** What an enrolment proves knowledge of its token over: nonce, exporter and the public key that it asks to register. */
export function enrolTranscript(parts: { nonce: string; exporter: string; publicKey: string }): Uint8Array {
  return join('vonggac.v1 enrol', [parts.nonce, parts.exporter, parts.publicKey]);
}

/** What an enrolment signs with the key that it asks to register. */
export function enrolKeyTranscript(parts: { nonce: string; exporter: string; publicKey: string }): Uint8Array {
  return join('vonggac.v1 enrol key', [parts.nonce, parts.exporter, parts.publicKey]);
}

/** What an agent signs with the key that is to take the place of its present one. */
export function rekeyTranscript(parts: {
  agent: string;
  nonce: string;
  exporter: string;
  publicKey: string;
}): Uint8Array {
  return join('vonggac.v1 rekey', [parts.agent, parts.nonce, parts.exporter, parts.publicKey]);
}

/** SHA-256 of this makes a fact about a machine's hardware a hint that means nothing to anybody else. */
export function hardwareInput(agent: string, fact: string): Uint8Array {
  return join('vonggac.v1 hardware', [agent, fact]);
}

/** SHA-256 of this names an enrolment token without giving it away. */
export function tokenLookupInput(token: string): Uint8Array {
  return join('vonggac.v1 token lookup', [token]);
}

/** SHA-256 of this is the key of the HMAC that proves an enrolment token; it is all that the collector keeps of it. */
export function tokenKeyInput(token: string): Uint8Array {
  return join('vonggac.v1 token key', [token]);
}
