/** One check of one target: within a time limit, never throwing, leaving nothing open behind it. */
import type { CheckError, TargetKind } from '@vonggac/shared';
import type { RunCommand } from '../../system/run-command.ts';
import { CheckFailure, isMeasured, wordFor } from './check-failure.ts';
import { checkDns } from './dns.ts';
import { checkHttp } from './http.ts';
import { checkIcmp } from './icmp.ts';
import { checkNtp } from './ntp.ts';
import type { ResolveName } from './resolve.ts';
import type { Target } from './target.ts';
import { checkTcp } from './tcp.ts';
import { checkTls } from './tls.ts';
import type { TrustedRoots } from './trusted-roots.ts';

/** With 15 s between checks a cut link is known in under 20 s. Long enough for the second repetition of a TCP SYN. */
export const checkLimitMs = 4_000;

/** Fields of the measurement that only some kinds of check have. */
export interface CheckDetails {
  dns_ms?: number;
  connect_ms?: number;
  tls_ms?: number;
  first_byte_ms?: number;
  http_status?: number;
  body_bytes?: number;
  certificate_expires_seconds?: number;
  clock_offset_ms?: number;
  address?: string;
}

export interface CheckResult {
  /** Undefined when it could not be measured; `error` is then `unsupported` or `failed`. */
  readonly up: boolean | undefined;
  readonly error: CheckError | undefined;
  /** For the log: what exactly went wrong. */
  readonly problem: string | undefined;
  /** Milliseconds, one of each answer. */
  readonly rtts: readonly number[];
  /** Of a kind that sends several. */
  readonly packets: { readonly sent: number; readonly lost: number } | undefined;
  readonly details: Readonly<CheckDetails>;
}

/** What a check needs of the world. */
export interface Outside {
  /** In milliseconds, of one check as a whole. */
  readonly limitMs: number;
  readonly platform: NodeJS.Platform;
  /** Milliseconds since 1970. */
  now(): number;
  /** A clock that never jumps, in milliseconds. */
  monotonic(): number;
  readonly runCommand: RunCommand;
  readonly resolveName: ResolveName;
  readonly roots: TrustedRoots;
}

/** A check under way. What it finds is written here at once, so that a check that fails half-way keeps the first half. */
export interface CheckRun extends Outside {
  /** Gives the check its whole time anew. */
  readonly restartLimit: () => void;
  /** Aborted when the check is over, however that came; everything that is opened is tied to it. */
  readonly signal: AbortSignal;
  readonly details: CheckDetails;
  readonly rtts: number[];
  packets: { sent: number; lost: number } | undefined;
}

/** Returns when the target is as it should be; throws CheckFailure or the error of the network. */
export type Check = (target: Target, run: CheckRun) => Promise<void>;

const checks: Readonly<Record<TargetKind, Check>> = {
  icmp: checkIcmp,
  tcp: checkTcp,
  tls: checkTls,
  dns: checkDns,
  ntp: checkNtp,
  http: checkHttp,
  https: checkHttp,
};

/** Never rejects. Aborting `signal` ends it at once, with a result that means nothing. */
export async function checkTarget(target: Target, outside: Outside, signal: AbortSignal): Promise<CheckResult> {
  const controller = new AbortController();
  const over = new Promise<never>((_resolve, reject) => {
    controller.signal.addEventListener('abort', () => reject(controller.signal.reason), { once: true });
  });
  over.catch(() => undefined);
  const tooLate = new CheckFailure('timeout', `no answer within ${outside.limitMs / 1_000} s`);
  const timer = setTimeout(() => controller.abort(tooLate), outside.limitMs);
  const run: CheckRun = {
    ...outside,
    restartLimit: () => void timer.refresh(),
    signal: controller.signal,
    details: {},
    rtts: [],
    packets: undefined,
  };
  const cancel = () => controller.abort(new CheckFailure('failed', 'the check was given up'));
  signal.addEventListener('abort', cancel, { once: true });
  if (signal.aborted) cancel();
  try {
    await Promise.race([checks[target.address.kind](target, run), over]);
    return { ...found(run), up: true, error: undefined, problem: undefined };
  } catch (error) {
    // A socket that is destroyed at the limit fails too, in words of its own.
    const cause = controller.signal.aborted ? controller.signal.reason : error;
    const word = wordFor(cause);
    const problem = cause instanceof Error ? cause.message : String(cause);
    return { ...found(run), up: isMeasured(word) ? false : undefined, error: word, problem };
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', cancel);
    controller.abort();
  }
}

function found({ rtts, packets, details }: CheckRun): Pick<CheckResult, 'rtts' | 'packets' | 'details'> {
  // Copies: what was cut off may still write.
  return { rtts: [...rtts], packets, details: { ...details } };
}
