/** Why a check found its target not as it should be, as one of the stable words. */
import type { CheckError } from '@vonggac/shared';

export class CheckFailure extends Error {
  override name = 'CheckFailure';
  readonly word: CheckError;

  constructor(word: CheckError, message: string = word) {
    super(message);
    this.word = word;
  }
}

/** These say that nothing was measured: the target may be up or down. */
const unmeasured: ReadonlySet<CheckError> = new Set(['unsupported', 'failed']);

export function isMeasured(word: CheckError): boolean {
  return !unmeasured.has(word);
}

const words: Readonly<Record<string, CheckError>> = {
  ECONNREFUSED: 'refused',
  ETIMEDOUT: 'timeout',
  ERR_SOCKET_CONNECTION_TIMEOUT: 'timeout',
  EHOSTUNREACH: 'unreachable',
  ENETUNREACH: 'unreachable',
  EHOSTDOWN: 'unreachable',
  ENETDOWN: 'unreachable',
  // No address of that family on this machine; or its own firewall or a route forbids it.
  EADDRNOTAVAIL: 'unreachable',
  EAFNOSUPPORT: 'unreachable',
  EACCES: 'unreachable',
  EPERM: 'unreachable',
  ECONNRESET: 'reset',
  ECONNABORTED: 'reset',
  EPIPE: 'reset',
  EPROTO: 'tls',
};
/** Of several addresses that all failed, the word that says most. */
const telling: readonly CheckError[] = ['refused', 'reset', 'timeout', 'unreachable'];

/**
 * The word for what was thrown. What is not known here is our own trouble (no descriptors left, an error in this
 * program): `failed`, which is neither up nor down.
 */
export function wordFor(error: unknown): CheckError {
  if (error instanceof CheckFailure) return error.word;
  if (error instanceof AggregateError) {
    const found = error.errors.map(wordFor);
    return telling.find((word) => found.includes(word)) ?? 'failed';
  }
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
  if (code.startsWith('ERR_SSL_')) return 'tls';
  if (code.startsWith('HPE_')) return 'bad-answer';
  return (Object.hasOwn(words, code) ? words[code] : undefined) ?? 'failed';
}
