/**
 * Pending updates of Debian's, of Red Hat's and of SUSE's kind. The search costs seconds of processor time (apt: 4.4 s measured):
 * at most twice a day, with the lowest priority, and only the first time or when packages or their lists have changed.
 * It asks no server and takes no lock.
 */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { RunCommand } from '../../system/run-command.ts';
import { automaticUpdates } from './automatic-updates-linux.ts';
import { oldestOf, type PendingFile } from './first-seen.ts';
import { parseAptSimulation, parseDnfSecurity, parseDnfUpdates, parseZypper, type Updates } from './package-updates.ts';
import type { PostureFields, PosturePart } from './posture.ts';

const everyMs = 12 * 3_600_000;
/** So that the machines of one host, which start together, do not search together. */
const jitterMs = 30 * 60_000;
const timeoutMs = 50_000;
const maxBytes = 4 * 1024 * 1024;
const nice = '/usr/bin/nice';

interface Options {
  readonly root: string;
  readonly runCommand: RunCommand;
  readonly pending: PendingFile;
  /** 0 to 1, for the wait before the first search. */
  readonly random: () => number;
}

interface Manager {
  readonly name: 'apt' | 'dnf' | 'zypper';
  readonly program: string;
  /** Change when there is something new to find. A part of a path may be `*`, here and below. */
  readonly changes: readonly string[];
  /** The newest is when the lists were last fetched. */
  readonly checks: readonly string[];
  search(runCommand: RunCommand, signal: AbortSignal): Promise<Updates>;
}

const apt: Manager = {
  name: 'apt',
  program: 'usr/bin/apt-get',
  changes: ['var/lib/dpkg/status', 'var/lib/apt/lists'],
  checks: ['var/lib/apt/periodic/update-success-stamp', 'var/lib/apt/lists'],
  async search(runCommand, signal) {
    const args = ['-n', '19', '/usr/bin/apt-get', '-s', '-o', 'Debug::NoLocking=1', 'dist-upgrade'];
    return parseAptSimulation((await runCommand(nice, args, { timeoutMs, maxBytes, signal })).stdout);
  },
};

/** Not tried on a real machine. `-C`: from its cache, without asking a server. */
const dnf: Manager = {
  name: 'dnf',
  program: 'usr/bin/dnf',
  changes: ['var/lib/rpm/rpmdb.sqlite', 'var/lib/rpm/Packages', 'var/cache/dnf'],
  checks: ['var/cache/dnf/last_makecache', 'var/cache/dnf'],
  async search(runCommand, signal) {
    const ask = (args: readonly string[], exitCodes: readonly number[]) =>
      runCommand(nice, ['-n', '19', '/usr/bin/dnf', '-q', '-C', ...args], { timeoutMs, maxBytes, signal, exitCodes });
    const security = parseDnfSecurity((await ask(['updateinfo', 'list', '--security'], [0])).stdout);
    return { total: parseDnfUpdates((await ask(['check-update'], [0, 100])).stdout), security };
  },
};

/** Not tried on a real machine. It reads its caches: the lists of each repository, and the packages that are installed. */
const zypper: Manager = {
  name: 'zypper',
  program: 'usr/bin/zypper',
  changes: ['var/lib/rpm/*', 'usr/lib/sysimage/rpm/*', 'var/cache/zypp/solv/*/cookie'],
  checks: ['var/cache/zypp/raw/*/cookie', 'var/cache/zypp/solv/*/cookie'],
  async search(runCommand, signal) {
    const before = ['-n', '19', '/usr/bin/zypper', '--non-interactive', '--no-refresh', '--quiet', '--xmlout'];
    // From 100 on it is about what is to be done next: to install, to restart.
    const options = { timeoutMs, maxBytes, signal, exitCodes: [0, 100, 101, 102, 103] };
    const updates = await runCommand(nice, [...before, 'list-updates'], options);
    const patches = await runCommand(nice, [...before, 'list-patches', '--category', 'security'], options);
    return parseZypper(updates.stdout, patches.stdout);
  },
};

export function updatesPart(options: Options): PosturePart {
  const { root, pending } = options;
  const manager = [apt, zypper, dnf].find(({ program }) => existsSync(join(root, program)));
  let firstAt: number | undefined;
  let problem: string | undefined;
  let triedAt = Number.NEGATIVE_INFINITY;
  return {
    name: 'updates',
    async read(context, signal) {
      if (manager === undefined) return { problem: 'neither apt-get nor zypper nor dnf is here' };
      const now = context.monotonicMs();
      firstAt ??= now + options.random() * jitterMs;
      const known = pending.get();
      const isFirst = known === undefined;
      const age = isFirst ? Number.POSITIVE_INFINITY : Math.abs(context.time - known.searched);
      const changed = newest(root, manager.changes);
      const isNews = isFirst || changed === undefined || changed > known.searched;
      if (now >= firstAt && age >= everyMs && now - triedAt >= everyMs && isNews) {
        triedAt = now;
        problem = undefined;
        try {
          pending.found(await manager.search(options.runCommand, signal), context.time);
        } catch (error) {
          signal.throwIfAborted();
          problem = error instanceof Error ? error.message : String(error);
        }
      }
      return {
        ...fieldsOf(options, manager),
        problem: problem ?? (pending.get() ? undefined : 'not searched for yet'),
      };
    },
  };
}

function fieldsOf({ root, pending }: Options, manager: Manager): PostureFields {
  const known = pending.get();
  const oldest = known && pending.isKept ? oldestOf(known) : undefined;
  const checked = newest(root, manager.checks);
  return {
    ...(known && { updates: known.total, security_updates: known.security }),
    ...(oldest !== undefined && { oldest_update_seconds: oldest / 1_000 }),
    ...(checked !== undefined && { update_check_seconds: checked / 1_000 }),
    auto_updates: automaticUpdates(root, manager.name),
  };
}

/** When the newest of the files was changed, milliseconds since 1970. */
function newest(root: string, paths: readonly string[]): number | undefined {
  const files = paths.flatMap((path) => expand(root, path.split('/')));
  const times = files.flatMap((file) => statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? []);
  return times.length > 0 ? Math.floor(Math.max(...times)) : undefined;
}

function expand(folder: string, [part, ...rest]: readonly string[]): string[] {
  if (part === undefined) return [folder];
  if (part !== '*') return expand(join(folder, part), rest);
  return existsSync(folder) ? readdirSync(folder).flatMap((name) => expand(join(folder, name), rest)) : [];
}
