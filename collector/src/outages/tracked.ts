/** An outage with what is remembered of it while it may still be judged. */
import type { Point } from '@vonggac/shared';
import type { Departure, Planned } from '../live/live-state.ts';
import type { EdgeSignal } from './judgement.ts';
import type { Outage } from './outage.ts';
import type { NeighbourWord, PowerWord } from './signal-evidence.ts';

/** Readings at its borders may be of the time before or after. */
const borderMs = 5_000;

export interface Tracked {
  outage: Outage;
  readonly departure: Departure | undefined;
  /** When the collector called the agent away. */
  readonly openedAt: number;
  dueAt: number;
  /** A line whose edge was silent once stays so here: the agent will be back after the line. */
  readonly edges: Map<string, EdgeSignal>;
  planned: Planned | undefined;
  neighbour: NeighbourWord | undefined;
  /** Who said that the mains were out. It may have been forgotten since. */
  power: PowerWord | undefined;
  isCutOff: boolean;
  returned: Returned | undefined;
  /** What it measured while nobody heard it; it arrives as soon as the agent is back. */
  readonly measured: Measured;
}

export interface Returned {
  readonly at: number;
  readonly startedAt: number;
  readonly bootedAt: number;
}

export interface Measured {
  readings: number;
  /** Of these, those that say that the machine reached its router, or did not. */
  reached: number;
  silent: number;
}

/** How the agent left, as the evidence tells it after a restart of the collector. */
export function readDeparture({ evidence }: Outage): Departure | undefined {
  const reason = evidence.find(({ what }) => what === 'goodbye')?.facts.reason;
  const goodbyes = ['stop', 'shutdown', 'update', 'restart'] as const;
  const goodbye = goodbyes.find((each) => each === reason);
  if (goodbye) return goodbye;
  const seen = new Set(evidence.map(({ what }) => what));
  if (seen.has('connection-closed')) return 'closed';
  return seen.has('silence') ? 'silent' : undefined;
}

/** Who told of the power, as the evidence tells it after a restart of the collector. */
export function readPower({ evidence }: Outage): PowerWord | undefined {
  const { source, machine = '', since = '' } = evidence.find(({ what }) => what === 'on-battery')?.facts ?? {};
  const isKnown = (source === 'ups' || source === 'battery') && !Number.isNaN(Date.parse(since));
  return isKnown ? { source, machine, since: Date.parse(since) } : undefined;
}

/** Takes those readings that are of the time of the outage, until `end`; true when they say something new. */
export function tellReadings({ outage, measured }: Tracked, points: readonly Point[], end: number): boolean {
  const before = lanOf(measured);
  const isFirst = measured.readings === 0;
  for (const { time, measurement, tags, fields } of points) {
    if (time < outage.beganAt + borderMs || time > end - borderMs) continue;
    measured.readings += 1;
    // A gateway's own next router is not the unit's network.
    const isRouter = measurement === 'connectivity' && tags.target === 'gateway' && tags.scope === 'lan';
    if (!isRouter || outage.class === 'gateway') continue;
    if (fields.up === true) measured.reached += 1;
    if (fields.up === false) measured.silent += 1;
  }
  return lanOf(measured) !== before || (isFirst && measured.readings > 0);
}

/** What the readings say of the machine's own network. */
export function lanOf({ reached, silent }: Measured): 'reached' | 'silent' | 'unknown' {
  if (silent > reached) return 'silent';
  return reached > 0 ? 'reached' : 'unknown';
}
