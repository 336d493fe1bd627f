/**
 * A private InfluxDB 1.x for tests and benchmarks, on the loopback and in a folder of its own. The program is the
 * system's `influxd` or Debian's; nothing is installed.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findProgram, type ProgramFound } from './debian-program.ts';
import { freePort } from './free-port.ts';
import { until } from './program.ts';

/** The path of an `influxd`, or why there is none. With `CI` in the environment a missing one throws. */
export function findInfluxd(): ProgramFound {
  return findProgram('influxd', { package: 'influxdb' });
}

function configuration(folder: string, ports: { http: number; rpc: number }): string {
  return `
reporting-disabled = true
bind-address = "127.0.0.1:${ports.rpc}"
[meta]
dir = "${join(folder, 'meta')}"
[data]
dir = "${join(folder, 'data')}"
wal-dir = "${join(folder, 'wal')}"
[http]
bind-address = "127.0.0.1:${ports.http}"
log-enabled = false
[monitor]
store-enabled = false
`;
}

export class Influxd {
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
  static async start(path: string): Promise<Influxd> {
    const folder = mkdtempSync(join(tmpdir(), 'vonggac-influxd-'));
    const ports = { http: await freePort(), rpc: await freePort() };
    writeFileSync(join(folder, 'influxdb.conf'), configuration(folder, ports));
    const server = new Influxd(path, { folder, port: ports.http });
    await server.resume();
    return server;
  }

  /** Runs again after `kill`, with the same data on the same port. */
  async resume(): Promise<void> {
    const child = spawn(this.#path, ['-config', join(this.#folder, 'influxdb.conf')], { stdio: 'ignore' });
    this.#child = child;
    await until('influxd', async () => {
      if (child.exitCode !== null) throw new Error(`influxd ended with code ${child.exitCode}`);
      return await fetch(`${this.url}/ping`).then(
        ({ ok }) => ok,
        () => false,
      );
    });
  }

  /** Stops it where it stands (SIGSTOP), lets it go on (SIGCONT). */
  signal(name: NodeJS.Signals): void {
    this.#child?.kill(name);
  }

  /** Ends the process at once, as a power cut would; the data stays. */
  async kill(): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await ended;
  }

  /** Ends the process and removes its data. */
  async stop(): Promise<void> {
    await this.kill();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
