/** Source: clamd.conf(5) and freshclam.conf(5): lines of `Key value`, `#` for comments. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

export interface ClamavConfig {
  /** Of clamd. */
  readonly path: string;
  readonly socket: string | undefined;
  /** Without addresses it listens on all that the machine has. */
  readonly tcp: { readonly port: string; readonly addresses: readonly string[] } | undefined;
  readonly databases: string;
  readonly log: string | undefined;
  readonly onAccessPrevents: boolean;
  readonly updateLog: string | undefined;
}

/** Debian, RHEL (EPEL), other Unixes, built by hand. */
const usualPaths = ['etc/clamav/clamd.conf', 'etc/clamd.d/scan.conf', 'etc/clamd.conf', 'usr/local/etc/clamd.conf'];
const usualUpdateLog = '/var/log/clamav/freshclam.log';
const usualDatabases = '/var/lib/clamav';

/** The first file of clamd that is there; undefined when none is. Throws when it cannot be read. */
export function readClamavConfig(root: string, configured: readonly string[]): ClamavConfig | undefined {
  const path = clamdConfigPath(root, configured);
  if (path === undefined) return undefined;
  const clamd = parseConfig(readFileSync(join(root, path), 'utf8'));
  const freshclam = readFreshclam(root, path);
  const last = (key: string) => clamd.get(key)?.at(-1);
  const port = last('TCPSocket');
  return {
    path,
    socket: last('LocalSocket'),
    tcp: port === undefined ? undefined : { port, addresses: clamd.get('TCPAddr') ?? [] },
    databases: last('DatabaseDirectory') ?? freshclam?.get('DatabaseDirectory')?.at(-1) ?? usualDatabases,
    log: last('LogFile'),
    onAccessPrevents: isYes(last('OnAccessPrevention')),
    updateLog: freshclam ? freshclam.get('UpdateLogFile')?.at(-1) : usualUpdateLog,
  };
}

export function clamdConfigPath(root: string, configured: readonly string[]): string | undefined {
  const paths = configured.length > 0 ? configured : usualPaths.map((path) => `/${path}`);
  return paths.find((path) => existsSync(join(root, path)));
}

/** freshclam's file lies beside clamd's, or in `/etc`. */
function readFreshclam(root: string, clamdPath: string): ReadonlyMap<string, readonly string[]> | undefined {
  for (const path of [join(dirname(clamdPath), 'freshclam.conf'), '/etc/freshclam.conf']) {
    try {
      return parseConfig(readFileSync(join(root, path), 'utf8'));
    } catch {
      // Not there, or for root only: the usual place may still have the log.
    }
  }
  return undefined;
}

/** The values of each key in their order: where only one counts it is the last. */
export function parseConfig(text: string): ReadonlyMap<string, readonly string[]> {
  const values = new Map<string, string[]>();
  for (const line of text.split(/\r?\n/)) {
    const [, key, value] = /^\s*([A-Za-z]\w*)[ \t]+(\S.*)$/.exec(line) ?? [];
    if (key === undefined || value === undefined) continue;
    const known = values.get(key) ?? [];
    known.push(value.trim().replace(/^"(.*)"$/, '$1'));
    values.set(key, known);
  }
  return values;
}

function isYes(value: string | undefined): boolean {
  return /^(?:yes|true|1)$/i.test(value ?? '');
}

const loopback = /^(?:127\.\d+\.\d+\.\d+|::1|localhost)$/i;

/** clamd's port asks nobody for a password and takes commands such as SHUTDOWN; without `TCPAddr` it listens everywhere. */
export function openPort({ tcp }: Pick<ClamavConfig, 'tcp'>): string | undefined {
  if (!tcp) return undefined;
  if (tcp.addresses.length === 0) return tcp.port;
  return tcp.addresses.every((address) => loopback.test(address)) ? undefined : tcp.port;
}
