/**
 * Whether it was the collector's own line after all. Machines that are back tell: those of a unit that all started anew and
 * measured nothing after they fell silent had lost their power then. When too few units are left to hold that the line was
 * dead, what the collector took for its own outage was theirs.
 */
import type { LiveAgent } from '../live/live-state.ts';
import type { StoreBatch } from '../stores/store.ts';
import { type CutOff, isOwnLine } from './own-line.ts';

/** By then what machines kept back of many hours has come in. */
export const reviewAfterMs = 600_000;
/** What was measured so soon after the last sign of life may be of the moment before. */
const borderMs = 30_000;

/** A machine that was silent, and is back. */
export interface OwnSilence {
  readonly agent: string;
  readonly beganAt: number;
  readonly endedAt: number;
}

interface Silent {
  readonly unit: string;
  readonly beganAt: number;
  endedAt: number | undefined;
  /** The machine was running when it was not heard any more. */
  hasLived: boolean;
}

export class OwnLineReview {
  readonly cut: CutOff;
  readonly #silent: Map<string, Silent>;
  #backAt: number | undefined;

  /** `agents` as they are when the line is held for dead. */
  constructor(cut: CutOff, agents: readonly LiveAgent[]) {
    this.cut = cut;
    const units = new Set(cut.units);
    this.#silent = new Map(
      agents.flatMap(({ record: { id, unit }, lastSeen = 0 }): [string, Silent][] => {
        const isOfIt = units.has(unit) && lastSeen >= cut.since;
        return isOfIt ? [[id, { unit, beganAt: lastSeen, endedAt: undefined, hasLived: false }]] : [];
      }),
    );
  }

  /** Takes what an agent has measured. */
  take({ origin, points }: Pick<StoreBatch, 'origin' | 'points'>, agent: LiveAgent | undefined): void {
    const silent = this.#silent.get(origin.agent);
    if (!silent || silent.hasLived || agent?.state !== 'online') return;
    const until = silent.endedAt ?? agent.since;
    silent.hasLived = points.some(({ time }) => time > silent.beganAt + borderMs && time < until - borderMs);
  }

  /** Follows who is back; call it every second. */
  look(agents: readonly LiveAgent[]): void {
    for (const { record, state, since, life } of agents) {
      const silent = this.#silent.get(record.id);
      if (!silent || silent.endedAt !== undefined || state !== 'online' || since <= silent.beganAt) continue;
      silent.endedAt = since;
      if (life && life.bootedAt <= silent.beganAt) silent.hasLived = true;
    }
  }

  /** The line is held to live again. */
  back(now: number): void {
    this.#backAt = now;
  }

  isDue(now: number): boolean {
    return this.#backAt !== undefined && now - this.#backAt >= reviewAfterMs;
  }

  /** Units whose machines had all lost their power. */
  get poweredOff(): string[] {
    return this.cut.units.filter((unit) => {
      const back = [...this.#silent.values()].filter((each) => each.unit === unit && each.endedAt !== undefined);
      return back.length > 0 && back.every(({ hasLived }) => !hasLived);
    });
  }

  /** What the machines' own silences were, if it was not the line; undefined when it was, or nobody can tell. */
  refuted(): OwnSilence[] | undefined {
    const { units, of } = this.cut;
    if (isOwnLine({ silent: units.length - this.poweredOff.length, of })) return undefined;
    return [...this.#silent].flatMap(([agent, { beganAt, endedAt }]) =>
      endedAt === undefined ? [] : [{ agent, beganAt, endedAt }],
    );
  }
}
