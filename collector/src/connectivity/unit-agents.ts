/** The agents of each unit; asked at every connection, so the list of all is not walked each time. */
import type { LiveAgent, LiveChange, LiveState } from '../live/live-state.ts';

export class UnitAgents {
  readonly #live: Pick<LiveState, 'all'>;
  #byUnit: ReadonlyMap<string, readonly LiveAgent[]> | undefined;
  #ids: ReadonlySet<string> = new Set();

  constructor(live: Pick<LiveState, 'all'>) {
    this.#live = live;
  }

  of(unit: string): readonly LiveAgent[] {
    return this.#index().get(unit) ?? [];
  }

  units(): string[] {
    return [...this.#index().keys()];
  }

  /** An agent that was not there before makes the list anew. */
  follow({ agent }: LiveChange): void {
    if (!this.#ids.has(agent.record.id)) this.forget();
  }

  /** Agents may have moved to other units. */
  forget(): void {
    this.#byUnit = undefined;
  }

  #index(): ReadonlyMap<string, readonly LiveAgent[]> {
    if (this.#byUnit) return this.#byUnit;
    const all = this.#live.all();
    this.#ids = new Set(all.map(({ record }) => record.id));
    this.#byUnit = Map.groupBy(all, ({ record }) => record.unit);
    return this.#byUnit;
  }
}
