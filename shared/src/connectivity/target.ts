/**
 * What a connectivity check is aimed at, written as a URL:
 *
 *   icmp://HOST   tcp://HOST:PORT   tls://HOST:PORT   ntp://HOST[:123]
 *   dns://RESOLVER[:53]/NAME[?type=A|AAAA|CNAME|MX|NS|TXT][&expect=ANSWER]   http(s)://HOST[:PORT]/PATH
 */
import * as z from 'zod/mini';
import { ipVersion, isUnicastAddress } from './ip-address.ts';

export const targetKinds = ['icmp', 'tcp', 'tls', 'dns', 'ntp', 'http', 'https'] as const;
export type TargetKind = (typeof targetKinds)[number];

/** Where the target is, seen from the machine that checks it. */
export const TargetScope = z.enum(['lan', 'wan', 'internet', 'service', 'peer', 'edge']);
export type TargetScope = z.infer<typeof TargetScope>;

export const dnsTypes = ['A', 'AAAA', 'CNAME', 'MX', 'NS', 'TXT'] as const;
export type DnsType = (typeof dnsTypes)[number];

/** A target's address, taken apart. */
export interface TargetAddress {
  readonly kind: TargetKind;
  /** An IP address without brackets, or a host name in small letters. */
  readonly host: string;
  /** 0 for icmp. */
  readonly port: number;
  /** What a resolver is asked. */
  readonly query?: { readonly name: string; readonly type: DnsType; readonly expect: string | undefined };
  /** Of http and https, as it is requested. */
  readonly path?: string;
}

/** Not a target; the message says what is wrong with it, for whoever wrote it. */
export class InvalidTarget extends Error {
  override name = 'InvalidTarget';
}

const maxUrlLength = 512;
const defaultPorts: Readonly<Record<TargetKind, number | undefined>> = {
  icmp: 0,
  tcp: undefined,
  tls: undefined,
  dns: 53,
  ntp: 123,
  http: 80,
  https: 443,
};
/** The last label has a letter: `127.1` and `2130706433` are addresses to some programs. */
const hostName =
  /^(?=.{1,253}$)(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9])?\.)*(?=[a-z0-9-]*[a-z])[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.?$/;

/** Reads a target's URL. Throws InvalidTarget. */
export function parseTarget(text: string): TargetAddress {
  if (text.length > maxUrlLength) throw new InvalidTarget(`a target has at most ${maxUrlLength} characters`);
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw new InvalidTarget(`"${text}" is not a target: write KIND://HOST, as in tcp://10.0.0.1:443`);
  }
  const kind = targetKinds.find((known) => `${known}:` === url.protocol);
  if (!kind) throw new InvalidTarget(`"${text}": a target begins with ${targetKinds.map((k) => `${k}://`).join(', ')}`);
  if (url.username !== '' || url.password !== '') throw new InvalidTarget(`"${kind}://…": a target has no password`);
  const host = url.hostname.replace(/^\[|\]$/g, '').toLowerCase();
  if (ipVersion(host) === 0 && !hostName.test(host)) {
    throw new InvalidTarget(`"${text}": "${host}" is not a host name or an IP address`);
  }
  const port = url.port === '' ? defaultPorts[kind] : Number(url.port);
  if (port === undefined || (port === 0 && kind !== 'icmp')) throw new InvalidTarget(`"${text}": the port is missing`);
  if (kind === 'icmp' && url.port !== '') throw new InvalidTarget(`"${text}": icmp has no port`);
  if (kind === 'http' || kind === 'https') return { kind, host, port, path: `${url.pathname}${url.search}` };
  if (kind === 'dns') return { kind, host, port, query: readQuery(url, text) };
  if (url.pathname.length > 1 || url.search !== '')
    throw new InvalidTarget(`"${text}": nothing may follow the host and port`);
  return { kind, host, port };
}

function readQuery(url: URL, text: string): NonNullable<TargetAddress['query']> {
  const name = url.pathname.slice(1).toLowerCase();
  if (!hostName.test(name))
    throw new InvalidTarget(`"${text}": write the name to ask for, as in dns://10.0.0.1/example.vn`);
  const asked = (url.searchParams.get('type') ?? 'A').toUpperCase();
  const type = dnsTypes.find((known) => known === asked);
  if (!type) throw new InvalidTarget(`"${text}": type is one of ${dnsTypes.join(', ')}`);
  return { name, type, expect: url.searchParams.get('expect') ?? undefined };
}

/**
 * Whether a collector may name this target: not the machine itself, nothing link-local, no multicast. A name has to be
 * checked again when its addresses are known.
 */
export function isRemoteTarget(text: string): boolean {
  try {
    const { host } = parseTarget(text);
    if (ipVersion(host) !== 0) return isUnicastAddress(host);
    return !/(^|\.)(localhost|localdomain|local)\.?$/.test(host);
  } catch {
    return false;
  }
}

/** A target as the collector pushes it. */
export const PushedTarget = z.object({
  /** Becomes the tag `target`. */
  id: z.string().check(z.regex(/^[A-Za-z0-9][A-Za-z0-9._:-]{0,63}$/)),
  url: z.string().check(z.maxLength(maxUrlLength), z.refine(isRemoteTarget, 'expected a target on another machine')),
  scope: TargetScope,
  /** Seconds between checks. */
  every: z.int().check(z.minimum(5), z.maximum(3_600)),
  /** http(s): a text that the body has to have. */
  keyword: z.optional(z.string().check(z.minLength(1), z.maxLength(200))),
  /** http(s): the status that is right; any below 400 when absent. */
  status: z.optional(z.int().check(z.minimum(100), z.maximum(599))),
  /** http(s): redirects that are followed; 0 takes a redirect as the answer. */
  redirects: z.optional(z.int().check(z.minimum(0), z.maximum(5))),
});
export type PushedTarget = z.infer<typeof PushedTarget>;

/** Targets that one agent checks at most. */
export const maxTargets = 200;

/** Why a check failed; stable words, told apart because each calls for another person. */
export const checkErrors = [
  'refused',
  'timeout',
  'unreachable',
  'dns',
  'dns-refused',
  'dns-answer',
  'tls',
  'tls-expired',
  'tls-name',
  'tls-chain',
  'http-3xx',
  'http-4xx',
  'http-5xx',
  'http-status',
  'redirect-loop',
  'keyword',
  'too-large',
  'bad-answer',
  'loss',
  'reset',
  'forbidden',
  'unsupported',
  'failed',
] as const;
export type CheckError = (typeof checkErrors)[number];
