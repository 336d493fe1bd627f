import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';

/** A Node program that is talked to over its standard input. */
export class TalkingProgram {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #ended: Promise<number | null>;
  stdout = '';
  stderr = '';

  constructor(args: readonly string[]) {
    const child = spawn(process.execPath, args);
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      this.stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.stderr += text;
    });
    this.#child = child;
    this.#ended = new Promise((resolve) => child.once('exit', resolve));
  }

  say(line: string): void {
    this.#child.stdin.write(`${line}\n`);
  }

  /** Closes the program's input; returns its exit code. */
  async end(): Promise<number | null> {
    this.#child.stdin.end();
    return this.#ended;
  }

  kill(): void {
    this.#child.kill('SIGKILL');
  }
}
