/** The servers of one namespace, as seen from the test. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { DnsMode } from './dns-server.ts';
import type { Fetched, ServiceOrder, ServicesPlan } from './services-process.ts';
import type { WebMode } from './web-server.ts';

interface Answer {
  readonly id: number;
  readonly done?: Fetched;
  readonly problem?: string;
}

const answerTimeoutMs = 30_000;

export class Services {
  readonly #prefix: readonly string[];
  readonly #waiting = new Map<number, (answer: Answer) => void>();
  #child: ChildProcess | undefined;
  #orders = 0;
  #output = '';

  constructor(prefix: readonly string[]) {
    this.#prefix = prefix;
  }

  async start(plan: ServicesPlan): Promise<void> {
    const [command = '', ...args] = [
      ...this.#prefix,
      process.execPath,
      join(import.meta.dirname, 'services-process.ts'),
    ];
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        this.#output += text;
      });
    }
    child.on('message', (answer: Answer) => this.#waiting.get(answer.id)?.(answer));
    child.on('exit', () => this.#fail(`the servers ended: ${this.#output}`));
    this.#child = child;
    await this.#send({ order: 'serve', plan });
  }

  async dns(mode: DnsMode): Promise<void> {
    await this.#send({ order: 'dns', mode });
  }

  async web(mode: WebMode): Promise<void> {
    await this.#send({ order: 'web', mode });
  }

  async clock(offsetMs: number): Promise<void> {
    await this.#send({ order: 'clock', offsetMs });
  }

  /** `fetch` from inside the namespace. */
  async fetch(url: string | URL, init: { headers?: Readonly<Record<string, string>> } = {}): Promise<Response> {
    const fetched = await this.#send({ order: 'fetch', url: String(url), headers: init.headers ?? {} });
    if (!fetched) throw new Error(`no answer from ${url}`);
    return new Response(fetched.body, { status: fetched.status, headers: { 'content-type': fetched.type } });
  }

  async stop(): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  }

  #send(order: ServiceOrder): Promise<Fetched | undefined> {
    const id = this.#orders;
    this.#orders += 1;
    return new Promise((resolve, reject) => {
      const deadline = setTimeout(() => this.#fail(`no answer to ${order.order}`), answerTimeoutMs);
      this.#waiting.set(id, ({ done, problem }) => {
        clearTimeout(deadline);
        this.#waiting.delete(id);
        if (problem === undefined) resolve(done);
        else reject(new Error(`${order.order}: ${problem}`));
      });
      this.#child?.send({ id, order });
    });
  }

  #fail(problem: string): void {
    for (const [id, answer] of this.#waiting) answer({ id, problem });
  }
}
