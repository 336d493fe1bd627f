/**
 * Units of machines, and all that judges them in the collector, on one clock that the test moves: no sockets and no
 * waiting. Whatever the collector writes into its store is kept. It is built as in collector.ts; timers have to be fake.
 */
import { type AgentClass, type Point, point } from '@vonggac/shared';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { Connectivity } from '../../connectivity/connectivity.ts';
import { ConnectivitySection } from '../../connectivity/settings.ts';
import { agentRecord } from '../../connectivity/testing/live-agents.ts';
import { IncidentReport } from '../../incidents/incident-report.ts';
import { Incidents } from '../../incidents/incidents.ts';
import { LiveState } from '../../live/live-state.ts';
import { Protection } from '../../protection/protection.ts';
import { ProtectionSection } from '../../protection/settings.ts';
import type { Unit } from '../../registry/unit-rows.ts';
import { Rules } from '../../rules/rules.ts';
import type { StoreBatch } from '../../stores/store.ts';
import { Outages } from '../outages.ts';

const stepMs = 1_000;
const heartbeatMs = 10_000;
const measureMs = 60_000;
/** A session that is silent for so long is closed by the gateway. */
const silentMs = 25_000;
const dayMs = 86_400_000;

export interface Office {
  readonly unit: string;
  readonly machines: Readonly<Record<string, AgentClass>>;
}

export class JudgedProvince {
  readonly written: StoreBatch[] = [];
  readonly incidents: Incidents;
  readonly rules: Rules;
  now: number;
  readonly #live: LiveState;
  readonly #connectivity: Connectivity;
  readonly #protection: Protection;
  readonly #outages: Outages;
  readonly #report: IncidentReport;
  readonly #alive = new Set<string>();
  readonly #startedAt: number;

  constructor(folder: string, { offices, start }: { offices: readonly Office[]; start: number }) {
    this.now = start;
    this.#startedAt = start;
    const now = () => this.now;
    const plannedAt = () => undefined;
    const live = new LiveState(now, { plannedAt });
    const units = { list: () => offices.map(({ unit }) => unitRecord(unit)) };
    const registry = new Registry();
    const logger = pino({ level: 'error' });
    const ingest = {
      write: async (batch: StoreBatch) => {
        this.rules.take(batch);
        this.written.push(batch);
        return { status: 'stored' } as const;
      },
    };
    const incidents = new Incidents(folder);
    const common = { folder, live, units, incidents, ingest, registry, logger, now };
    const settings = ConnectivitySection.parse({ edge: { check: false } });
    this.#live = live;
    this.incidents = incidents;
    this.#connectivity = new Connectivity({ ...common, settings, push: () => undefined, monotonic: now });
    this.#protection = new Protection({ ...common, settings: ProtectionSection.parse({}) });
    const ownAddresses = () => new Set<string>();
    this.#outages = new Outages({ ...common, connectivity: this.#connectivity, plannedAt, ownAddresses });
    const store = { query: async () => ({ series: [], truncated: false }) };
    this.rules = new Rules({ ...common, plannedAt, store });
    this.#report = new IncidentReport({ ...common, plannedAt });
    for (const { unit, machines } of offices) {
      for (const [id, agentClass] of Object.entries(machines)) live.put(agentRecord(id, { unit, class: agentClass }));
    }
  }

  start(): void {
    this.#connectivity.start();
    this.#protection.start();
    this.#outages.start();
    this.rules.start();
    this.#report.start();
    this.arrive(...this.#live.all().map(({ record }) => record.id));
  }

  async stop(): Promise<void> {
    this.#report.stop();
    this.rules.stop();
    await this.#connectivity.stop();
    this.#protection.stop();
    this.#outages.stop();
    this.incidents.stop();
  }

  arrive(...ids: readonly string[]): void {
    const life = { bootedAt: this.#startedAt - dayMs, startedAt: this.#startedAt - dayMs };
    for (const id of ids) {
      this.#live.connected(id, 0, life);
      this.#alive.add(id);
    }
  }

  /** Nothing comes from them any more. */
  cut(...ids: readonly string[]): void {
    for (const id of ids) this.#alive.delete(id);
  }

  /** Time passes as it does: machines tell, the collector looks. `advance` moves the fake timers. */
  pass(ms: number, advance: (ms: number) => void): void {
    for (const end = this.now + ms; this.now < end; ) {
      this.now += stepMs;
      for (const { record, lastSeen = 0, departure } of this.#live.all()) {
        const { id } = record;
        if (this.#alive.has(id)) this.#hear(id);
        else if (departure === undefined && this.now - lastSeen >= silentMs) this.#live.disconnected(id, 'silent');
      }
      this.#live.tick();
      advance(stepMs);
    }
  }

  #hear(id: string): void {
    if (this.now % heartbeatMs !== 0) return;
    this.#live.heard(id);
    const record = this.#live.get(id)?.record;
    if (!record || this.now % measureMs !== 0) return;
    const points = readings(record.class, this.now);
    const { unit, hostname: host, class: agentClass } = record;
    const batch: StoreBatch = { origin: { agent: id, host, unit, class: agentClass }, points };
    this.#live.receive(id, points);
    this.#connectivity.take(batch);
    this.#outages.take(batch);
    this.#protection.take(batch);
    this.rules.take(batch);
    this.written.push(batch);
  }
}

function unitRecord(code: string): Unit {
  const links = [
    { id: 'tslcd', kind: 'tslcd', carrier: 'VNPT' },
    { id: 'inet', kind: 'internet', carrier: 'Viettel' },
  ] as const;
  return { code, name: code, links: [...links], valid_from: 0, valid_to: undefined } as Unit;
}

/** Of a machine that is well. */
function readings(agentClass: AgentClass, time: number): Point[] {
  const seconds = (days: number) => Math.floor((time - days * dayMs) / 1_000);
  const product = {
    read_state: 'ok',
    running: true,
    realtime: true,
    mode: 'active',
    signature_time_seconds: seconds(0.5),
    quick_scan_seconds: seconds(1),
    full_scan_seconds: seconds(5),
  };
  const lines = ['tslcd', 'inet'].map((link) =>
    point('link', {
      time,
      tags: { link },
      fields: { interface: 'eth0', up: true, active: link === 'tslcd', rtt_ms: 9, loss_percent: 0 },
    }),
  );
  return [
    point('cpu', { time, tags: {}, fields: { usage_percent: 7 } }),
    point('memory', { time, tags: {}, fields: { used_percent: 40 } }),
    point('filesystem', { time, tags: { mount: '/', type: 'ext4' }, fields: { used_percent: 40, read_only: false } }),
    point('agent', { time, tags: {}, fields: { spool_state: 0, clock_offset_seconds: 0 } }),
    point('posture', { time, tags: {}, fields: { firewall: true, reboot_pending: false, security_updates: 0 } }),
    point('antivirus', { time, tags: { product: 'defender' }, fields: product }),
    ...(agentClass === 'gateway' ? lines : []),
  ];
}
