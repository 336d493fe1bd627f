/** One check of one target: within a time limit, never throwing, leaving nothing open behind it. */
import type { TargetKind } from '@vonggac/shared';
import { CheckFailure, isMeasured, wordFor } from './check-failure.ts';
import type { CheckResult, CheckRun, Outside } from './check-run.ts';
import { checkDns } from './dns.ts';
import { checkHttp } from './http.ts';
import { checkIcmp } from './icmp.ts';
import { checkNtp } from './ntp.ts';
import type { Target } from './target.ts';
import { checkTcp } from './tcp.ts';
import { checkTls } from './tls.ts';

/** With 15 s between checks a cut link is known in under 20 s. Long enough for the second repetition of a TCP SYN. */
export const checkLimitMs = 4_000;

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
