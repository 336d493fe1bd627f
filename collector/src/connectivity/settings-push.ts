/** Keeps every agent's settings of connectivity as they should be: pushes them again where something has changed. */
import { createHash } from 'node:crypto';
import type { ConnectivitySettings } from '@vonggac/shared';
import type { Logger } from 'pino';
import type { AgentRecord } from '../registry/agents.ts';
import { connectivityFor } from './pushed-settings.ts';
import type { KnownRelays } from './relays.ts';
import type { ConnectivitySection } from './settings.ts';
import type { UnitAgents } from './unit-agents.ts';
import type { UnitIndex } from './unit-index.ts';
import type { VantagePoints } from './vantage-points.ts';

/** Agents looked at in one tick: after a change of all units the rest comes in the next ones. */
const agentsPerTick = 300;
/** Silent machines are given up by the hour, which nothing but time tells. */
const lookAgainMs = 600_000;

interface Options {
  readonly settings: ConnectivitySection;
  readonly units: () => UnitIndex;
  readonly agents: Pick<UnitAgents, 'of' | 'units'>;
  readonly vantagePoints: VantagePoints;
  readonly relays: Pick<KnownRelays, 'has'>;
  /** Sends an agent its settings, which are asked for by `settingsFor` then. */
  readonly push: (agent: string) => void;
  readonly logger: Logger;
}

export class SettingsPush {
  readonly #options: Options;
  /** Units in which something has changed. */
  readonly #touched = new Set<string>();
  readonly #pushed = new Map<string, string>();
  #lookedAt = 0;
  #hasDropped = false;

  constructor(options: Options) {
    this.#options = options;
  }

  /** Something changed that the settings of a unit's agents may depend on. */
  touch(unit: string): void {
    this.#touched.add(unit);
  }

  touchAll(): void {
    const { agents, vantagePoints } = this.#options;
    // A unit may have lost its last machine to another one.
    for (const unit of [...agents.units(), ...vantagePoints.units()]) this.#touched.add(unit);
  }

  /** What the agent is to be told now, which counts as told. */
  settingsFor(agent: AgentRecord, now: number): ConnectivitySettings {
    this.#refresh(agent.unit);
    const settings = this.#compute(agent, now);
    this.#pushed.set(agent.id, hashOf(settings));
    return settings;
  }

  /** Pushes what has changed; call it every few seconds. */
  tick(now: number): void {
    if (now - this.#lookedAt >= lookAgainMs || now < this.#lookedAt) {
      this.#lookedAt = now;
      this.touchAll();
    }
    const { agents, push } = this.#options;
    let left = agentsPerTick;
    for (const unit of this.#touched) {
      if (left <= 0) return;
      this.#touched.delete(unit);
      const own = agents.of(unit);
      left -= own.length;
      this.#refresh(unit);
      for (const { record, state } of own) {
        if (state === 'retired') this.#pushed.delete(record.id);
        if (state !== 'online') continue;
        if (hashOf(this.#compute(record, now)) !== this.#pushed.get(record.id)) push(record.id);
      }
    }
  }

  #refresh(unit: string): void {
    const { agents, units, vantagePoints } = this.#options;
    vantagePoints.refresh(unit, { units: units(), agents: agents.of(unit) });
  }

  #compute(agent: AgentRecord, now: number): ConnectivitySettings {
    const { settings, units, agents, vantagePoints, relays } = this.#options;
    const services = vantagePoints.servicesOf(agent);
    const colleagues = agents.of(agent.unit);
    const isRelay = (id: string) => relays.has(id, now);
    const found = connectivityFor(agent, { settings, units: units(), services, colleagues, isRelay, now });
    if (found.dropped > 0) this.#tellDropped(agent, found.dropped);
    return found.settings;
  }

  /** Once: the configuration has to be changed, not each agent looked at. */
  #tellDropped({ id, unit }: AgentRecord, dropped: number): void {
    if (this.#hasDropped) return;
    this.#hasDropped = true;
    const problem = 'more targets than an agent checks: name fewer in connectivity.targets for this unit and class';
    this.#options.logger.error({ agent: id, unit, dropped }, problem);
  }
}

function hashOf(settings: ConnectivitySettings): string {
  return createHash('sha256').update(JSON.stringify(settings)).digest('base64');
}
