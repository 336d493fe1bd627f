/**
 * Linux network namespaces that are gone when the test is. Their names begin with `vg` and the id of the process that
 * made them, so that the next run finds what a killed one left behind.
 */
import { execFile, execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const perNamespace = '/etc/netns';
const ours = /^vg(\d+)-/;
const commandTimeoutMs = 20_000;
const needed = ['ip', 'nft', 'tc', 'ping', 'traceroute', 'socat'];

/** Why there can be no namespaces here, or undefined. With `CI` in the environment that throws. */
export function missingForNamespaces(): string | undefined {
  const missing = findMissing();
  if (missing !== undefined && process.env.CI) throw new Error(missing);
  return missing;
}

function findMissing(): string | undefined {
  if (process.platform !== 'linux') return 'network namespaces need Linux';
  if (process.getuid?.() !== 0) return 'network namespaces need root';
  const absent = needed.filter((name) => !isInstalled(name));
  if (absent.length > 0) {
    return `not installed: ${absent.join(', ')} (Debian: iproute2 nftables iputils-ping traceroute socat)`;
  }
  const name = `vg${process.pid}-try`;
  try {
    runSync('ip', ['netns', 'add', name]);
    runSync('ip', ['netns', 'exec', name, 'nft', 'add', 'table', 'inet', 'faults']);
    return undefined;
  } catch (error) {
    return `this system allows no network namespaces: ${(error as Error).message}`;
  } finally {
    removeNamespace(name);
  }
}

function isInstalled(name: string): boolean {
  const folders = [...(process.env.PATH ?? '').split(':'), '/usr/sbin', '/sbin'];
  return folders.some((folder) => existsSync(join(folder, name)));
}

function runSync(command: string, args: readonly string[], input = ''): string {
  try {
    return execFileSync(command, [...args], { input, encoding: 'utf8', stdio: 'pipe', timeout: commandTimeoutMs });
  } catch (error) {
    const { stderr } = error as { stderr?: string };
    throw new Error(`${command} ${args.join(' ')}: ${stderr?.trim() || (error as Error).message}`, { cause: error });
  }
}

export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export class Namespaces<Name extends string> {
  readonly #names: readonly Name[];
  readonly #removeAtExit = () => this.remove();

  constructor(names: readonly Name[]) {
    this.#names = names;
  }

  create(): void {
    removeLeftovers();
    process.once('exit', this.#removeAtExit);
    for (const name of this.#names) runSync('ip', ['netns', 'add', this.full(name)]);
  }

  /** Ends what runs in them and removes them; safe twice. */
  remove(): void {
    process.off('exit', this.#removeAtExit);
    for (const name of this.#names) removeNamespace(this.full(name));
    removeFolderIfEmpty(perNamespace);
  }

  /** The namespace's name in the system. */
  full(name: Name): string {
    return `vg${process.pid}-${name}`;
  }

  /** What to put before a command line to run it inside; the process keeps its id. */
  prefix(name: Name): readonly string[] {
    return ['ip', 'netns', 'exec', this.full(name)];
  }

  /** Lines of `ip -batch`, one command each. */
  ip(name: Name, lines: readonly string[]): void {
    if (lines.length > 0) runSync('ip', ['-n', this.full(name), '-batch', '-'], `${lines.join('\n')}\n`);
  }

  nft(name: Name, rules: string): void {
    this.execute(name, { command: 'nft', args: ['-f', '-'], input: rules });
  }

  /** Sets kernel settings, named as files below /proc/sys/net. */
  settings(name: Name, values: Readonly<Record<string, string | number>>): void {
    const lines = Object.entries(values).map(([file, value]) => `echo ${value} > /proc/sys/net/${file}\n`);
    this.execute(name, { command: 'sh', args: ['-e'], input: lines.join('') });
  }

  /** What programs inside find as /etc/resolv.conf. Counts for those started from now on. */
  resolvers(name: Name, servers: readonly string[]): void {
    const folder = join(perNamespace, this.full(name));
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'resolv.conf'), servers.map((server) => `nameserver ${server}\n`).join(''));
  }

  execute(name: Name, what: { command: string; args: readonly string[]; input?: string }): string {
    const [ip = '', ...inside] = this.prefix(name);
    return runSync(ip, [...inside, what.command, ...what.args], what.input);
  }

  /** Runs a program to its end, however that is. */
  run(
    name: Name,
    what: { command: string; args: readonly string[]; environment?: NodeJS.ProcessEnv },
  ): Promise<Outcome> {
    const [ip = '', ...inside] = this.prefix(name);
    return new Promise((resolve, reject) => {
      const options = { env: { ...process.env, ...what.environment }, timeout: 60_000, maxBuffer: 4_194_304 };
      execFile(ip, [...inside, what.command, ...what.args], options, (error, stdout, stderr) => {
        if (error && typeof error.code !== 'number') reject(error);
        else resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr });
      });
    });
  }

  /** Ends every process inside at once, as when the power fails. */
  killAll(name: Name): void {
    killAllIn(this.full(name));
  }
}

function killAllIn(full: string): void {
  for (const pid of runSync('ip', ['netns', 'pids', full]).split('\n').filter(Boolean)) {
    try {
      process.kill(Number(pid), 'SIGKILL');
    } catch {
      // It ended by itself.
    }
  }
}

function removeNamespace(full: string): void {
  try {
    killAllIn(full);
    runSync('ip', ['netns', 'delete', full]);
  } catch {
    // It was never made, or is gone already.
  }
  rmSync(join(perNamespace, full), { recursive: true, force: true });
}

/** What tests left behind that were killed. */
function removeLeftovers(): void {
  const listed = runSync('ip', ['netns', 'list'])
    .split('\n')
    .map((line) => line.split(' ')[0] ?? '');
  const folders = existsSync(perNamespace) ? readdirSync(perNamespace) : [];
  for (const name of new Set([...listed, ...folders])) {
    const pid = ours.exec(name)?.[1];
    if (pid !== undefined && !existsSync(`/proc/${pid}`)) removeNamespace(name);
  }
}

function removeFolderIfEmpty(folder: string): void {
  try {
    rmdirSync(folder);
  } catch {
    // Somebody else uses it.
  }
}
