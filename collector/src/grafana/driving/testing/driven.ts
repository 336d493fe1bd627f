/** The driving with real files around it, a Grafana in memory and a clock that the test moves. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Registry } from 'prom-client';
import { Calendars } from '../../../calendar/calendars.ts';
import { CalendarSection } from '../../../calendar/settings.ts';
import { Incidents } from '../../../incidents/incidents.ts';
import { LiveState } from '../../../live/live-state.ts';
import { OutageLedger } from '../../../outages/outage-ledger.ts';
import type { AgentRecord } from '../../../registry/agents.ts';
import { openRegistry } from '../../../registry/database.ts';
import { Units } from '../../../registry/units.ts';
import { GrafanaSection } from '../../settings.ts';
import { GrafanaDriving } from '../grafana-driving.ts';
import { MemoryGrafana } from './memory-grafana.ts';

export class Driven {
  readonly clock = { now: Date.parse('2026-11-23T08:00:00Z') };
  readonly grafana = new MemoryGrafana(() => this.clock.now);
  readonly folder = mkdtempSync(join(tmpdir(), 'vonggac-driving-'));
  readonly #database = openRegistry(this.folder);
  readonly units = new Units(this.#database);
  readonly incidents = new Incidents(this.folder);
  readonly outages = new OutageLedger(this.folder);
  readonly live = new LiveState(() => this.clock.now);
  readonly calendars: Calendars;
  readonly log: string[] = [];
  registry = new Registry();
  driving: GrafanaDriving;
  readonly #settings: object;

  constructor(settings: object = {}) {
    const token = join(this.folder, 'token');
    writeFileSync(token, 'glsa_thu\n', { mode: 0o600 });
    this.#settings = { url: 'http://grafana.example', token_file: token, ...settings };
    this.units.ensure({ code: 'QB', name: 'Tỉnh', parent: undefined }, this.clock.now);
    this.units.ensure({ code: 'XA', name: 'Xã Quảng Phú', parent: 'QB' }, this.clock.now);
    this.calendars = new Calendars({
      folder: this.folder,
      settings: CalendarSection.parse({}),
      units: this.units,
      now: () => this.clock.now,
    });
    this.driving = this.#build();
  }

  /** As after a restart of the collector. */
  async restart(): Promise<void> {
    await this.driving.stop();
    this.registry = new Registry();
    this.driving = this.#build();
  }

  /** The clock goes on so far, then what is to be done is done. */
  async pass(ms: number): Promise<void> {
    this.clock.now += ms;
    await this.driving.tick();
  }

  addAgent(id: string, more: Partial<AgentRecord> = {}): void {
    const record = { id, hostname: `may-${id}`, unit: 'XA', class: 'server', version: '1.0.0', revokedAt: undefined };
    this.live.put({ ...record, enrolledAt: this.clock.now, ...more } as AgentRecord);
  }

  texts(): string[] {
    return [...this.grafana.annotations.values()].map(({ text }) => text);
  }

  async metric(name: string): Promise<Record<string, number>> {
    const { values } = (await this.registry.getSingleMetric(name)?.get()) ?? { values: [] };
    return Object.fromEntries(values.map(({ labels, value }) => [Object.values(labels)[0] ?? '', value]));
  }

  async stop(): Promise<void> {
    await this.driving.stop();
    this.incidents.stop();
    this.outages.stop();
    this.calendars.stop();
    this.#database.close();
    rmSync(this.folder, { recursive: true });
  }

  #build(): GrafanaDriving {
    const say = (fields: object, message: string) => void this.log.push(`${message} ${JSON.stringify(fields)}`);
    const { folder, incidents, calendars, units, live, registry, grafana } = this;
    const driving = new GrafanaDriving({
      folder,
      settings: GrafanaSection.parse(this.#settings),
      incidents,
      outages: this.outages,
      calendars,
      units,
      live,
      registry,
      logger: { info: say, warn: say, error: say } as never,
      now: () => this.clock.now,
      connection: { fetch: grafana.fetch, pause: async () => undefined },
    });
    driving.start();
    return driving;
  }
}
