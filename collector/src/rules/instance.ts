/** One series under one rule, and where it stands. */
import type { Condition, Rule } from '@vonggac/shared';
import type { Origin } from '../stores/store.ts';
import { ValueWindow } from './value-window.ts';

/**
 * `recovering`: the condition is over, but not for long enough; it counts as firing. `no-data`: no value in the window,
 * which is never "normal": what fired before stays open until a value says that it is over.
 */
export const instanceStates = ['normal', 'pending', 'firing', 'recovering', 'no-data'] as const;
export type InstanceState = (typeof instanceStates)[number];

/** What a rule asks of each of its instances, prepared once. */
export interface Timing {
  readonly condition: Condition;
  readonly reduce: Rule['query']['reduce'];
  readonly windowMs: number;
  readonly pendingMs: number;
  readonly keepFiringMs: number;
}

export function timingOf({ condition, query, pendingSeconds, keepFiringSeconds }: Rule): Timing {
  return {
    condition,
    reduce: query.reduce,
    windowMs: query.windowSeconds * 1_000,
    pendingMs: pendingSeconds * 1_000,
    keepFiringMs: keepFiringSeconds * 1_000,
  };
}

/** As Grafana's threshold with recovery: what fires goes on until the value is past `recovers`. */
export function isMet(condition: Condition, value: number, isFiring: boolean): boolean {
  switch (condition.kind) {
    case 'above':
      return isFiring && condition.recovers < condition.threshold
        ? value >= condition.recovers
        : value > condition.threshold;
    case 'below':
      return isFiring && condition.recovers > condition.threshold
        ? value <= condition.recovers
        : value < condition.threshold;
    case 'is':
      return Math.abs(value - condition.value) < 0.5;
    case 'outside':
      return value < condition.low || value > condition.high;
  }
}

/** In place of a unit's code, where the collector speaks of none. */
const ownUnits: ReadonlySet<string> = new Set(['-', 'collector']);

export class Instance {
  /** Values of the tags that the rule tells instances apart by, in its order. */
  readonly tags: readonly string[];
  origin: Origin;
  state: InstanceState = 'no-data';
  /** When the state began. */
  since: number;
  /** What the rule last went by. */
  value: number | undefined;
  /** It fired, and nothing has said yet that it is over. */
  isHeld = false;
  readonly #window: ValueWindow;

  constructor(origin: Origin, tags: readonly string[], { timing, at }: { timing: Timing; at: number }) {
    this.origin = origin;
    this.tags = tags;
    this.since = at;
    this.#window = new ValueWindow({ reduce: timing.reduce, windowMs: timing.windowMs, at });
  }

  /** Undefined for what the collector says of itself and of the province. */
  get unit(): string | undefined {
    return ownUnits.has(this.origin.unit) ? undefined : this.origin.unit;
  }

  get lastAt(): number {
    return this.#window.lastAt;
  }

  add(value: number, at: number): void {
    this.#window.add(value, at);
  }

  /** Works out the state; call it once an interval. */
  step(timing: Timing, now: number): void {
    const value = this.#window.value(now);
    if (value === undefined) return this.#enter('no-data', now);
    this.value = value;
    const isFiring = this.state === 'firing' || this.state === 'recovering';
    if (isMet(timing.condition, value, isFiring)) {
      if (isFiring) return this.#enter('firing', now);
      this.#enter('pending', now);
      if (now - this.since >= timing.pendingMs) this.#enter('firing', now);
      return;
    }
    if (!isFiring) return this.#enter('normal', now);
    this.#enter('recovering', now);
    if (now - this.since >= timing.keepFiringMs) this.#enter('normal', now);
  }

  #enter(state: InstanceState, now: number): void {
    if (state === this.state) return;
    this.state = state;
    this.since = now;
    if (state === 'firing') this.isHeld = true;
    if (state === 'normal') this.isHeld = false;
  }
}
