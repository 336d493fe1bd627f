/** Programs at work in a province: the collector in the data centre, agents in the communes. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Point } from '@vonggac/shared';
import { loadIdentity } from '../../../agent/src/identity.ts';
import { AgentProcess, CollectorProcess, run, temporaryFolder, until } from '../program.ts';
import type { Host } from './plan.ts';
import type { Province } from './province.ts';

interface SeriesAnswer {
  readonly series: readonly { readonly points: readonly (readonly [number, number | string])[] }[];
}

interface AgentAnswer {
  readonly state: string;
  readonly way?: { readonly kind: string; readonly address: string };
  readonly points: readonly (Omit<Point, 'time'> & { readonly time: string })[];
}

export class Offices {
  readonly collector: CollectorProcess;
  readonly #province: Province;
  readonly #folder = temporaryFolder();
  readonly #agents = new Map<Host, AgentProcess>();

  /** `configuration` is the collector's YAML. */
  constructor(province: Province, configuration = '') {
    this.#province = province;
    const file = join(this.#folder.path, 'collector.yaml');
    writeFileSync(file, configuration);
    const place = province.place('dc');
    this.collector = new CollectorProcess(join(this.#folder.path, 'collector'), { VONGGAC_CONFIG: file }, place);
  }

  async start(): Promise<void> {
    await this.collector.start();
    for (const unit of ['XA-1', 'XA-2']) this.collector.command('units', 'add', unit, '--name', `Xã ${unit}`);
  }

  /** Enrols an agent of that host's commune. `settings` is its `agent.yaml`. */
  enrol(
    host: Host,
    options: { class: 'server' | 'pc' | 'gateway'; settings?: string; address?: string },
  ): AgentProcess {
    const folder = join(this.#folder.path, host);
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'agent.yaml'), options.settings ?? '');
    const agent = new AgentProcess(folder, this.#province.place(host));
    const { address } = options;
    agent.enrol(this.collector, { unit: `XA-${host[2]}`, class: options.class, ...(address && { address }) });
    this.#agents.set(host, agent);
    return agent;
  }

  /** What the collector knows of the host right now. */
  async view(host: Host): Promise<AgentAnswer> {
    return (await this.collector.get(`/api/v1/agents/${this.#id(host)}`)) as AgentAnswer;
  }

  /** The newest point of a series of the host. */
  async latest(host: Host, what: { measurement: string; tags?: Readonly<Record<string, string>> }) {
    const { points } = await this.view(host);
    return points.find(
      ({ measurement, tags }) =>
        measurement === what.measurement &&
        Object.entries(what.tags ?? {}).every(([name, value]) => tags[name] === value),
    )?.fields;
  }

  /** Values of a field over the last hour, oldest first. */
  async history(host: Host, what: { field: string; target: string }): Promise<readonly (readonly [number, unknown])[]> {
    const question = `measurement=connectivity&field=${what.field}&agent=${this.#id(host)}&tag.target=${what.target}`;
    const { series } = (await this.collector.get(`/api/v1/series?${question}`)) as SeriesAnswer;
    return series.flatMap(({ points }) => points).sort(([a], [b]) => a - b);
  }

  /** By which way the host's agent is connected, by its own status. */
  wayOf(host: Host): string | undefined {
    const folder = this.#agents.get(host)?.folder ?? '';
    const { stdout } = run('agent', ['status', '--data', folder, '--json'], {}, this.#province.place(host));
    return (JSON.parse(stdout) as { uplink: { state: string; way?: string } }).uplink.way;
  }

  async online(...hosts: readonly Host[]): Promise<void> {
    for (const host of hosts) {
      const isOnline = async () => (await this.view(host)).state === 'online';
      await until(`${host} to be online`, isOnline, 60_000).catch((cause: Error) => {
        throw new Error(`${cause.message}: ${this.#agents.get(host)?.program.output}`, { cause });
      });
    }
  }

  /** Ends all and removes all; safe twice. */
  async stop(): Promise<void> {
    for (const agent of this.#agents.values()) await agent.stop('SIGKILL');
    await this.collector.stop('SIGKILL');
    this.#folder.remove();
  }

  #id(host: Host): string {
    const folder = this.#agents.get(host)?.folder;
    if (folder === undefined) throw new Error(`${host} is not enrolled`);
    return loadIdentity(folder)?.agent ?? '';
  }
}
