/** Asks the running collector through its API, as any other program would. */
import { openRegistry } from '../registry/database.ts';
import { type Runtime, readRuntimeFile } from '../registry/runtime-file.ts';
import { Tokens } from '../registry/tokens.ts';
import type { Arguments } from './command.ts';
import { getPinned } from './pinned-get.ts';

const timeoutMs = 30_000;
/** A command's own token lives no longer than the command should. */
const ownTokenMs = 60_000;

type Target = Pick<Runtime, 'consoleUrl' | 'consoleFingerprint'>;

/** No collector answers; the message says what to do. */
export class NotReachable extends Error {
  override name = 'NotReachable';
}

/** The collector answered with an error. */
export class ApiError extends Error {
  override name = 'ApiError';
}

/**
 * GETs `path`. The collector is the one of `--url` and the variable VONGGAC_TOKEN, or the one that runs on the data
 * folder: who may read that folder may read everything, so the command makes itself a token for a moment.
 */
export async function getFromCollector(args: Arguments, path: string): Promise<unknown> {
  if (typeof args.flags.url === 'string')
    return get({ consoleUrl: args.flags.url }, { path, token: process.env.VONGGAC_TOKEN ?? '' });
  const target = runningCollector(args.config.data);
  const database = openRegistry(args.config.data);
  try {
    const tokens = new Tokens(database);
    const now = Date.now();
    const { token, record } = tokens.create({ name: 'command', role: 'viewer', expiresAt: now + ownTokenMs }, now);
    try {
      return await get(target, { path, token });
    } finally {
      tokens.remove(record.id);
    }
  } finally {
    database.close();
  }
}

function runningCollector(folder: string): Target {
  const runtime = readRuntimeFile(folder);
  if (runtime) return runtime;
  throw new NotReachable(`no collector runs on ${folder}: start it with "npm start", or name it with --data or --url`);
}

async function get(
  { consoleUrl, consoleFingerprint }: Target,
  what: { path: string; token: string },
): Promise<unknown> {
  let response: Response;
  try {
    const url = new URL(what.path, consoleUrl);
    const init = { headers: { authorization: `Bearer ${what.token}` }, signal: AbortSignal.timeout(timeoutMs) };
    response = await (consoleFingerprint === undefined
      ? fetch(url, init)
      : getPinned(url, { ...init, fingerprint: consoleFingerprint }));
  } catch (cause) {
    throw new NotReachable(`no collector answers at ${consoleUrl}: is it running?`, { cause });
  }
  const body = (await response.json().catch(() => undefined)) as { title?: string; detail?: string } | undefined;
  if (!response.ok) {
    throw new ApiError(
      `the collector answered ${response.status}: ${body?.detail ?? body?.title ?? response.statusText}`,
    );
  }
  return body;
}
