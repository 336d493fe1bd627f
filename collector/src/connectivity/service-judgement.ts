/** Tells "the service is down" from "this unit cannot reach it": a pure function of what the vantage points say. */

export interface Vantage {
  readonly agent: string;
  readonly unit: string;
  readonly up: boolean;
  readonly error: string | undefined;
  readonly rttMs: number | undefined;
}

export const serviceStates = { down: 0, partial: 1, up: 2, unknown: -1 } as const;
export type ServiceState = keyof typeof serviceStates;
export const serviceStateNames = ['up', 'partial', 'down', 'unknown'] as const satisfies readonly ServiceState[];

export interface ServiceJudgement {
  readonly state: ServiceState;
  readonly vantagePoints: number;
  readonly failingPoints: number;
  /** Median over those that reach it. */
  readonly rttMs: number | undefined;
  /** The most frequent one. */
  readonly error: string | undefined;
  /** Units that cannot reach it while others can. */
  readonly cutOff: readonly string[];
  /** Units from which it is reached. */
  readonly reaching: readonly string[];
}

/** `vantages`: machines with a current, settled result whose own way out works. */
export function judgeService(vantages: readonly Vantage[]): ServiceJudgement {
  const failing = vantages.filter(({ up }) => !up);
  const byUnit = Map.groupBy(vantages, ({ unit }) => unit);
  const unitsWithout = [...byUnit].filter(([, own]) => own.every(({ up }) => !up)).map(([unit]) => unit);
  const isOneUnit = new Set(failing.map(({ unit }) => unit)).size === 1 && byUnit.size > 1;
  const isMost = failing.length * 2 > vantages.length && (failing.length >= 2 || vantages.length === 1);
  const state =
    vantages.length === 0 ? 'unknown' : failing.length === 0 ? 'up' : isMost && !isOneUnit ? 'down' : 'partial';
  return {
    state,
    vantagePoints: vantages.length,
    failingPoints: failing.length,
    rttMs: median(vantages.flatMap(({ up, rttMs }) => (up && rttMs !== undefined ? [rttMs] : []))),
    error: mostFrequent(failing.flatMap(({ error }) => error ?? [])),
    cutOff: state === 'partial' ? unitsWithout.sort() : [],
    reaching: [...byUnit.keys()].filter((unit) => !unitsWithout.includes(unit)).sort(),
  };
}

function median(values: readonly number[]): number | undefined {
  const sorted = values.toSorted((a, b) => a - b);
  const [low, high] = [sorted[Math.floor((sorted.length - 1) / 2)], sorted[Math.floor(sorted.length / 2)]];
  return low === undefined || high === undefined ? undefined : (low + high) / 2;
}

function mostFrequent(texts: readonly string[]): string | undefined {
  const groups = [...Map.groupBy(texts, (text) => text)];
  return groups.sort(([a, left], [b, right]) => right.length - left.length || (a < b ? -1 : 1))[0]?.[0];
}
