/**
 * Whether it is the collector's own line that is dead: most units fell silent within the same seconds. A pure function.
 * Whoever is cut off itself has nothing to say about others.
 */
import type { LiveAgent } from '../live/live-state.ts';
import { togetherMs } from './unit-signals.ts';

/** Units that were heard within this time count. */
const heardWithinMs = 120_000;
const leastUnits = 2;
const leastShare = 0.6;
/** Of fewer than this all must be silent: two of three may well have one carrier, or one power line. */
const fewUnits = 5;

export interface CutOff {
  /** When the last of them was heard. */
  readonly since: number;
  readonly units: readonly string[];
  /** Of so many that were heard until then. */
  readonly of: number;
}

interface Question {
  readonly now: number;
  /** Whether the collector's own check of a unit's edge is answered now. */
  readonly edgeAnswers: (unit: string) => boolean;
  /** Of the collector's own machine. Units with an agent there are on its side of the line, and say nothing of it. */
  readonly ownAddresses: () => ReadonlySet<string>;
}

export function ownLineCut(
  agents: readonly LiveAgent[],
  { now, edgeAnswers, ownAddresses }: Question,
): CutOff | undefined {
  const byUnit = Map.groupBy(agents.filter(isCounted), ({ record }) => record.unit);
  for (const unit of unitsWith(ownAddresses(), agents)) byUnit.delete(unit);
  const active = [...byUnit].flatMap(([unit, own]) => {
    const seen = own.filter(({ lastSeen = 0 }) => now - lastSeen <= heardWithinMs);
    return seen.length === 0 ? [] : [{ unit, lastHeard: lastHeard(seen), isSilent: seen.every(isSilent) }];
  });
  const silent = active.filter(({ isSilent }) => isSilent);
  // Many small outages one after the other are not one.
  const newest = Math.max(...silent.map(({ lastHeard }) => lastHeard));
  const together = silent.filter(({ lastHeard }) => newest - lastHeard <= togetherMs);
  if (!isOwnLine({ silent: together.length, of: active.length })) return undefined;
  const asked = isFew(active.length) ? [...byUnit.keys()] : together.map(({ unit }) => unit);
  if (asked.some(edgeAnswers)) return undefined;
  return { since: newest - togetherMs, units: together.map(({ unit }) => unit), of: active.length };
}

/** Whether so many units that fell silent at once are too many for causes of their own. */
export function isOwnLine({ silent, of }: { readonly silent: number; readonly of: number }): boolean {
  return silent >= leastUnits && silent >= (isFew(of) ? of : leastShare * of);
}

/** Whether enough of the units are heard again; of few, any is. */
export function isLineBack({ units, of }: CutOff, agents: readonly LiveAgent[]): boolean {
  const online = new Set(agents.filter(({ state }) => state === 'online').map(({ record }) => record.unit));
  const heard = units.filter((unit) => online.has(unit)).length;
  return isFew(of) ? heard > 0 : heard * 2 > units.length;
}

function isFew(units: number): boolean {
  return units < fewUnits;
}

function unitsWith(addresses: ReadonlySet<string>, agents: readonly LiveAgent[]): string[] {
  return agents.flatMap(({ record }) => (record.addresses.some((each) => addresses.has(each)) ? [record.unit] : []));
}

/** What is not known of machines, as after a start of the collector, says nothing about its line. */
function isCounted({ state }: LiveAgent): boolean {
  return state === 'online' || state === 'late' || state === 'offline';
}

/** Silent without a word: what closed its connection, or lost it to the collector's will, says that the line lives. */
function isSilent({ state, departure }: LiveAgent): boolean {
  return state !== 'online' && (departure === undefined || departure === 'silent');
}

function lastHeard(agents: readonly LiveAgent[]): number {
  return Math.max(...agents.map(({ lastSeen = 0 }) => lastSeen));
}
