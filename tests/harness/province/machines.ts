/** Machines of a province that are switched on and off: each has its own time since boot and its own word on its state. */
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { uptime } from 'node:os';
import { join } from 'node:path';
import { loadIdentity } from '../../../agent/src/identity.ts';
import type { Incident } from '../../../collector/src/incidents/incident.ts';
import { AgentProcess, CollectorProcess, temporaryFolder, until } from '../program.ts';
import { addresses, type Host } from './plan.ts';
import { missing, type Province } from './province.ts';

/** Why machines cannot have a time since boot of their own here, or undefined. */
export const missingForMachines = missing ?? findMissing();
if (missing === undefined && missingForMachines !== undefined) {
  process.stderr.write(`tests with machines that boot are skipped: ${missingForMachines}\n`);
}

function findMissing(): string | undefined {
  const { stdout } = spawnSync('unshare', ['-T', '--boottime', '1000000', 'cat', '/proc/uptime'], { encoding: 'utf8' });
  if (Number.parseFloat(stdout) >= 1_000_000) return undefined;
  if (process.env.CI) throw new Error('no time namespaces');
  return 'time namespaces that begin with exec need Linux 6.3 and util-linux';
}

const longUpSeconds = 500_000;
const waitMs = 110_000;

export interface OutageAnswer {
  readonly id: number;
  readonly verdict: string;
  readonly confidence: string;
  readonly began_at: string;
  readonly ended_at?: string;
  readonly incident?: number;
  readonly evidence: readonly { readonly what: string }[];
  readonly revisions: readonly { readonly from: string; readonly to: string; readonly why: string }[];
}

type IncidentAnswer = Pick<Incident, 'id' | 'kind' | 'subject' | 'count'> & { readonly closed_at?: string };

export class Machines {
  readonly collector: CollectorProcess;
  readonly #province: Province;
  readonly #folder = temporaryFolder();
  readonly #agents = new Map<Host, AgentProcess>();

  constructor(province: Province, configuration: string) {
    this.#province = province;
    const file = join(this.#folder.path, 'collector.yaml');
    writeFileSync(file, configuration);
    const place = province.place('dc');
    this.collector = new CollectorProcess(join(this.#folder.path, 'collector'), { VONGGAC_CONFIG: file }, place);
  }

  /** The data centre's own unit, and two communes with two lines each. */
  async start(): Promise<void> {
    await this.collector.start();
    this.collector.command('units', 'add', 'TTDL', '--name', 'Trung tâm dữ liệu');
    for (const commune of [1, 2] as const) {
      const lines = [
        `tslcd-1:tslcd:VNPT:${addresses.tslcd(commune)}`,
        `inet-1:internet:FPT:${addresses.inet(commune)}`,
      ];
      this.collector.command('units', 'add', `XA-${commune}`, '--name', `Xã ${commune}`, '--links', lines.join('|'));
    }
  }

  /** Enrols and starts an agent. */
  add(host: Host, agentClass: 'server' | 'pc' | 'gateway'): void {
    const folder = join(this.#folder.path, host);
    mkdirSync(folder, { recursive: true });
    this.#uptime(host, longUpSeconds);
    this.#systemState(host, 'running');
    const agent = new AgentProcess(folder, { prefix: this.#prefix(host) });
    const unit = host === 'dc' ? 'TTDL' : `XA-${host[2]}`;
    agent.enrol(this.collector, { unit, class: agentClass });
    this.#agents.set(host, agent);
    agent.start();
  }

  agent(host: Host): AgentProcess {
    const agent = this.#agents.get(host);
    if (!agent) throw new Error(`${host} has no agent`);
    return agent;
  }

  id(host: Host): string {
    return loadIdentity(this.agent(host).folder)?.agent ?? '';
  }

  /** The plug is pulled: first the wire falls silent, so that nothing of the end gets out. */
  async powerOff(...hosts: readonly Host[]): Promise<void> {
    for (const host of hosts) {
      this.#province.faults.cutWires(host);
      await this.agent(host).stop('SIGKILL');
    }
  }

  /** The system starts, and the agent with it. */
  powerOn(...hosts: readonly Host[]): void {
    for (const host of hosts) {
      this.#uptime(host, 1);
      this.#systemState(host, 'running');
      this.#province.faults.on(host);
      this.agent(host).start();
    }
  }

  /** The system goes down in order: it stops the service, and says so when it is asked. */
  async shutDown(host: Host): Promise<void> {
    this.#systemState(host, 'stopping');
    await this.agent(host).stop('SIGTERM');
  }

  async state(host: Host): Promise<string> {
    const { state } = (await this.collector.get(`/api/v1/agents/${this.id(host)}`)) as { state: string };
    return state;
  }

  async becomes(state: string, ...hosts: readonly Host[]): Promise<void> {
    for (const host of hosts) {
      await until(`${host} to be ${state}`, async () => (await this.state(host)) === state, waitMs).catch(
        async (cause: Error) => {
          const output = this.agent(host).program.output.slice(-2_000);
          throw new Error(`${cause.message}, it is ${await this.state(host)}: ${output}`, { cause });
        },
      );
    }
  }

  /** The host's outages, newest first, with their evidence. */
  async outages(host: Host): Promise<OutageAnswer[]> {
    const { items } = (await this.collector.get(`/api/v1/outages?agent=${this.id(host)}`)) as {
      items: { id: number }[];
    };
    return (await Promise.all(items.map(({ id }) => this.collector.get(`/api/v1/outages/${id}`)))) as OutageAnswer[];
  }

  /** The host's newest outage, once it is what is expected. */
  async verdict(host: Host, expected: { verdict: string; confidence?: string; over?: boolean }): Promise<OutageAnswer> {
    let newest: OutageAnswer | undefined;
    const isRight = async () => {
      [newest] = await this.outages(host);
      if (newest?.verdict !== expected.verdict) return undefined;
      if (expected.confidence !== undefined && newest.confidence !== expected.confidence) return undefined;
      if (expected.over !== undefined && (newest.ended_at !== undefined) !== expected.over) return undefined;
      return newest;
    };
    return until(`the outage of ${host} to be ${JSON.stringify(expected)}`, isRight, waitMs).catch((cause: Error) => {
      throw new Error(`${cause.message}; it is ${JSON.stringify(newest)}`, { cause });
    });
  }

  async incidents(state: 'open' | 'all' = 'open'): Promise<IncidentAnswer[]> {
    return ((await this.collector.get(`/api/v1/incidents?state=${state}`)) as { items: IncidentAnswer[] }).items;
  }

  /** An open incident, once it is there. */
  async incident(kind: string, subject: string, count?: number): Promise<IncidentAnswer> {
    const isRight = (each: IncidentAnswer) =>
      each.kind === kind && each.subject === subject && (count === undefined || each.count === count);
    const look = async () => (await this.incidents()).find(isRight);
    return until(`${kind} of ${subject}`, look, waitMs).catch(async (cause: Error) => {
      const open = JSON.stringify(await this.incidents());
      const links = JSON.stringify(await this.collector.get('/api/v1/links'));
      throw new Error(`${cause.message}; open are ${open}; lines ${links}`, { cause });
    });
  }

  async noIncident(kind: string, subject: string): Promise<void> {
    const isGone = async () => !(await this.incidents()).some((each) => each.kind === kind && each.subject === subject);
    await until(`the end of ${kind} of ${subject}`, isGone, waitMs);
  }

  /** Ends all and removes all; safe twice. */
  async stop(): Promise<void> {
    for (const agent of this.#agents.values()) await agent.stop('SIGKILL');
    await this.collector.stop('SIGKILL');
    this.#folder.remove();
  }

  /** Inside the namespace the mounts are its own, so each machine has a systemctl that says what the test wants. */
  #prefix(host: Host): readonly string[] {
    const script =
      'mount --bind "$1" /usr/bin/systemctl; ahead=$(cat "$0"); shift; exec unshare -T --boottime "$ahead" "$@"';
    const files = [this.#file(host, 'uptime'), this.#file(host, 'systemctl')];
    return [...this.#province.place(host).prefix, 'sh', '-e', '-c', script, ...files];
  }

  #file(host: Host, name: string): string {
    return join(this.#folder.path, `${host}-${name}`);
  }

  /** How long the machine has run when its agent is started next: by so much its clock of that is ahead of this one's. */
  #uptime(host: Host, seconds: number): void {
    writeFileSync(this.#file(host, 'uptime'), `${seconds - Math.floor(uptime())}`);
  }

  #systemState(host: Host, state: string): void {
    const file = this.#file(host, 'systemctl');
    writeFileSync(file, `#!/bin/sh\necho ${state}\n`);
    chmodSync(file, 0o755);
  }
}
