/** A private VictoriaMetrics for tests, on the loopback and in a folder of its own: the system's program or Debian's. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findProgram, type ProgramFound } from './debian-program.ts';
import { freePort } from './free-port.ts';
import { until } from './program.ts';

/** The path of a `victoria-metrics`, or why there is none. With `CI` in the environment a missing one throws. */
export function findVictoriaMetrics(): ProgramFound {
  return findProgram('victoria-metrics', { package: 'victoria-metrics' });
}

export interface Sample {
  readonly metric: Readonly<Record<string, string>>;
  /** Seconds and value, ascending in time; an instant query gives one. */
  readonly values: readonly (readonly [time: number, value: number])[];
}

interface Answer {
  readonly status: string;
  readonly error?: string;
  readonly data?: {
    readonly result: readonly {
      readonly metric: Readonly<Record<string, string>>;
      readonly value?: readonly [number, string];
      readonly values?: readonly (readonly [number, string])[];
    }[];
  };
}

export class VictoriaMetrics {
  readonly url: string;
  readonly #path: string;
  readonly #folder: string;
  #child: ChildProcess | undefined;

  private constructor(path: string, { folder, port }: { folder: string; port: number }) {
    this.url = `http://127.0.0.1:${port}`;
    this.#path = path;
    this.#folder = folder;
  }

  /** Starts a server with no data. */
  static async start(path: string): Promise<VictoriaMetrics> {
    const folder = mkdtempSync(join(tmpdir(), 'vonggac-victoria-'));
    const server = new VictoriaMetrics(path, { folder, port: await freePort() });
    await server.resume();
    return server;
  }

  /** Runs again after `end`, with the same data on the same port. */
  async resume(): Promise<void> {
    const flags = {
      storageDataPath: this.#folder,
      httpListenAddr: new URL(this.url).host,
      retentionPeriod: '10y',
      // Tests write the past and ask at once.
      'search.disableCache': 'true',
      'search.latencyOffset': '0s',
      // A reading that comes twice counts once, as in InfluxDB.
      'dedup.minScrapeInterval': '1ms',
      'memory.allowedBytes': '256MB',
    };
    const args = Object.entries(flags).map(([name, value]) => `-${name}=${value}`);
    const child = spawn(this.#path, args, { stdio: 'ignore' });
    this.#child = child;
    await until('VictoriaMetrics', async () => {
      if (child.exitCode !== null) throw new Error(`victoria-metrics ended with code ${child.exitCode}`);
      return await fetch(`${this.url}/health`).then(
        ({ ok }) => ok,
        () => false,
      );
    });
  }

  /** What was written can be asked for from now on. */
  async flush(): Promise<void> {
    await (await fetch(`${this.url}/internal/force_flush`)).arrayBuffer();
  }

  /** What holds at a time, in milliseconds. */
  async ask(expr: string, at: number): Promise<readonly Sample[]> {
    return this.#ask('query', { query: expr, time: `${at / 1_000}` });
  }

  /** What holds at each step of a range, in milliseconds. */
  async askRange(
    expr: string,
    { from, to, step }: { from: number; to: number; step: number },
  ): Promise<readonly Sample[]> {
    const range = { start: `${from / 1_000}`, end: `${to / 1_000}`, step: `${step / 1_000}` };
    return this.#ask('query_range', { query: expr, ...range });
  }

  async #ask(path: string, parameters: Readonly<Record<string, string>>): Promise<readonly Sample[]> {
    const body = new URLSearchParams(parameters);
    const response = await fetch(`${this.url}/api/v1/${path}`, { method: 'POST', body });
    const answer = (await response.json()) as Answer;
    if (answer.status !== 'success' || !answer.data) throw new Error(`${parameters.query}: ${answer.error}`);
    return answer.data.result.map(({ metric, value, values = value ? [value] : [] }) => ({
      metric,
      values: values.map(([time, text]) => [time, Number(text)]),
    }));
  }

  /** Ends the process; the data stays. With SIGKILL, as in a power cut, it does not have the last seconds. */
  async end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill(signal);
    await ended;
  }

  /** Ends the process and removes its data. */
  async stop(): Promise<void> {
    await this.end('SIGKILL');
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
