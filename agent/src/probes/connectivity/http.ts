import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import type { Socket } from 'node:net';
import { type CheckError, InvalidTarget, parseTarget } from '@vonggac/shared';
import { version } from '../../version.ts';
import { CheckFailure } from './check-failure.ts';
import type { CheckDetails, CheckRun } from './check-run.ts';
import type { Target } from './target.ts';
import { ignoreErrors, openTcp } from './tcp.ts';
import { openTls } from './tls.ts';

/** A keyword has to be among the first bytes; what is longer, or never ends, is not read on. */
const maxBodyBytes = 256 * 1_024;
const maxHeaderBytes = 16 * 1_024;
const defaultRedirects = 3;
const redirectStatuses: readonly number[] = [301, 302, 303, 307, 308];

/**
 * Whether a page is answered as it should be. The answer time is from the beginning to the head of the last answer,
 * redirects included; the phases are those of the last answer. The body is read only to look for a keyword.
 */
export async function checkHttp(target: Target, run: CheckRun): Promise<void> {
  const startedAt = run.monotonic();
  const seen = new Set<string>();
  let current = target;
  for (;;) {
    const url = urlOf(current);
    seen.add(url);
    const response = await requestPage(current, run);
    const status = response.statusCode ?? 0;
    run.details.http_status = status;
    const location = redirectOf(response, target);
    if (location === undefined) {
      run.rtts.push(run.monotonic() - startedAt);
      const problem = problemOf(status, target);
      if (problem) throw new CheckFailure(problem, `${url} answered with status ${status}`);
      if (target.keyword !== undefined) await findKeyword(response, { keyword: target.keyword, run });
      return;
    }
    response.destroy();
    forget(run.details);
    current = { ...target, address: addressOf(location, url) };
    const isTooFar = seen.has(urlOf(current)) || seen.size > (target.redirects ?? defaultRedirects);
    if (isTooFar) throw new CheckFailure('redirect-loop', `${seen.size} redirects, the last to ${urlOf(current)}`);
  }
}

/** Phases are those of the last answer, and it may lack some that an earlier one had. */
function forget(details: CheckDetails): void {
  for (const name of Object.keys(details)) delete details[name as keyof CheckDetails];
}

/** The head of the answer; the body is there to be read. */
export async function requestPage(target: Target, run: CheckRun): Promise<IncomingMessage> {
  const stream = await open(target, run);
  const startedAt = run.monotonic();
  const asked = request({
    createConnection: () => stream,
    path: target.address.path ?? '/',
    maxHeaderSize: maxHeaderBytes,
    setHost: false,
    headers: {
      host: authorityOf(target),
      'user-agent': `vonggac-agent/${version}`,
      accept: '*/*',
      // The keyword is looked for in the bytes as they come.
      'accept-encoding': 'identity',
    },
  });
  ignoreErrors(asked);
  asked.end();
  const [response] = (await once(asked, 'response', { signal: run.signal })) as [IncomingMessage];
  ignoreErrors(response);
  run.details.first_byte_ms = run.monotonic() - startedAt;
  return response;
}

async function open(target: Target, run: CheckRun): Promise<Socket> {
  if (target.address.kind === 'https') return openTls(target, run);
  const { socket, connectMs } = await openTcp(target, run);
  run.details.connect_ms = connectMs;
  return socket;
}

/** Where to go on, or undefined when this is the answer. */
function redirectOf(response: IncomingMessage, target: Target): string | undefined {
  const { status, redirects = defaultRedirects } = target;
  const { statusCode = 0 } = response;
  if (redirects === 0 || statusCode === status || !redirectStatuses.includes(statusCode)) return undefined;
  return response.headers.location;
}

/** A redirect can lead anywhere: it is read as strictly as a target that somebody writes down. */
function addressOf(location: string, from: string): Target['address'] {
  try {
    const address = parseTarget(new URL(location, from).href);
    if (address.kind === 'http' || address.kind === 'https') return address;
  } catch (error) {
    if (!(error instanceof InvalidTarget || error instanceof TypeError)) throw error;
  }
  throw new CheckFailure('http-3xx', 'the redirect leads to no web page');
}

function problemOf(status: number, target: Target): CheckError | undefined {
  if (target.status !== undefined && status === target.status) return undefined;
  if (status >= 500) return 'http-5xx';
  if (status >= 400) return 'http-4xx';
  if (target.status !== undefined) return status >= 300 ? 'http-3xx' : 'http-status';
  // A redirect that is taken as the answer has no body to speak of; one without a destination is broken.
  const isFine = status < 300 || (target.redirects === 0 && target.keyword === undefined);
  return isFine ? undefined : 'http-3xx';
}

async function findKeyword(response: IncomingMessage, look: { keyword: string; run: CheckRun }): Promise<void> {
  const wanted = Buffer.from(look.keyword);
  const { details } = look.run;
  // The end of what came before, because the keyword may lie across two chunks.
  let tail = Buffer.alloc(0);
  for await (const chunk of response as AsyncIterable<Buffer>) {
    details.body_bytes = (details.body_bytes ?? 0) + chunk.length;
    const text = Buffer.concat([tail, chunk]);
    if (text.includes(wanted)) return;
    if (details.body_bytes > maxBodyBytes) throw new CheckFailure('too-large', `no keyword in ${maxBodyBytes} bytes`);
    tail = text.subarray(-wanted.length);
  }
  throw new CheckFailure('keyword', 'the page does not have the keyword');
}

function urlOf(target: Target): string {
  return `${target.address.kind}://${authorityOf(target)}${target.address.path ?? '/'}`;
}

function authorityOf({ address: { kind, host, port } }: Target): string {
  const name = host.includes(':') ? `[${host}]` : host;
  return port === (kind === 'https' ? 443 : 80) ? name : `${name}:${port}`;
}
