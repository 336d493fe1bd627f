/**
 * Names to addresses: the hosts file, then the machine's resolvers. Not getaddrinfo: it cannot be stopped, and while the
 * resolvers are dead each call holds one of Node's few threads for up to half a minute, with the uplink waiting behind.
 */
import { Resolver } from 'node:dns/promises';
import { readFileSync } from 'node:fs';
import { isIP, isIPv4, isIPv6 } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { isUnicastAddress } from '@vonggac/shared';
import { CheckFailure } from './check-failure.ts';
import type { CheckRun } from './check-run.ts';
import type { Target } from './target.ts';

/** Once per server, then again, for which c-ares waits three times as long: in all less than a check may take. */
const askOnceMs = 900;
/** How long IPv6 may lag behind IPv4, as in RFC 8305 section 3; resolvers that ignore AAAA are not rare. */
const laggardMs = 150;
/** Addresses of one name that are tried. */
const maxAddresses = 3;

/**
 * Addresses of the target's host that may be checked, IPv4 and IPv6 by turns. IPv4 first: it is what the government
 * network has everywhere; where there is none the machine says so at once and IPv6 follows. Notes the time in `run`.
 */
export async function addressesOf(target: Target, run: CheckRun): Promise<string[]> {
  const { host } = target.address;
  if (isIP(host) !== 0) return allowed(target, [host]);
  const startedAt = run.monotonic();
  const addresses = await run.resolveName(host.replace(/\.$/, ''), run.signal);
  run.details.dns_ms = run.monotonic() - startedAt;
  return inTurns(allowed(target, addresses)).slice(0, maxAddresses);
}

function allowed(target: Target, addresses: readonly string[]): string[] {
  const usable = addresses.filter((address) => target.anyAddress || isUnicastAddress(address));
  if (usable.length > 0) return usable;
  throw new CheckFailure('forbidden', `${target.address.host} is ${addresses.join(', ')}: not a place on a network`);
}

function inTurns(addresses: readonly string[]): string[] {
  const four = addresses.filter(isIPv4);
  const six = addresses.filter(isIPv6);
  return addresses.flatMap((_, index) => [four[index], six[index]]).filter((address) => address !== undefined);
}

export async function resolveName(name: string, signal: AbortSignal): Promise<string[]> {
  const fixed = parseHosts(readHosts(), name);
  if (fixed.length > 0) return fixed;
  // A new one each time: it reads the machine's present resolvers.
  const resolver = new Resolver({ timeout: askOnceMs, tries: 2 });
  const cancel = () => resolver.cancel();
  signal.addEventListener('abort', cancel, { once: true });
  try {
    const none = (): string[] => [];
    const askedForSix = resolver.resolve6(name).catch(none);
    const four = await resolver.resolve4(name).catch(none);
    const six =
      four.length === 0
        ? await askedForSix
        : await Promise.race([askedForSix, wait(laggardMs, undefined, { ref: false })]);
    const addresses = [...four, ...(six ?? [])];
    if (addresses.length === 0) throw new CheckFailure('dns', `${name} has no address, or no resolver answers`);
    return addresses;
  } finally {
    signal.removeEventListener('abort', cancel);
    cancel();
  }
}

function readHosts(): string {
  const file =
    process.platform === 'win32'
      ? `${process.env.SystemRoot ?? 'C:\\Windows'}\\System32\\drivers\\etc\\hosts`
      : '/etc/hosts';
  try {
    return readFileSync(file, 'utf8');
  } catch {
    // Not every machine has one.
    return '';
  }
}

/** Addresses of `name` in the text of a hosts file; `localhost` is known without one (RFC 6761). */
export function parseHosts(text: string, name: string): string[] {
  const found: string[] = [];
  for (const line of text.split('\n')) {
    const [address = '', ...names] = line.replace(/#.*/, '').trim().split(/\s+/);
    if (isIP(address) !== 0 && names.some((known) => known.toLowerCase() === name)) found.push(address);
  }
  return found.length === 0 && name === 'localhost' ? ['127.0.0.1', '::1'] : found;
}
