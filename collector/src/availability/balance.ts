/**
 * What became of every second of a time: the seconds of a balance always add up to its length. Instants are cut to whole
 * seconds before anything is counted, so that nothing is lost to rounding.
 *
 * Of two things that hold at once the one counts that says less: what is not there is neither up nor down, what the
 * collector could not see is inconclusive, and silence that was planned is not charged. What was heard is up, planned or
 * not.
 */
import { lengthOf, outside, type Stretch, within, withoutOverlap } from '../calendar/stretches.ts';

export interface Silence extends Stretch {
  /** Undefined when nobody can say whether anything was down. */
  readonly cause: string | undefined;
}

/** Half-open; milliseconds since 1970. */
export interface Life {
  /** When it was there: for a machine from enrolment to retirement. */
  readonly present: readonly Stretch[];
  /** What the collector could not see. */
  readonly gaps: readonly Stretch[];
  readonly silences: readonly Silence[];
  /** Asked for the silences only. */
  readonly planned: () => readonly Stretch[];
}

/** Whole seconds. */
export interface Balance {
  readonly up: number;
  /** By cause; what did not happen is absent. */
  readonly down: Readonly<Record<string, number>>;
  readonly planned: number;
  readonly inconclusive: number;
  /** While it was not there. */
  readonly absent: number;
}

export function balanceOf(life: Life, time: Stretch): Balance {
  const range = inSeconds(time);
  const present = within(withoutOverlap(life.present.map(inSeconds)), [range]);
  const gaps = within(withoutOverlap(life.gaps.map(inSeconds)), present);
  const silences = outside(within(withoutOverlap(life.silences.map(inSeconds)), present), gaps);
  const unclear = silences.filter(({ cause }) => cause === undefined);
  const silent = silences.filter(({ cause }) => cause !== undefined);
  const planned = silent.length === 0 ? [] : withoutOverlap(life.planned().map(inSeconds));
  const down: Record<string, number> = {};
  for (const { from, to, cause = '' } of outside(silent, planned)) down[cause] = (down[cause] ?? 0) + to - from;
  return {
    up: lengthOf(present) - lengthOf(gaps) - lengthOf(silences),
    down,
    planned: lengthOf(within(silent, planned)),
    inconclusive: lengthOf(gaps) + lengthOf(unclear),
    absent: range.to - range.from - lengthOf(present),
  };
}

export function sumOf(balances: readonly Balance[]): Balance {
  const down: Record<string, number> = {};
  const sum = { up: 0, planned: 0, inconclusive: 0, absent: 0 };
  for (const balance of balances) {
    sum.up += balance.up;
    sum.planned += balance.planned;
    sum.inconclusive += balance.inconclusive;
    sum.absent += balance.absent;
    for (const [cause, seconds] of Object.entries(balance.down)) down[cause] = (down[cause] ?? 0) + seconds;
  }
  return { ...sum, down };
}

export function downOf({ down }: Balance): number {
  return Object.values(down).reduce((sum, seconds) => sum + seconds, 0);
}

/** Of the time that counts, the part in which it was up; undefined when no time counts. Never 100 while anything is missing. */
export function availabilityPercent(balance: Balance): number | undefined {
  const counted = balance.up + downOf(balance);
  return counted === 0 ? undefined : Math.floor((1e5 * balance.up) / counted) / 1e3;
}

function inSeconds<T extends Stretch>(stretch: T): T {
  return { ...stretch, from: Math.floor(stretch.from / 1_000), to: Math.floor(stretch.to / 1_000) };
}
