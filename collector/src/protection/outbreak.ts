/** Tells an outbreak from single detections: the same threat on several machines within a short time. Pure. */

/** A machine on which a threat was found. */
export interface Sighting {
  readonly agent: string;
  readonly unit: string;
  /** Milliseconds since 1970. */
  readonly detectedAt: number;
}

export interface OutbreakRule {
  readonly machines: number;
  readonly units: number;
  readonly within_minutes: number;
}

/**
 * The sightings of one threat that make an outbreak: one for each machine, its first, from the earliest moment at which
 * enough machines or units had it within the time, and all after. Undefined when there is none.
 */
export function findOutbreak<T extends Sighting>(sightings: readonly T[], rule: OutbreakRule): T[] | undefined {
  const sorted = sightings.toSorted((a, b) => a.detectedAt - b.detectedAt);
  const withinMs = rule.within_minutes * 60_000;
  const machines = new Tally();
  const units = new Tally();
  let first = 0;
  for (const newest of sorted) {
    machines.add(newest.agent);
    units.add(newest.unit);
    for (
      let oldest = sorted[first];
      oldest && newest.detectedAt - oldest.detectedAt > withinMs;
      oldest = sorted[first]
    ) {
      machines.remove(oldest.agent);
      units.remove(oldest.unit);
      first += 1;
    }
    if (machines.size >= rule.machines || units.size >= rule.units) return firstOfEach(sorted.slice(first));
  }
  return undefined;
}

function firstOfEach<T extends Sighting>(sorted: readonly T[]): T[] {
  const seen = new Set<string>();
  return sorted.filter(({ agent }) => !seen.has(agent) && seen.add(agent));
}

/** How many different ones are in a window. */
class Tally {
  readonly #counts = new Map<string, number>();

  get size(): number {
    return this.#counts.size;
  }

  add(key: string): void {
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1);
  }

  remove(key: string): void {
    const left = (this.#counts.get(key) ?? 0) - 1;
    if (left > 0) this.#counts.set(key, left);
    else this.#counts.delete(key);
  }
}
