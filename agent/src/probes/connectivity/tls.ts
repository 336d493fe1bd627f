import type { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { isIP } from 'node:net';
import { connect, type TLSSocket } from 'node:tls';
import { CheckFailure } from './check-failure.ts';
import type { CheckRun } from './check-run.ts';
import type { Target } from './target.ts';
import { ignoreErrors, openTcp } from './tcp.ts';

/** Whether TLS works and the certificate is valid for the host; the answer time is that of TCP and TLS together. */
export async function checkTls(target: Target, run: CheckRun): Promise<void> {
  await openTls(target, run);
  run.rtts.push((run.details.connect_ms ?? 0) + (run.details.tls_ms ?? 0));
}

/** A connection whose certificate is valid for the target's host; nothing of ours has been sent over it yet. */
export async function openTls(target: Target, run: CheckRun): Promise<TLSSocket> {
  const tried = run.roots.context;
  try {
    return await tryTls(target, run);
  } catch (error) {
    const isUnknown = error instanceof CheckFailure && error.word === 'tls-chain';
    if (!isUnknown || !run.roots.askSystem(run.monotonic(), tried)) throw error;
    // Two connections over a slow line take longer than one may.
    run.restartLimit();
    return await tryTls(target, run);
  }
}

async function tryTls(target: Target, run: CheckRun): Promise<TLSSocket> {
  const { socket, connectMs } = await openTcp(target, run);
  run.details.connect_ms = connectMs;
  const { host } = target.address;
  const startedAt = run.monotonic();
  const tls = connect({
    socket,
    ...(isIP(host) === 0 && { servername: host.replace(/\.$/, '') }),
    secureContext: run.roots.context,
    ALPNProtocols: ['http/1.1'],
    // Judged below, in words of our own.
    rejectUnauthorized: false,
    checkServerIdentity: () => undefined,
  });
  ignoreErrors(tls);
  await once(tls, 'secureConnect', { signal: run.signal });
  run.details.tls_ms = run.monotonic() - startedAt;
  const certificate = tls.getPeerX509Certificate();
  if (!certificate) throw new CheckFailure('tls', 'the server showed no certificate');
  run.details.certificate_expires_seconds = Math.floor(Date.parse(certificate.validTo) / 1_000);
  judge(certificate, { host, now: run.now(), chainProblem: chainProblemOf(tls) });
  return tls;
}

/** OpenSSL's name of what is wrong with the chain; `@types/node` takes it for an Error. */
function chainProblemOf(tls: TLSSocket): string | undefined {
  if (tls.authorized) return undefined;
  const { authorizationError } = tls as { authorizationError: unknown };
  return String(authorizationError ?? 'not authorized');
}

/** A certificate that is out of date is that first: its owner has to act, whatever else is wrong. */
function judge(
  certificate: X509Certificate,
  facts: { host: string; now: number; chainProblem: string | undefined },
): void {
  const { host, now, chainProblem } = facts;
  const isInTime = Date.parse(certificate.validFrom) <= now && now < Date.parse(certificate.validTo);
  if (!isInTime || chainProblem === 'CERT_HAS_EXPIRED' || chainProblem === 'CERT_NOT_YET_VALID') {
    throw new CheckFailure('tls-expired', 'the certificate is out of date, or the clock of this machine is wrong');
  }
  if (chainProblem !== undefined) {
    throw new CheckFailure('tls-chain', `the certificate is signed by nobody that is trusted here: ${chainProblem}`);
  }
  // Like browsers: only the subject alternative names count.
  const isNamed =
    isIP(host) === 0 ? certificate.checkHost(host.replace(/\.$/, ''), { subject: 'never' }) : certificate.checkIP(host);
  if (isNamed === undefined) throw new CheckFailure('tls-name', `the certificate is not for ${host}`);
}
