/** Source: clamd's local socket, clamd(8). Asks for its version only; other commands can make it reload or shut down. */
import { connect } from 'node:net';

export interface ClamdVersion {
  readonly version: string;
  /** Undefined when no official database is loaded. */
  readonly signatures: { readonly version: number; readonly built: number | undefined } | undefined;
}

/** `not-listening`: nobody answers at the path. */
export type ClamdAnswer =
  | { readonly state: 'answered'; readonly version: ClamdVersion }
  | { readonly state: 'not-listening' | 'denied' | 'timeout' | 'nonsense'; readonly problem: string };

const maxReplyBytes = 4 * 1024;

export async function askVersion(
  path: string,
  options: { timeoutMs: number; signal: AbortSignal },
): Promise<ClamdAnswer> {
  const { promise, resolve } = Promise.withResolvers<ClamdAnswer>();
  const socket = connect({ path });
  const chunks: Buffer[] = [];
  let length = 0;
  const fail = (state: 'not-listening' | 'denied' | 'timeout' | 'nonsense', problem: string) =>
    resolve({ state, problem: `${path}: ${problem}` });
  socket.on('connect', () => socket.write('zVERSION\0'));
  socket.on('data', (chunk) => {
    chunks.push(chunk);
    length += chunk.length;
    if (chunk.includes(0) || length > maxReplyBytes) finish();
  });
  // clamd closes after its reply; `end` comes without one when it has not understood.
  socket.on('end', () => finish());
  socket.on('error', (error) => {
    const { code = 'error' } = error as NodeJS.ErrnoException;
    fail(code === 'EACCES' || code === 'EPERM' ? 'denied' : 'not-listening', code);
  });
  const finish = () => {
    const reply = Buffer.concat(chunks).toString('utf8');
    const version = parseVersion(reply);
    if (version) resolve({ state: 'answered', version });
    else fail('nonsense', `no version but ${JSON.stringify(reply.slice(0, 80))}`);
  };
  const timer = setTimeout(() => fail('timeout', `no answer within ${options.timeoutMs} ms`), options.timeoutMs);
  const abort = () => fail('timeout', 'given up');
  options.signal.addEventListener('abort', abort, { once: true });
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
    options.signal.removeEventListener('abort', abort);
    socket.destroy();
  }
}

/**
 * `ClamAV 1.4.6/27100/Wed Jun 23 01:34:05 2021`, or the first part alone. The date is in clamd's time zone and names
 * none; it is taken for this process's.
 */
export function parseVersion(reply: string): ClamdVersion | undefined {
  const [, version, number, date] =
    /^ClamAV ([\w.+~-]{1,64})(?:\/(\d{1,9})\/([\w: ]{1,40}))?[\0\n]?$/.exec(reply) ?? [];
  if (version === undefined) return undefined;
  if (number === undefined) return { version, signatures: undefined };
  const built = Date.parse(date ?? '');
  return { version, signatures: { version: Number(number), built: Number.isNaN(built) ? undefined : built } };
}
