/** Thousands of enrolled agents in a few helper processes. */
import { type ChildProcess, fork } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { join } from 'node:path';
import { Agents } from '../../../collector/src/registry/agents.ts';
import { openRegistry } from '../../../collector/src/registry/database.ts';
import { until } from '../program.ts';
import type { AgentsOrder, AgentsReport, SimulatedIdentity } from './agents-process.ts';

const agentsPerProcess = 2_500;

/** Writes agents into the registry of a collector that does not run: ten thousand enrolments would take minutes. */
export function enrolAll(folder: string, { count, units }: { count: number; units: readonly string[] }) {
  const database = openRegistry(folder);
  const agents = new Agents(database);
  const identities: SimulatedIdentity[] = [];
  database.exec('BEGIN');
  for (let index = 0; index < count; index += 1) {
    const { publicKey, privateKey } = generateKeyPairSync('ed25519');
    const unit = units[index % units.length] ?? '';
    const { id } = agents.add({
      hostname: `pc-${index}`,
      unit,
      class: 'pc',
      publicKey: String(publicKey.export({ format: 'jwk' }).x),
      platform: 'linux',
      version: 'simulated',
      enrolledAt: Date.now(),
      codeId: 'simulated',
    });
    identities.push({ agent: id, unit, key: String(privateKey.export({ type: 'pkcs8', format: 'pem' })) });
  }
  database.exec('COMMIT');
  database.close();
  return identities;
}

export class SimulatedAgents {
  readonly #children: ChildProcess[] = [];
  readonly #reports = new Map<ChildProcess, AgentsReport>();
  /** Of all, since `forget`. */
  opened: number[] = [];
  failed = 0;
  liveAcks: number[] = [];

  start(identities: readonly SimulatedIdentity[], to: { address: string; pin: string; everyMs: number }): void {
    for (let first = 0; first < identities.length; first += agentsPerProcess) {
      const child = fork(join(import.meta.dirname, 'agents-process.ts'), { stdio: 'inherit', env: process.env });
      child.on('message', (report: AgentsReport) => this.#heard(child, report));
      this.#children.push(child);
      const own = identities.slice(first, first + agentsPerProcess);
      child.send({ order: 'start', identities: own, ...to } satisfies AgentsOrder);
    }
  }

  /** The first `agents` of all find so many hours of history in their queues. */
  remember(agents: number, hours: number): void {
    const share = Math.ceil(agents / this.#children.length);
    for (const child of this.#children) {
      child.send({ order: 'remember', agents: share, hours } satisfies AgentsOrder);
    }
  }

  get open(): number {
    return this.#sum(({ open }) => open);
  }

  get waiting(): number {
    return this.#sum(({ waiting }) => waiting);
  }

  get behind(): number {
    return this.#sum(({ behind }) => behind);
  }

  /** Counts from now on. */
  forget(): void {
    this.opened = [];
    this.failed = 0;
    this.liveAcks = [];
  }

  async stop(): Promise<void> {
    const running = this.#children.filter(({ exitCode, signalCode }) => exitCode === null && signalCode === null);
    for (const child of running) child.kill('SIGKILL');
    await until('the simulated agents to end', () => running.every(({ signalCode }) => signalCode !== null));
  }

  #heard(child: ChildProcess, report: AgentsReport): void {
    this.#reports.set(child, report);
    for (const at of report.opened) this.opened.push(at);
    for (const ms of report.liveAcks) this.liveAcks.push(ms);
    this.failed += report.failed;
  }

  #sum(of: (report: AgentsReport) => number): number {
    return [...this.#reports.values()].reduce((sum, report) => sum + of(report), 0);
  }
}
