/**
 * Why a connection was closed. Codes below 4000 are those of RFC 6455 section 7.4.1; 4000-4999 are private use.
 * `retry` says what the agent does: `soon` with its usual backoff, `slow` at the longest backoff, because a person has
 * to act first.
 */
export const closeCodes = {
  normal: { code: 1000, retry: 'soon', meaning: 'the side that closes has said goodbye' },
  goingAway: { code: 1001, retry: 'soon', meaning: 'the collector is stopping or restarting' },
  invalidFrame: { code: 4000, retry: 'soon', meaning: 'a frame was not a valid message of this protocol' },
  unexpectedMessage: { code: 4001, retry: 'soon', meaning: 'a valid message at a moment when it makes no sense' },
  helloTimeout: { code: 4002, retry: 'soon', meaning: 'no hello within the time to authenticate' },
  badSignature: { code: 4003, retry: 'slow', meaning: 'the signature of the challenge does not verify' },
  unknownAgent: { code: 4004, retry: 'slow', meaning: 'this collector does not know the agent; enrol it' },
  revoked: { code: 4005, retry: 'slow', meaning: 'the agent was revoked; enrol it again if it should report' },
  replaced: { code: 4006, retry: 'soon', meaning: 'the same agent opened a newer connection' },
  silent: { code: 4007, retry: 'soon', meaning: 'nothing was heard for two and a half heartbeats' },
  tooFast: { code: 4008, retry: 'soon', meaning: 'more messages or unacknowledged batches than allowed' },
  cloned: { code: 4009, retry: 'slow', meaning: 'another machine reports with the same key' },
} as const satisfies Record<string, { code: number; retry: 'soon' | 'slow'; meaning: string }>;

export type CloseName = keyof typeof closeCodes;

/** The name of a close code, or undefined for one that this protocol does not define. */
export function closeName(code: number): CloseName | undefined {
  return (Object.keys(closeCodes) as CloseName[]).find((name) => closeCodes[name].code === code);
}
