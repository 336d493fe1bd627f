/** Writes the states of machines and units into the store: at each change, and every minute for silent ones too. */
import type { LiveAgent, LiveState } from '../live/live-state.ts';
import type { StoreBatch } from '../stores/store.ts';
import type { Outage } from './outage.ts';
import { agentPoint, unitPoint } from './state-points.ts';

const reportEveryMs = 60_000;
/** Whom the collector's own readings are said to be from; no agent has such an id. */
const collectorId = 'collector';

export interface Alertable {
  readonly agents: ReadonlySet<string>;
  readonly units: ReadonlySet<string>;
}

interface Options {
  readonly emit: (batch: StoreBatch) => void;
}

interface Situation {
  readonly live: Pick<LiveState, 'all' | 'get'>;
  /** The open ones. */
  readonly outages: readonly Outage[];
  readonly alertable: Alertable;
  readonly now: number;
}

export class StateReport {
  readonly #options: Options;
  readonly #changed = new Set<string>();
  #toldAt = Number.NEGATIVE_INFINITY;
  #told: Alertable = { agents: new Set(), units: new Set() };

  constructor(options: Options) {
    this.#options = options;
  }

  changed({ record }: LiveAgent): void {
    this.#changed.add(record.id);
  }

  /** Call it every second, when everything is judged. */
  tick(situation: Situation): void {
    const { live, outages, alertable, now } = situation;
    const isFull = Math.abs(now - this.#toldAt) >= reportEveryMs;
    const agents = new Set([...this.#changed, ...differing(this.#told.agents, alertable.agents)]);
    const units = new Set(differing(this.#told.units, alertable.units));
    for (const id of agents) units.add(live.get(id)?.record.unit ?? '');
    this.#changed.clear();
    this.#told = alertable;
    if (!isFull && agents.size === 0 && units.size === 0) return;
    if (isFull) this.#toldAt = now;
    const outageOf = new Map(outages.map((outage) => [outage.agent, outage]));
    const all = live.all();
    for (const agent of all) if (isFull || agents.has(agent.record.id)) this.#tell(agent, outageOf, situation);
    const byUnit = Map.groupBy(all, ({ record }) => record.unit);
    const outagesOf = Map.groupBy(outages, ({ unit }) => unit);
    for (const [unit, own] of byUnit) {
      if (!isFull && !units.has(unit)) continue;
      const isAlertable = alertable.units.has(unit);
      const point = unitPoint(own, outagesOf.get(unit) ?? [], { now, isAlertable });
      const origin = { agent: collectorId, host: collectorId, unit, class: 'server' } as const;
      if (point) this.#options.emit({ origin, points: [point] });
    }
  }

  #tell(agent: LiveAgent, outageOf: ReadonlyMap<string, Outage>, { alertable, now }: Situation): void {
    const { id, hostname: host, unit, class: agentClass } = agent.record;
    const point = agentPoint(agent, outageOf.get(id), { now, isAlertable: alertable.agents.has(id) });
    if (point) this.#options.emit({ origin: { agent: id, host, unit, class: agentClass }, points: [point] });
  }
}

function differing(before: ReadonlySet<string>, now: ReadonlySet<string>): string[] {
  return [...[...before].filter((each) => !now.has(each)), ...[...now].filter((each) => !before.has(each))];
}
