/** The section `console` of the configuration: where people and programs reach the collector, and how it is protected. */
import * as z from 'zod';
import { isSafeUrl, OidcSettings } from './oidc/settings.ts';

const loopback = new Set(['127.0.0.1', '::1', 'localhost']);
const hostName = /^(?=.{1,253}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$|^\[[0-9a-f:.]+\]$/i;

/** `https://name` or `https://name:port`. */
function isOrigin(text: string): boolean {
  return isSafeUrl(text) && new URL(text).origin === text.toLowerCase().replace(/:443$/, '');
}

export const ConsoleSettings = z
  .strictObject({
    host: z.string().min(1).default('127.0.0.1').describe('address to listen on; beyond the loopback only with tls'),
    port: z.int().min(0).max(65_535).default(8080).describe('console and API; 0 takes any free port'),
    tls: z
      .strictObject({
        cert: z.string().min(1).describe('PEM file: the certificate, then those between it and its root'),
        key: z.string().min(1).describe('PEM file: its private key, without a passphrase'),
      })
      .optional()
      .describe('certificate of the console; read again when the files change'),
    hosts: z
      .array(z.string().regex(hostName, 'expected a name or an address, without a port'))
      .default([])
      .describe('names by which browsers reach the console; with tls and none given, any'),
    public_url: z
      .string()
      .refine(isOrigin, 'expected https://name or https://name:port, without a path')
      .optional()
      .describe('where browsers reach the console; one of its names'),
    oidc: OidcSettings.optional().describe('sign in with an OpenID Connect provider too'),
  })
  .check((context) => {
    const { host, tls, public_url, oidc } = context.value;
    const refuse = (path: string, message: string) =>
      context.issues.push({ code: 'custom', input: context.value, path: [path], message });
    if (!tls && !loopback.has(host))
      refuse('host', `${host} is not a loopback address: give tls with cert and key first`);
    if (public_url !== undefined && public_url.startsWith('https:') !== (tls !== undefined)) {
      refuse('public_url', tls ? 'expected https://, because there is tls' : 'https:// needs tls with cert and key');
    }
    if (oidc && public_url === undefined)
      refuse('public_url', 'is needed for oidc: the provider leads browsers back to it');
  });
export type ConsoleSettings = z.infer<typeof ConsoleSettings>;

/** Names that browsers may use besides the loopback's. */
export function consoleHosts({ host, tls, hosts, public_url }: ConsoleSettings): readonly string[] | 'any' {
  const named = [...hosts, ...(public_url === undefined ? [] : [new URL(public_url).hostname])];
  if (named.length === 0 && tls) return 'any';
  return [...named, host.includes(':') ? `[${host}]` : host];
}

/** Where this machine reaches a console that listens on `host`. */
export function reachableHost(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1';
  if (host === '::') return '[::1]';
  return host.includes(':') ? `[${host}]` : host;
}
