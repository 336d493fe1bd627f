/** Answers of Windows' programs, by hand. What a machine does not have, its registry says it has not. */
import { readFileSync } from 'node:fs';
import { join, win32 } from 'node:path';
import { CommandError, type RunCommand } from '../../../system/run-command.ts';
import { WindowsMachine } from '../windows-machine.ts';

const folder = join(import.meta.dirname, '../../../../../tests/fixtures/antivirus/windows');

export function sample(name: string): string {
  return readFileSync(join(folder, name), 'utf8');
}

/** An answer of reg.exe. */
export const denied = new Error('denied');
const deniedText = 'Truy nhập bị từ chối.';

export class FakeWindows {
  /** Programs and arguments, as they were started. */
  readonly started: string[] = [];
  /** By the beginning of the command: the program's name, a blank, the arguments. The longest that fits answers. */
  readonly answers = new Map<string, string | Error>();
  readonly files = new Set<string>();
  /** When a file was changed last, by its path. */
  readonly marks = new Map<string, string>();
  nowMs = 0;

  readonly machine = new WindowsMachine({
    runCommand: (command, args, options) => this.#run(command, args, options),
    monotonic: () => this.nowMs,
    systemRoot: 'C:\\Windows',
    fileExists: (path) => this.files.has(path),
    fileMark: (path) => this.marks.get(path),
  });

  /** Services by name; those of Windows itself that everything needs are there. */
  services(services: Readonly<Record<string, 'running' | 'stopped' | 'starting'>>): this {
    const states = { running: '4  RUNNING', stopped: '1  STOPPED', starting: '2  START_PENDING' } as const;
    const blocks = Object.entries({ EventLog: 'running' as const, ...services }).map(([name, state]) =>
      [
        '',
        `SERVICE_NAME: ${name}`,
        `DISPLAY_NAME: ${name}`,
        '        TYPE               : 10  WIN32_OWN_PROCESS  ',
        `        STATE              : ${states[state]} `,
        '        WIN32_EXIT_CODE    : 0  (0x0)',
        '',
      ].join('\r\n'),
    );
    this.answers.set('sc.exe query', blocks.join('\r\n'));
    return this;
  }

  answer(command: string, output: string | Error): this {
    this.answers.set(command, output);
    return this;
  }

  count(program: string): number {
    return this.started.filter((command) => command.startsWith(`${program} `)).length;
  }

  #run: RunCommand = async (command, args, options) => {
    if (!command.startsWith('C:\\')) throw new Error(`no path of this machine: ${command}`);
    options.signal?.throwIfAborted();
    const line = [win32.basename(command), ...args].join(' ');
    this.started.push(line);
    const known = [...this.answers.keys()].filter((beginning) => line.startsWith(beginning));
    const answer = this.answers.get(known.toSorted((a, b) => b.length - a.length)[0] ?? '');
    if (answer === denied) return { exitCode: 1, stdout: '', stderr: `LỖI: ${deniedText}\r\n` };
    if (line === 'net.exe helpmsg 5') return { exitCode: 0, stdout: `\r\n${deniedText}\r\n\r\n`, stderr: '' };
    if (answer instanceof Error) throw answer;
    if (answer !== undefined) return { exitCode: 0, stdout: answer, stderr: '' };
    // "ERROR: The system was unable to find the specified registry key or value."
    if (line.startsWith('reg.exe')) return { exitCode: 1, stdout: '', stderr: 'LỖI\r\n' };
    throw new CommandError(`${command} is not here`, { failure: 'not-found' });
  };
}

export const context = (fake: FakeWindows, time = Date.UTC(2026, 10, 20, 12)) => ({
  time,
  monotonicMs: () => fake.nowMs,
});

export const signal = new AbortController().signal;
