/** The outcomes of all runs together, for a person and for a program. */
import type { Books } from './books.ts';
import type { PeerResult } from './peers.ts';
import type { Fault, Role } from './plan.ts';
import type { Effects, Outcome } from './run.ts';

export interface Total {
  readonly sent: number;
  readonly stored: number;
  readonly lost: number;
  readonly duplicated: number;
  readonly gaps: number;
  readonly kills: number;
  readonly seed: number;
}

export function totalOf(outcomes: readonly Outcome[], seed: number): Total {
  const books = outcomes.flatMap((outcome) => [...outcome.books.values()]);
  const sum = (name: keyof Books) => books.reduce((total, of) => total + of[name], 0);
  return {
    sent: sum('sent'),
    stored: sum('stored'),
    lost: sum('lost'),
    duplicated: sum('duplicated'),
    gaps: sum('gaps'),
    kills: outcomes.reduce((total, { faults }) => total + countFaults(faults).kills, 0),
    seed,
  };
}

/** Partitions: lines that carried nothing, or nothing one way; each time of one agent or of many. */
function countFaults(faults: readonly Fault[]) {
  const count = (is: (fault: Fault) => boolean) => faults.filter(is).length;
  const kills = count(({ kind }) => kind === 'kill');
  const hangs = count(({ kind }) => kind === 'hang');
  const partitions = count((fault) => fault.kind === 'line' && fault.weather !== 'slow' && fault.weather !== 'lossy');
  return { kills, hangs, partitions, others: faults.length - kills - hangs - partitions };
}

const columns = [
  'sent',
  'stored',
  'gaps',
  'lost',
  'duplicated',
  'altered',
  'misplaced',
  'arrived',
  'overcounted',
] as const;

export function describeOutcome({ faults, effects, books, problems, settledMs, evidence }: Outcome): string {
  const { kills, hangs, partitions, others } = countFaults(faults);
  const wide = (text: string | number) => String(text).padStart(12);
  const rows = [...books].map(([agent, of]) => agent.padEnd(24) + columns.map((name) => wide(of[name])).join(''));
  const effect = Object.entries(effects).map(([name, count]) => `${effectNames[name as keyof Effects]} ${count}`);
  return [
    ''.padEnd(24) + columns.map(wide).join(''),
    ...rows,
    `${kills} kills, ${hangs} hangs, ${partitions} partitions, ${others} other faults`,
    effect.join(', '),
    `all delivered ${(settledMs / 1_000).toFixed(0)} s after the last fault`,
    ...problems.map((problem) => `PROBLEM  ${problem}`),
    ...(evidence === undefined ? [] : [`journals and logs are in ${evidence}`]),
  ].join('\n');
}

const effectNames: Readonly<Record<keyof Effects, string>> = {
  repeated: 'lines the store got again:',
  refusedWrites: 'writes it did not take:',
  reconnects: 'reconnects:',
  spoilt: 'bytes spoilt on the line:',
  ticksInMemory: 'ticks kept in memory:',
  ticksOffTime: 'ticks with a wrong clock:',
};

export function describeTotal({ sent, stored, lost, duplicated, gaps, kills, seed }: Total): string {
  const balance = `${sent} collected = ${stored} stored + ${gaps} counted as given up + ${lost} lost`;
  return `${balance}; ${duplicated} stored twice; ${kills} kills; seed ${seed}`;
}

/** What the faults have to have brought about, or they have proven nothing. */
export function effectsInVain(outcomes: readonly Outcome[], roles: readonly Role[]): string[] {
  const had = (is: (fault: Fault) => boolean) => outcomes.some(({ faults }) => faults.some(is));
  const leavesTraces = (fault: Fault) => fault.kind === 'store' && ['half', 'forgetful'].includes(fault.mood);
  const ofSmallSpool = (fault: Fault) => fault.kind === 'line' && fault.agents.every((i) => roles[i] === 'small-spool');
  const needs: Readonly<Record<keyof Effects, boolean>> = {
    repeated: had(leavesTraces),
    refusedWrites: had(({ kind }) => kind === 'store'),
    reconnects: had((fault) => fault.kind === 'line' && fault.weather === 'cut'),
    spoilt: had((fault) => fault.kind === 'line' && fault.weather === 'lossy'),
    ticksInMemory: had(({ kind }) => kind === 'disk-full'),
    ticksOffTime: had(({ kind }) => kind === 'clock'),
  };
  const names = Object.keys(needs) as (keyof Effects)[];
  const vain = names.filter((name) => needs[name] && outcomes.every(({ effects }) => effects[name] === 0));
  const hasGaps = outcomes.some(({ books }) => [...books.values()].some(({ gaps }) => gaps > 0));
  return [
    ...vain.map((name) => effectNames[name]),
    ...(had(ofSmallSpool) && !hasGaps ? ['readings given up by a full queue'] : []),
  ];
}

export function isGood({ books, unexplained }: PeerResult): boolean {
  return books.lost + books.duplicated + books.altered + unexplained === 0;
}

export function totalOfPeers(results: readonly PeerResult[]) {
  const missing = results.map((result) => result.missing);
  const sum = (of: (result: PeerResult) => number) => results.reduce((total, result) => total + of(result), 0);
  return {
    seeds: results.length,
    missing_most: Math.max(...missing),
    missing_mean: sum((result) => result.missing) / results.length,
    unexplained: sum((result) => result.unexplained),
    lost: sum(({ books }) => books.lost),
    duplicated: sum(({ books }) => books.duplicated),
  };
}

export function describePeers(results: readonly PeerResult[]): string {
  const rows = results.map(({ seed, missing, downSeconds, unexplained, books }) => {
    const down = `agent down for ${downSeconds.toFixed(1)} s`;
    const bad = `${unexplained} unexplained, ${books.lost} lost, ${books.duplicated} stored twice`;
    return `seed ${seed}: ${missing} missing, ${down}; ${bad}`;
  });
  const { missing_most, missing_mean } = totalOfPeers(results);
  return [...rows, `at most ${missing_most} missing, ${missing_mean.toFixed(1)} on average`].join('\n');
}
