/**
 * Follows every rule in memory, from what arrives: no query is made. Points are taken at receipt, before the store, so
 * that a dead store blinds no rule; states change at ticks, as often as in Grafana. After a restart every instance is
 * `no-data` until its values come in again, a mean until half of its window is filled.
 */
import { type AgentClass, rules as allRules, type MeasurementName, type Point, type Rule } from '@vonggac/shared';
import type { StoreBatch } from '../stores/store.ts';
import { Instance, type Timing, timingOf } from './instance.ts';

/** Instances of one rule on one machine, or of what the machines of one unit see; more come from a broken or hostile agent. */
const maxPerOwner = 64;
/** The collector itself tells of many services at once. */
const maxOwn = 10_000;
/** Of all rules together; 10,000 machines need about 150,000. */
const maxInstances = 1_000_000;
/** How long an instance without a value is remembered: machines are off over holidays. */
export const forgetAfterMs = 7 * 86_400_000;
/** Clocks that are ahead of ours by more than this say nothing of now. */
const maxAheadMs = 300_000;
/** Whom the collector's own readings are said to be from; no agent has such an id. */
const collectorId = 'collector';

interface Followed {
  readonly rule: Rule;
  readonly timing: Timing;
  readonly where: readonly (readonly [tag: string, value: string])[];
  readonly classes: ReadonlySet<AgentClass> | undefined;
  /** By the machine, or by the unit for what the collector says of units. */
  readonly owners: Map<string, Instance[]>;
}

interface Options {
  readonly rules?: readonly Rule[];
  /** A machine that is not expected to report any more. */
  readonly isGone: (agent: string) => boolean;
}

export class Evaluator {
  readonly #followed: readonly Followed[];
  readonly #byMeasurement: ReadonlyMap<MeasurementName, readonly Followed[]>;
  readonly #isGone: Options['isGone'];
  #instances = 0;
  #dropped = 0;

  constructor({ rules = allRules, isGone }: Options) {
    this.#isGone = isGone;
    this.#followed = rules.map((rule) => ({
      rule,
      timing: timingOf(rule),
      where: Object.entries(rule.query.where),
      classes: rule.classes && new Set(rule.classes),
      owners: new Map(),
    }));
    this.#byMeasurement = Map.groupBy(this.#followed, ({ rule }) => rule.query.measurement);
  }

  get instances(): number {
    return this.#instances;
  }

  /** Series that were too many to follow. */
  get dropped(): number {
    return this.#dropped;
  }

  /** Takes what was measured; the same may come twice, and late. */
  take({ origin, points }: Pick<StoreBatch, 'origin' | 'points'>, now: number): void {
    for (const point of points) {
      const followed = this.#byMeasurement.get(point.measurement);
      if (followed) for (const each of followed) this.#takeFor(each, { origin, point, now });
    }
  }

  #takeFor(
    followed: Followed,
    { origin, point, now }: { origin: StoreBatch['origin']; point: Point; now: number },
  ): void {
    const { rule, timing, where, classes } = followed;
    const isOwn = origin.agent === collectorId;
    if (classes && (isOwn || !classes.has(origin.class))) return;
    const raw = point.fields[rule.query.field];
    if (typeof raw === 'boolean' || typeof raw === 'number') {
      for (const [tag, value] of where) if (point.tags[tag] !== value) return;
      // What is older than the window was over long ago: it must not fire again.
      if (point.time <= now - timing.windowMs || point.time > now + maxAheadMs) return;
      const at = Math.min(point.time, now);
      const owner = isOwn || rule.scope !== 'machine' ? origin.unit : origin.agent;
      const instance = this.#instanceOf(followed, { owner, origin, tags: point.tags, at });
      instance?.add(Number(raw), at);
    }
  }

  #instanceOf(
    { rule, timing, owners }: Followed,
    { owner, origin, tags, at }: { owner: string; origin: StoreBatch['origin']; tags: Point['tags']; at: number },
  ): Instance | undefined {
    const { by } = rule.query;
    const own = owners.get(owner) ?? [];
    const known = own.find((instance) => by.every((tag, index) => (tags[tag] ?? '') === instance.tags[index]));
    if (known) {
      known.origin = origin;
      return known;
    }
    const most = origin.agent === collectorId ? maxOwn : maxPerOwner;
    if (own.length >= most || this.#instances >= maxInstances) {
      this.#dropped += 1;
      return undefined;
    }
    const instance = new Instance(
      origin,
      by.map((tag) => tags[tag] ?? ''),
      { timing, at },
    );
    if (own.length === 0) owners.set(owner, own);
    own.push(instance);
    this.#instances += 1;
    return instance;
  }

  /** Works out all states; call it once an interval. */
  tick(now: number): void {
    for (const { timing, owners } of this.#followed) {
      for (const [owner, instances] of owners) {
        const kept = instances.filter((instance) => {
          instance.step(timing, now);
          return !this.#isOver(instance, now);
        });
        if (kept.length === instances.length) continue;
        this.#instances -= instances.length - kept.length;
        if (kept.length === 0) owners.delete(owner);
        else owners.set(owner, kept);
      }
    }
  }

  #isOver({ origin, lastAt }: Instance, now: number): boolean {
    if (now - lastAt > forgetAfterMs) return true;
    return origin.agent !== collectorId && this.#isGone(origin.agent);
  }

  /** All instances of a rule, in no order. */
  *of(id: string): Iterable<Instance> {
    const followed = this.#followed.find(({ rule }) => rule.id === id);
    for (const instances of followed?.owners.values() ?? []) yield* instances;
  }
}
