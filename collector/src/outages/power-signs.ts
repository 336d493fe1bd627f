/**
 * Which machines said that they live on a battery, and when: the mains were out where they stand. What they say arrives
 * late and in any order after an outage, so that what is kept are the times between which each said the same.
 */
import type { Point } from '@vonggac/shared';

/** What is known of the power where a machine stands. */
export interface PowerSign {
  /** A UPS tells of the mains; a laptop's battery may also have been unplugged by hand. */
  readonly source: 'battery' | 'ups';
  readonly agent: string;
  /** When it was first said. */
  readonly since: number;
}

interface Run {
  readonly onBattery: boolean;
  first: number;
  last: number;
}

interface Series {
  readonly source: PowerSign['source'];
  /** In the order of time. */
  readonly runs: Run[];
}

/** Readings come every half minute, of PCs every minute. */
const aroundMs = 90_000;
/** A laptop that went to its battery longer before was carried away. */
const unpluggedMs = 15 * 60_000;
const maxRuns = 16;
const maxSeriesPerAgent = 8;

export class PowerSigns {
  readonly #byAgent = new Map<string, Map<string, Series>>();

  /** True when they may say something of an outage that was not known. */
  take(agent: string, points: readonly Point[]): boolean {
    let isNews = false;
    for (const { measurement, tags, fields, time } of points) {
      if (measurement !== 'ups' || typeof fields.on_battery !== 'boolean') continue;
      const series = this.#seriesOf(agent, tags);
      if (!series) continue;
      const known = series.runs.length;
      add(series.runs, { time, onBattery: fields.on_battery });
      isNews ||= fields.on_battery || series.runs.length !== known;
    }
    return isNews;
  }

  /** Whether one of the machines lost its mains about the time at which another was heard last; a UPS goes first. */
  at(time: number, agents: readonly string[]): PowerSign | undefined {
    let found: PowerSign | undefined;
    for (const agent of agents) {
      for (const { source, runs } of this.#byAgent.get(agent)?.values() ?? []) {
        const since = onBatterySince(runs, { source, time });
        if (since !== undefined && (found === undefined || source === 'ups')) found = { source, agent, since };
        if (found?.source === 'ups') return found;
      }
    }
    return found;
  }

  forget(before: number): void {
    for (const [agent, series] of this.#byAgent) {
      const isOld = [...series.values()].every(({ runs }) => (runs.at(-1)?.last ?? 0) < before);
      if (isOld) this.#byAgent.delete(agent);
    }
  }

  #seriesOf(agent: string, { ups = '', kind }: Point['tags']): Series | undefined {
    const known = this.#byAgent.get(agent) ?? new Map<string, Series>();
    const series = known.get(ups) ?? { source: kind === 'ups' ? 'ups' : 'battery', runs: [] };
    if (!known.has(ups) && known.size >= maxSeriesPerAgent) return undefined;
    this.#byAgent.set(agent, known.set(ups, series));
    return series;
  }
}

function onBatterySince(
  runs: readonly Run[],
  { source, time }: { source: PowerSign['source']; time: number },
): number | undefined {
  for (const [index, run] of runs.entries()) {
    if (!run.onBattery || run.first > time + aroundMs || run.last < time - aroundMs) continue;
    if (source === 'ups') return run.first;
    // A laptop that was never seen on the mains lives on its battery: that says nothing.
    const before = runs[index - 1];
    if (before && run.first >= time - unpluggedMs) return run.first;
  }
  return undefined;
}

function add(runs: Run[], { time, onBattery }: { time: number; onBattery: boolean }): void {
  const later = runs.findIndex(({ last }) => last >= time);
  const index = later === -1 ? runs.length : later;
  const next = runs[index];
  const before = runs[index - 1];
  const fresh = { onBattery, first: time, last: time };
  if (next && next.first <= time) {
    if (next.onBattery === onBattery) return;
    const parts = [{ ...next, last: time - 1 }, fresh, { ...next, first: time + 1 }];
    runs.splice(index, 1, ...parts.filter(({ first, last }) => first <= last));
  } else if (before?.onBattery === onBattery) before.last = time;
  else if (next?.onBattery === onBattery) next.first = time;
  else runs.splice(index, 0, fresh);
  if (runs.length > maxRuns) runs.splice(0, runs.length - maxRuns);
}
