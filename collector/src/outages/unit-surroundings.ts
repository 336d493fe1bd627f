/** What is known around a silent machine: the other machines of its unit, its neighbours' view, the unit's lines. */
import type { Connectivity } from '../connectivity/connectivity.ts';
import { UnitAgents } from '../connectivity/unit-agents.ts';
import type { LiveAgent, LiveState } from '../live/live-state.ts';
import type { Unit } from '../registry/unit-rows.ts';
import type { DeadLine } from './outage-incidents.ts';
import type { UnitLine } from './outage-watch.ts';
import type { NeighbourWord } from './signal-evidence.ts';

interface Options {
  readonly live: Pick<LiveState, 'all'>;
  readonly connectivity: Pick<Connectivity, 'links' | 'results'>;
}

export class UnitSurroundings {
  readonly #options: Options;
  readonly #agents: UnitAgents;
  #lines = new Map<string, NonNullable<Unit['links']>>();

  constructor(options: Options) {
    this.#options = options;
    this.#agents = new UnitAgents(options.live);
  }

  /** Units, their lines and the places of agents may have changed. */
  follow(units: readonly Unit[]): void {
    this.#lines = new Map(units.flatMap(({ code, links }) => (links ? [[code, links] as const] : [])));
    this.#agents.forget();
  }

  changed(agent: LiveAgent): void {
    this.#agents.follow({ kind: 'state', agent });
  }

  agentsOf(unit: string): readonly LiveAgent[] {
    return this.#agents.of(unit);
  }

  linesOf(unit: string): UnitLine[] {
    return (this.#lines.get(unit) ?? []).map(({ id: link, kind }) => ({
      link,
      kind,
      edgeAnswers: this.#options.connectivity.links.now({ unit, link })?.evidence?.edge?.up,
    }));
  }

  edgeAnswers(unit: string): boolean {
    return this.linesOf(unit).some(({ edgeAnswers }) => edgeAnswers === true);
  }

  deadLinesOf(unit: string): DeadLine[] {
    // When every line is dead the subject is the unit, once for the evidence of each line.
    return this.#options.connectivity.links
      .deadLinesOf(unit)
      .flatMap(({ subject, evidence }) => evidence.map(({ what, facts }) => ({ subject, evidence: { what, facts } })));
  }

  /** A gateway that is heard itself and has looked for the machine since it fell silent. */
  neighbourOf({ record }: LiveAgent, since: number): NeighbourWord | undefined {
    for (const gateway of this.agentsOf(record.unit)) {
      if (gateway.state !== 'online' || gateway.record.class !== 'gateway') continue;
      const result = this.#options.connectivity.results.of(gateway.record.id, `peer:${record.id}`);
      const turn = result && result.at > since ? result.turns.at(-1) : undefined;
      if (turn?.up !== undefined) return { gateway: gateway.record.id, answers: turn.up };
    }
    return undefined;
  }
}
