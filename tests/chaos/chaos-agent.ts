/** One agent of the run: its process, its line, and what only this test can do to it. */
import { join } from 'node:path';
import { loadIdentity, saveWithoutKey } from '../../agent/src/identity.ts';
import { type AgentStatusFile, readStatus } from '../../agent/src/status-file.ts';
import type { Random } from '../fuzz/random.ts';
import { OddClock } from '../harness/odd-clock.ts';
import { Program, run } from '../harness/program.ts';
import { SmallDisk } from '../harness/small-disk.ts';
import { FaultyLine } from './faulty-line.ts';
import type { Role } from './plan.ts';

const mebibyte = 1_048_576;
const roles: Readonly<Record<Role, { readonly channels: number; readonly spoolBytes: number }>> = {
  plain: { channels: 5, spoolBytes: 64 * mebibyte },
  'odd-clock': { channels: 5, spoolBytes: 64 * mebibyte },
  'small-disk': { channels: 5, spoolBytes: 64 * mebibyte },
  // Full of readings after half a minute without a connection, of events after half an hour.
  'small-spool': { channels: 80, spoolBytes: mebibyte / 10 },
};
const smallDiskMebibytes = 12;
const agentProcess = join(import.meta.dirname, 'agent-process.ts');
/** The installed agent is one file and starts in a quarter of the time that its sources take without this. */
const compileCache = join(import.meta.dirname, '../../.cache/compile');

interface Options {
  /** Of the run. */
  readonly folder: string;
  readonly name: string;
  readonly role: Role;
  readonly collectorPort: () => number;
  readonly random: Random;
}

export class ChaosAgent {
  readonly role: Role;
  readonly line: FaultyLine;
  /** The file. */
  readonly journal: string;
  readonly clock: OddClock | undefined;
  readonly disk: SmallDisk | undefined;
  /** Of its data. */
  readonly folder: string;
  #id = '';
  #starts = 0;
  #program: Program | undefined;

  constructor({ folder, name, role, collectorPort, random }: Options) {
    this.role = role;
    this.line = new FaultyLine({ target: collectorPort, random });
    this.journal = join(folder, `${name}.journal`);
    this.folder = join(folder, name);
    if (role === 'odd-clock') this.clock = new OddClock(join(folder, `${name}.clock`));
    if (role === 'small-disk') this.disk = new SmallDisk(this.folder);
  }

  get id(): string {
    return this.#id;
  }

  /** Readings a tick. */
  get channels(): number {
    return roles[this.role].channels;
  }

  get restarts(): number {
    return this.#starts - 1;
  }

  /** What all its processes have said. */
  get output(): string {
    return this.#program?.output ?? '';
  }

  get running(): boolean {
    return this.#program?.running ?? false;
  }

  /** As the agent wrote it last, every ten seconds or so. */
  get status(): AgentStatusFile | undefined {
    return readStatus(this.folder);
  }

  /** Enrols at the collector itself; from then on the agent knows its line only. */
  async enrol(code: string, address: string): Promise<void> {
    await this.line.start();
    this.disk?.mount(smallDiskMebibytes);
    const { code: exit, stderr } = run('agent', ['enrol', code, '--address', address, '--data', this.folder]);
    const identity = loadIdentity(this.folder);
    if (exit !== 0 || !identity) throw new Error(`the enrolment ended with ${exit}: ${stderr}`);
    this.#id = identity.agent;
    saveWithoutKey(this.folder, { ...identity, addresses: [this.line.address] });
    const options = { data: this.folder, address: this.line.address, journal: this.journal, channels: this.channels };
    const args = Object.entries({ ...options, 'spool-bytes': roles[this.role].spoolBytes });
    this.#program = new Program([agentProcess, ...args.map(([name, value]) => `--${name}=${value}`)], {
      ...this.clock?.environment,
      NODE_COMPILE_CACHE: compileCache,
    });
  }

  /** Again after `stop`, too. */
  start(): void {
    this.#starts += 1;
    this.#program?.start();
  }

  signal(name: NodeJS.Signals): void {
    this.#program?.signal(name);
  }

  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    // One that is stopped where it stands takes no other signal.
    if (this.running) this.signal('SIGCONT');
    await this.#program?.stop(signal);
  }

  /** Ends the process and its line, and gives the disk back. */
  async remove(): Promise<void> {
    await this.stop('SIGKILL');
    await this.line.stop();
    this.disk?.unmount();
  }
}
