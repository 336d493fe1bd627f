/** The one door to other programs: a fixed path and fixed arguments, no shell, a time limit, a limit on output. */
import { type ChildProcess, spawn } from 'node:child_process';
import { isAbsolute } from 'node:path';
import { decodeOutput } from './decode-output.ts';

/** `failed`: it ended with an exit code that was not expected, was killed, or could not be started for another reason. */
export type CommandFailure = 'not-found' | 'denied' | 'timeout' | 'too-much-output' | 'aborted' | 'failed';

export class CommandError extends Error {
  readonly failure: CommandFailure;
  /** Undefined when the program did not start or did not end by itself. */
  readonly exitCode: number | undefined;
  /** What it wrote to standard error until then. */
  readonly stderr: string;

  constructor(
    message: string,
    details: { failure: CommandFailure; exitCode?: number | undefined; stderr?: string; cause?: unknown },
  ) {
    super(message, details.cause === undefined ? {} : { cause: details.cause });
    this.name = 'CommandError';
    this.failure = details.failure;
    this.exitCode = details.exitCode;
    this.stderr = details.stderr ?? '';
  }
}

export interface CommandOptions {
  /** Killed after this many milliseconds. */
  readonly timeoutMs: number;
  /** Killed when standard output or standard error gets longer, in bytes. Default 1 MiB. */
  readonly maxBytes?: number;
  /** Exit codes that are results, not failures. Default 0 alone. */
  readonly exitCodes?: readonly number[];
  /** Killed when this aborts. */
  readonly signal?: AbortSignal;
}

export interface CommandResult {
  readonly exitCode: number;
  /** Decoded from UTF-8, or from UTF-16 where a Windows program writes that. */
  readonly stdout: string;
  readonly stderr: string;
}

export type RunCommand = typeof runCommand;

const defaultMaxBytes = 1024 * 1024;
const windows = process.platform === 'win32';

/**
 * Runs the program at the absolute path `command` and waits for it to end. Its input is empty, its environment holds
 * little more than `LC_ALL=C`. Throws `CommandError` when there is no result.
 */
export async function runCommand(
  command: string,
  args: readonly string[],
  options: CommandOptions,
): Promise<CommandResult> {
  if (!isAbsolute(command)) throw new TypeError(`not an absolute path: ${command}`);
  if (options.signal?.aborted) throw new CommandError(`${command} was aborted`, { failure: 'aborted' });
  const { promise, resolve, reject } = Promise.withResolvers<CommandResult>();
  const maxBytes = options.maxBytes ?? defaultMaxBytes;
  const child = start(command, args);
  const stdout = new Output();
  const stderr = new Output();
  const fail = (failure: CommandFailure, message: string) => {
    kill(child);
    reject(new CommandError(`${command} ${message}`, { failure, stderr: stderr.text() }));
  };
  for (const [stream, output] of [
    [child.stdout, stdout],
    [child.stderr, stderr],
  ] as const) {
    stream?.on('data', (chunk: Buffer) => {
      if (output.add(chunk) > maxBytes) fail('too-much-output', `wrote more than ${maxBytes} bytes`);
    });
  }
  child.on('error', (error) => {
    const failure = failureToStart(error);
    reject(new CommandError(`cannot run ${command}: ${error.message}`, { failure, cause: error }));
  });
  child.on('close', (exitCode, killedBy) => {
    const texts = { stdout: stdout.text(), stderr: stderr.text() };
    if (exitCode !== null && (options.exitCodes ?? [0]).includes(exitCode)) return resolve({ exitCode, ...texts });
    const end = exitCode === null ? `was ended by ${killedBy}` : `ended with exit code ${exitCode}`;
    const details = { failure: 'failed', exitCode: exitCode ?? undefined, stderr: texts.stderr } as const;
    reject(new CommandError(`${command} ${end}`, details));
  });
  const timer = setTimeout(() => fail('timeout', `did not end within ${options.timeoutMs} ms`), options.timeoutMs);
  const abort = () => fail('aborted', 'was aborted');
  options.signal?.addEventListener('abort', abort);
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
    options.signal?.removeEventListener('abort', abort);
  }
}

/** The output so far. */
class Output {
  readonly #chunks: Buffer[] = [];
  #length = 0;

  /** Returns the length in bytes. */
  add(chunk: Buffer): number {
    this.#chunks.push(chunk);
    this.#length += chunk.length;
    return this.#length;
  }

  text(): string {
    return decodeOutput(Buffer.concat(this.#chunks));
  }
}

function start(command: string, args: readonly string[]): ChildProcess {
  return spawn(command, args, {
    shell: false,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: environment(),
    cwd: windows ? systemRoot() : '/',
    // A group of its own, so that what the program started is killed with it. Windows has no such groups.
    detached: !windows,
    windowsHide: true,
  });
}

/** Windows programs do not start without the system's folders; a fixed PATH keeps others' folders out of the search. */
function environment(): Record<string, string> {
  if (!windows) return { LC_ALL: 'C', PATH: '/usr/sbin:/usr/bin:/sbin:/bin' };
  const root = systemRoot();
  return {
    SystemRoot: root,
    windir: root,
    SystemDrive: root.slice(0, 2),
    TEMP: `${root}\\Temp`,
    TMP: `${root}\\Temp`,
    PATH: `${root}\\System32;${root};${root}\\System32\\Wbem;${root}\\System32\\WindowsPowerShell\\v1.0`,
    PATHEXT: '.COM;.EXE',
  };
}

function systemRoot(): string {
  return process.env.SystemRoot ?? 'C:\\Windows';
}

/** Kills the program with all it started, and lets go of its output, which one of those may hold open. */
function kill(child: ChildProcess): void {
  child.stdout?.destroy();
  child.stderr?.destroy();
  if (child.pid === undefined) return;
  try {
    if (windows) child.kill('SIGKILL');
    else process.kill(-child.pid, 'SIGKILL');
  } catch {
    // It has ended in the meantime.
  }
}

function failureToStart(error: Error): CommandFailure {
  const code = 'code' in error ? error.code : undefined;
  if (code === 'ENOENT') return 'not-found';
  return code === 'EACCES' || code === 'EPERM' ? 'denied' : 'failed';
}
