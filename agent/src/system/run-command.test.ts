import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CommandError, type CommandOptions, runCommand } from './run-command.ts';

const shell = '/bin/sh';
const soon = { timeoutMs: 10_000 };

async function failureOf(command: string, args: readonly string[], options: CommandOptions): Promise<CommandError> {
  try {
    await runCommand(command, args, options);
  } catch (error) {
    if (error instanceof CommandError) return error;
    throw error;
  }
  throw new Error('it did not fail');
}

/** Whether a process of this id is there and no zombie. */
function isRunning(pid: number): boolean {
  try {
    return !/^\d+ \(.*\) [ZX]/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

describe('a program that ends', () => {
  it('gives what it wrote', async () => {
    const result = await runCommand(shell, ['-c', 'echo "xin chào"; echo oops >&2'], soon);
    expect(result).toEqual({ exitCode: 0, stdout: 'xin chào\n', stderr: 'oops\n' });
  });

  it('gets its arguments as they are, whatever a shell would make of them', async () => {
    const args = ['$(id)', '; rm -rf x', '`id`', '*', '"', ''];
    const { stdout } = await runCommand('/usr/bin/printf', ['[%s]', ...args], soon);
    expect(stdout).toBe(args.map((arg) => `[${arg}]`).join(''));
  });

  it('finds its input empty, its environment nearly so and itself in the root', async () => {
    expect((await runCommand('/bin/cat', [], soon)).stdout).toBe('');
    const { stdout } = await runCommand('/usr/bin/env', [], soon);
    expect(stdout.trim().split('\n').sort()).toEqual(['LC_ALL=C', 'PATH=/usr/sbin:/usr/bin:/sbin:/bin']);
    expect((await runCommand('/bin/pwd', [], soon)).stdout).toBe('/\n');
  });

  it('may end with an exit code that was expected', async () => {
    const options = { ...soon, exitCodes: [0, 3] };
    expect(await runCommand(shell, ['-c', 'echo inactive; exit 3'], options)).toMatchObject({
      exitCode: 3,
      stdout: 'inactive\n',
    });
  });
});

describe('a program that fails', () => {
  it('is told by its exit code', async () => {
    const error = await failureOf(shell, ['-c', 'echo no licence >&2; exit 4'], soon);
    expect(error).toMatchObject({ failure: 'failed', exitCode: 4, stderr: 'no licence\n' });
    expect(error.message).toBe('/bin/sh ended with exit code 4');
  });

  it('is told by the signal that ended it', async () => {
    const error = await failureOf(shell, ['-c', 'kill -SEGV $$'], soon);
    expect(error).toMatchObject({ failure: 'failed', exitCode: undefined });
    expect(error.message).toBe('/bin/sh was ended by SIGSEGV');
  });

  it('is not found', async () => {
    const error = await failureOf('/usr/bin/no-such-program', [], soon);
    expect(error.failure).toBe('not-found');
    expect(error.message).toContain('cannot run /usr/bin/no-such-program');
    expect(error.cause).toBeInstanceOf(Error);
  });

  it('may not be run', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'vonggac-run-command-'));
    const path = join(folder, 'notes.txt');
    writeFileSync(path, 'not a program', { mode: 0o644 });
    expect((await failureOf(path, [], soon)).failure).toBe('denied');
    rmSync(folder, { recursive: true });
  });
});

describe('a program that does not end', () => {
  it('is killed with all it started when its time is up', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'vonggac-run-command-'));
    const path = join(folder, 'pids');
    // The shell and the sleep it started both hold the output open.
    const script = `sleep 600 & echo $$ $! > ${path}; echo begun >&2; wait`;
    const error = await failureOf(shell, ['-c', script], { timeoutMs: 500 });
    expect(error).toMatchObject({ failure: 'timeout', stderr: 'begun\n' });
    expect(error.message).toBe('/bin/sh did not end within 500 ms');
    const pids = readFileSync(path, 'utf8').trim().split(' ').map(Number);
    expect(pids).toHaveLength(2);
    await expect.poll(() => pids.some(isRunning)).toBe(false);
    rmSync(folder, { recursive: true });
  });

  it('is killed when the caller gives up', async () => {
    const controller = new AbortController();
    const failure = failureOf('/bin/sleep', ['600'], { ...soon, signal: controller.signal });
    controller.abort();
    expect((await failure).failure).toBe('aborted');
  });

  it('is not even started for a caller that has given up', async () => {
    const error = await failureOf('/bin/sleep', ['600'], { ...soon, signal: AbortSignal.abort() });
    expect(error.failure).toBe('aborted');
  });

  it('is killed when it writes too much', async () => {
    const error = await failureOf('/usr/bin/yes', [], { ...soon, maxBytes: 1_000 });
    expect(error).toMatchObject({ failure: 'too-much-output' });
    expect(error.message).toBe('/usr/bin/yes wrote more than 1000 bytes');
  });

  it('is killed when it writes too many errors', async () => {
    const error = await failureOf(shell, ['-c', 'while :; do echo no >&2; done'], { ...soon, maxBytes: 1_000 });
    expect(error.failure).toBe('too-much-output');
  });
});

describe('a mistake of the caller', () => {
  it.each(['ls', './ls', ''])('is to name the program %j', async (command) => {
    await expect(runCommand(command, [], soon)).rejects.toThrow(new TypeError(`not an absolute path: ${command}`));
  });

  it('is an argument that no program can get', async () => {
    await expect(runCommand('/bin/echo', ['a\0b'], soon)).rejects.toThrow('null bytes');
  });
});
