/** Which requests a page of someone else could have caused, told by the headers that browsers set by themselves. */
import type { IncomingHttpHeaders } from 'node:http';

const loopbackNames = new Set(['localhost', '127.0.0.1', '[::1]']);

/** The host of a `Host` header without its port, in lower case. */
function nameOf(host: string): string {
  return host.toLowerCase().replace(/:\d*$/, '');
}

/** Whether this `Host` names the machine that the collector runs on. */
export function isLoopbackHost(host: string | undefined): boolean {
  return host !== undefined && loopbackNames.has(nameOf(host));
}

/**
 * Whether the collector answers to this `Host`. A page whose name was made to point here (DNS rebinding) is of the
 * same origin to its browser, and only its foreign name gives it away.
 */
export function isOwnHost(host: string | undefined, hosts: readonly string[] | 'any'): boolean {
  if (hosts === 'any') return true;
  if (host === undefined) return false;
  return isLoopbackHost(host) || hosts.some((own) => own.toLowerCase() === nameOf(host));
}

/**
 * Whether a request that changes something comes from our own page, or from no page at all: programs send neither
 * header, browsers send at least one with every such request.
 */
export function isSameSite(headers: IncomingHttpHeaders): boolean {
  const site = headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin') return false;
  if (headers.origin === undefined) return true;
  return URL.canParse(headers.origin) && new URL(headers.origin).host === headers.host?.toLowerCase();
}
