/** Starts the two programs as processes of their own, as a service manager would. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

const root = join(import.meta.dirname, '../..');
const startTimeoutMs = 45_000;
const stopTimeoutMs = 30_000;

/** The agent as it is installed. */
export const agentProgram = join(root, 'agent/dist/vonggac-agent.cjs');
export const collectorProgram = join(root, 'collector/bin/vonggac.js');

/** Calls `look` until it gives something; throws after `timeoutMs` with what was waited for. */
export async function until<T>(
  what: string,
  look: () => T | undefined | false | Promise<T | undefined | false>,
  timeoutMs = startTimeoutMs,
): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const found = await look();
    if (found !== undefined && found !== false) return found;
    if (Date.now() > deadline) throw new Error(`waited ${timeoutMs} ms in vain for ${what}`);
    await wait(100);
  }
}

/** A folder that is gone after the test. */
export function temporaryFolder(): { path: string; remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), 'vonggac-test-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** Where a program runs when not beside the test, as in a network namespace. */
export interface Place {
  /** What to put before the command line; it must keep the process's id. */
  readonly prefix: readonly string[];
  /** What a collector listens on, and the address under which agents find it. */
  readonly listen: string;
  readonly host: string;
  /** Reaches the place's loopback. */
  readonly fetch: (url: URL, init: { headers: Record<string, string> }) => Promise<Response>;
}

const here: Place = { prefix: [], listen: '127.0.0.1', host: '127.0.0.1', fetch };

/** A child process that collects what it says. */
export class Program {
  readonly #args: readonly string[];
  readonly #environment: Readonly<Record<string, string>>;
  readonly #prefix: readonly string[];
  #child: ChildProcess | undefined;
  #output = '';

  constructor(
    args: readonly string[],
    environment: Readonly<Record<string, string>> = {},
    { prefix }: Pick<Place, 'prefix'> = here,
  ) {
    this.#args = args;
    this.#environment = environment;
    this.#prefix = prefix;
  }

  get pid(): number {
    const pid = this.#child?.pid;
    if (pid === undefined) throw new Error('the program does not run');
    return pid;
  }

  get running(): boolean {
    return this.#child !== undefined && this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** Standard output and error of all runs. */
  get output(): string {
    return this.#output;
  }

  start(): void {
    const [command = '', ...args] = [...this.#prefix, process.execPath, ...this.#args];
    const child = spawn(command, args, {
      env: { ...cleanEnvironment(), ...this.#environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        this.#output += text;
      });
    }
    this.#child = child;
  }

  signal(name: NodeJS.Signals): void {
    process.kill(this.pid, name);
  }

  /** Ends the program and waits for it; returns its exit code, or the signal that ended it. */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | NodeJS.Signals | null> {
    const child = this.#child;
    if (!child) return null;
    if (this.running) {
      const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
      child.kill(signal);
      const deadline = setTimeout(() => child.kill('SIGKILL'), stopTimeoutMs);
      await ended;
      clearTimeout(deadline);
    }
    return child.exitCode ?? child.signalCode;
  }
}

/** The variables of the test run, without those that configure the programs. */
function cleanEnvironment(): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('VONGGAC_')));
}

/** Runs a command to its end. */
export function run(
  program: 'collector' | 'agent',
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
  { prefix }: Pick<Place, 'prefix'> = here,
): { code: number | null; stdout: string; stderr: string } {
  const file = program === 'collector' ? collectorProgram : agentProgram;
  const [command = '', ...rest] = [...prefix, process.execPath, file, ...args];
  const result = spawnSync(command, rest, {
    env: { ...cleanEnvironment(), VONGGAC_AGENT_LANG: 'en', ...environment },
    encoding: 'utf8',
    timeout: 30_000,
  });
  return { code: result.status, stdout: result.stdout, stderr: result.stderr };
}

/** A collector on a folder of its own. Ports stay the same over restarts. */
export class CollectorProcess {
  readonly folder: string;
  readonly #environment: Readonly<Record<string, string>>;
  readonly #place: Place;
  #program: Program;
  #agentsPort = 0;
  #consolePort = 0;
  #token: string | undefined;

  constructor(folder: string, environment: Readonly<Record<string, string>> = {}, place: Place = here) {
    this.folder = folder;
    this.#environment = environment;
    this.#place = place;
    this.#program = this.#newProgram();
  }

  get agentsPort(): number {
    return this.#agentsPort;
  }

  /** Where agents find it. */
  get address(): string {
    return `${this.#place.host}:${this.#agentsPort}`;
  }

  get consoleUrl(): string {
    return `http://127.0.0.1:${this.#consolePort}`;
  }

  get program(): Program {
    return this.#program;
  }

  async start(): Promise<void> {
    this.#program = this.#newProgram();
    this.#program.start();
    const runtime = await until('the collector to listen', () => {
      if (!this.#program.running) throw new Error(`the collector ended: ${this.#program.output}`);
      return readJson(join(this.folder, 'runtime.json'), this.#program.pid);
    });
    this.#agentsPort = runtime.agentsPort;
    this.#consolePort = Number(new URL(runtime.consoleUrl).port);
  }

  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | NodeJS.Signals | null> {
    return this.#program.stop(signal);
  }

  /** Runs a `vonggac` command on this collector's folder and reads its JSON. Throws when it fails. */
  command(...args: string[]): unknown {
    const result = run('collector', [...args, '--data', this.folder, '--json'], {}, this.#place);
    if (result.code !== 0) throw new Error(`vonggac ${args.join(' ')} ended with ${result.code}: ${result.stderr}`);
    return JSON.parse(result.stdout);
  }

  /** GETs from the API with a token that is made at the first call. */
  async get(path: string): Promise<unknown> {
    this.#token ??= (this.command('tokens', 'create', '--name', 'test', '--role', 'admin') as { token: string }).token;
    const response = await this.#place.fetch(new URL(path, this.consoleUrl), {
      headers: { authorization: `Bearer ${this.#token}` },
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${path} answered ${response.status}: ${text}`);
    return response.headers.get('content-type')?.includes('json') ? JSON.parse(text) : text;
  }

  #newProgram(): Program {
    const ports = ['--agents-port', `${this.#agentsPort}`, '--console-port', `${this.#consolePort}`];
    return new Program(
      [collectorProgram, 'serve', '--data', this.folder, '--agents-host', this.#place.listen, ...ports],
      this.#environment,
      this.#place,
    );
  }
}

function readJson(file: string, pid: number): { agentsPort: number; consoleUrl: string } | undefined {
  try {
    const runtime = JSON.parse(readFileSync(file, 'utf8')) as { pid: number; agentsPort: number; consoleUrl: string };
    return runtime.pid === pid ? runtime : undefined;
  } catch {
    return undefined;
  }
}

interface Launch {
  readonly nodeFlags: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
}

/** An agent on a folder of its own, started as it is when installed. */
export class AgentProcess {
  readonly folder: string;
  readonly #place: Pick<Place, 'prefix'>;
  #program: Program;

  constructor(folder: string, place: Pick<Place, 'prefix'> = here) {
    this.folder = folder;
    this.#place = place;
    this.#program = new Program([]);
  }

  get program(): Program {
    return this.#program;
  }

  /** Enrols with a code of `collector` for the unit. */
  enrol(
    collector: CollectorProcess,
    options: { unit: string; class?: 'server' | 'gateway' | 'pc'; address?: string },
  ): void {
    const made = collector.command('codes', 'create', '--unit', options.unit, '--class', options.class ?? 'pc');
    const { short_code } = made as { short_code: string };
    const address = options.address ?? collector.address;
    const result = run('agent', ['enrol', short_code, '--address', address, '--data', this.folder], {}, this.#place);
    if (result.code !== 0) throw new Error(`enrolment ended with ${result.code}: ${result.stderr}`);
  }

  start(environment: Readonly<Record<string, string>> = {}, ...flags: readonly string[]): void {
    const launch = JSON.parse(readFileSync(join(root, 'agent/dist/launch.json'), 'utf8')) as Launch;
    const args = [...launch.nodeFlags, agentProgram, 'run', '--data', this.folder, ...flags];
    this.#program = new Program(args, { ...launch.environment, ...environment }, this.#place);
    this.#program.start();
  }

  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | NodeJS.Signals | null> {
    return this.#program.stop(signal);
  }
}
