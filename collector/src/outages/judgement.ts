/**
 * What is known about one silent agent, and the verdict that follows from it: a pure function. Nobody is blamed on the
 * word of one who could not know, and what a power cut and a cut line have in common is told apart only by what the
 * machines say when they are back.
 */
import type { AgentClass } from '@vonggac/shared';
import type { Departure, Planned } from '../live/live-state.ts';
import type { Confidence, Verdict } from './outage.ts';

/** What the collector's own check of a line's edge said while the agent was away. */
export interface EdgeSignal {
  readonly link: string;
  readonly kind: 'tslcd' | 'internet';
  readonly answers: boolean;
}

/** The other agents of the unit that were heard until shortly before. */
export interface UnitSignals {
  /** Machines of the unit that are heard now or, when the agent is back, were heard all the while. */
  readonly heard: number;
  /** Of these, gateways. */
  readonly gatewaysHeard: number;
  /** Others that were lost within the same moment, without a goodbye; and of these, what is known since they are back. */
  readonly lostTogether: number;
  readonly booted: number;
  readonly lived: number;
}

/** What is known since the agent is back. */
export interface ReturnSignals {
  readonly at: number;
  readonly startedAt: number;
  readonly bootedAt: number;
  /** Readings that it took while nobody heard it, and what they say of its own network. */
  readonly readings: number;
  readonly lan: 'reached' | 'silent' | 'unknown';
  /** Enough time has passed for readings of the outage to arrive. */
  readonly isSettled: boolean;
}

export interface OutageSignals {
  readonly class: AgentClass;
  /** When it was heard last. */
  readonly beganAt: number;
  /** Undefined when the collector has not seen it leave. */
  readonly departure: Departure | undefined;
  readonly planned: Planned | undefined;
  /** The collector itself was cut off when the agent fell silent. */
  readonly isCollectorCutOff: boolean;
  /** Whether a neighbour on its network says that the machine answers. */
  readonly neighbours: 'answers' | 'silent' | 'unknown';
  readonly unit: UnitSignals;
  readonly edges: readonly EdgeSignal[];
  /** What a machine of the unit says that it lived on, about the time at which this one was heard last. */
  readonly battery: 'battery' | 'ups' | undefined;
  readonly returned: ReturnSignals | undefined;
}

export interface Judgement {
  readonly verdict: Verdict;
  readonly confidence: Confidence;
  /** Names the evidence that decided. */
  readonly why: string;
}

/** A machine's clock and the collector's differ a little. */
const bootSlackMs = 2_000;

export function judgeOutage(signals: OutageSignals): Judgement {
  return (
    byPlan(signals) ??
    byReturn(signals) ??
    byCollector(signals) ??
    byNeighboursReturned(signals) ??
    byDeparture(signals)
  );
}

function byPlan({ planned }: OutageSignals): Judgement | undefined {
  return planned && { verdict: 'planned', confidence: 'high', why: planned.reason };
}

function byCollector({ isCollectorCutOff, departure }: OutageSignals): Judgement | undefined {
  const isUnseen = isCollectorCutOff && (departure === undefined || departure === 'silent' || departure === 'dropped');
  return isUnseen ? { verdict: 'collector-outage', confidence: 'high', why: 'most-units-silent' } : undefined;
}

function byReturn(signals: OutageSignals): Judgement | undefined {
  const { returned, beganAt } = signals;
  if (!returned) return undefined;
  if (returned.bootedAt > beganAt + bootSlackMs) return byBoot(signals);
  const isNewProcess = returned.startedAt > beganAt + bootSlackMs;
  if (isOrderly(signals) || (isNewProcess && !isGroup(signals))) return byNewProcess(signals);
  return signals.isCollectorCutOff ? undefined : byLife(signals, returned);
}

/** The machine was off in between. */
function byBoot(signals: OutageSignals): Judgement {
  const { departure, unit } = signals;
  if (isOrderly(signals)) return { verdict: 'machine-shut-down', confidence: 'high', why: 'machine-started' };
  if (isPowerOut(signals) && (isGroup(signals) || departure !== 'closed')) {
    return { verdict: 'unit-power-loss', confidence: 'high', why: 'on-battery' };
  }
  if (isGroup(signals) && unit.booted > 0) {
    return { verdict: 'unit-power-loss', confidence: 'high', why: 'several-machines-started' };
  }
  if (isGroup(signals) && unit.lived === 0) {
    return { verdict: 'unit-power-loss', confidence: 'medium', why: 'machine-started' };
  }
  // Whoever crashes or loses its power closes nothing; a system that shuts down does.
  if (departure === 'closed') return { verdict: 'machine-shut-down', confidence: 'medium', why: 'machine-started' };
  return { verdict: 'machine-lost', confidence: isGroup(signals) ? 'medium' : 'high', why: 'machine-started' };
}

/** The machine went on, the agent did not. */
function byNewProcess({ departure }: OutageSignals): Judgement {
  // A system that hibernates in place of shutting down keeps its boot time.
  if (departure === 'shutdown') return { verdict: 'machine-shut-down', confidence: 'medium', why: 'goodbye' };
  return { verdict: 'agent-stopped', confidence: 'high', why: 'agent-started' };
}

/** The agent lived all the while and was not heard. */
function byLife(signals: OutageSignals, returned: ReturnSignals): Judgement | undefined {
  const { unit, edges } = signals;
  // Switches, routers and modems need power too.
  if (isPowerOut(signals) && (unit.heard === 0 || returned.lan === 'silent')) {
    const confidence = returned.lan === 'silent' ? 'high' : 'medium';
    return { verdict: 'unit-power-loss', confidence, why: 'on-battery' };
  }
  if (returned.lan === 'silent') {
    if (unit.booted >= 2) return { verdict: 'unit-power-loss', confidence: 'high', why: 'several-machines-started' };
    return { verdict: 'lan-isolated', confidence: 'high', why: 'router-was-silent' };
  }
  if (unit.heard === 0 && returned.lan === 'reached') {
    return { verdict: deadLine(edges), confidence: 'high', why: 'router-was-reached' };
  }
  if (unit.booted >= 2) return { verdict: 'unit-power-loss', confidence: 'medium', why: 'several-machines-started' };
  if (unit.heard === 0 && (isGroup(signals) || edges.some(({ answers }) => !answers))) {
    return { verdict: deadLine(edges), confidence: 'medium', why: 'agent-lived' };
  }
  if (returned.lan === 'reached') return { verdict: 'unknown', confidence: 'medium', why: 'router-was-reached' };
  if (!returned.isSettled) return undefined;
  if (returned.readings > 0) return { verdict: 'lan-isolated', confidence: 'low', why: 'agent-lived' };
  // A machine that sleeps measures nothing, and servers do not sleep.
  if (signals.class === 'pc') return { verdict: 'machine-shut-down', confidence: 'low', why: 'nothing-measured' };
  return { verdict: 'agent-stopped', confidence: 'medium', why: 'nothing-measured' };
}

/** Others that were lost in the same moment are back and tell what it was. */
function byNeighboursReturned(signals: OutageSignals): Judgement | undefined {
  const { unit } = signals;
  if (signals.returned || !isGroup(signals) || unit.booted === 0) return undefined;
  const confidence = unit.booted >= 2 ? 'high' : 'medium';
  return unit.booted > unit.lived
    ? { verdict: 'unit-power-loss', confidence, why: 'several-machines-started' }
    : undefined;
}

function byDeparture(signals: OutageSignals): Judgement {
  const { departure, neighbours, unit } = signals;
  if (departure === 'shutdown') return { verdict: 'machine-shut-down', confidence: 'high', why: 'goodbye' };
  if (departure === 'stop' || departure === 'update') {
    return { verdict: 'agent-stopped', confidence: 'high', why: 'goodbye' };
  }
  // Several that close at once without a word hung on something that they have in common.
  if (departure !== 'closed' || (unit.lostTogether > 0 && unit.heard === 0)) return bySilence(signals);
  if (neighbours === 'silent') return { verdict: 'machine-shut-down', confidence: 'medium', why: 'neighbour-silent' };
  const confidence = neighbours === 'answers' ? 'high' : 'medium';
  return { verdict: 'agent-stopped', confidence, why: 'connection-closed' };
}

function bySilence(signals: OutageSignals): Judgement {
  const { neighbours, unit, edges } = signals;
  if (neighbours === 'answers') return { verdict: 'agent-stopped', confidence: 'medium', why: 'neighbour-answers' };
  if (isPowerOut(signals)) {
    const isSureToo = neighbours === 'silent' && isGroup(signals);
    return { verdict: 'unit-power-loss', confidence: isSureToo ? 'high' : 'medium', why: 'on-battery' };
  }
  const isSure = neighbours === 'silent';
  const why = isSure ? 'neighbour-silent' : 'others-heard';
  if (unit.gatewaysHeard > 0 && unit.heard === unit.gatewaysHeard && unit.lostTogether > 0) {
    return { verdict: 'lan-isolated', confidence: isSure ? 'high' : 'medium', why: 'lost-together' };
  }
  if (unit.heard > 0) return { verdict: 'machine-lost', confidence: isSure ? 'high' : 'medium', why };
  if (edges.some(({ answers }) => !answers)) {
    const isPartly = edges.some(({ answers }) => answers);
    return { verdict: deadLine(edges), confidence: isPartly ? 'medium' : 'low', why: 'edge-silent' };
  }
  if (edges.length > 0) {
    const verdict = unit.lostTogether > 0 ? 'lan-isolated' : 'machine-lost';
    return { verdict, confidence: 'medium', why: 'edge-answers' };
  }
  if (unit.lostTogether > 0) return { verdict: 'unit-link-down', confidence: 'low', why: 'lost-together' };
  return { verdict: 'unknown', confidence: 'low', why: 'silence' };
}

/** Which line the silence is the fault of: the one whose edge is silent. */
function deadLine(edges: readonly EdgeSignal[]): Verdict {
  const dead = edges.filter(({ answers }) => !answers);
  return dead.length > 0 && dead.every(({ kind }) => kind === 'internet') ? 'internet-down' : 'unit-link-down';
}

/** A UPS tells of the mains; a laptop may have been unplugged, and only with others lost does that tell of them. */
function isPowerOut(signals: OutageSignals): boolean {
  return signals.battery === 'ups' || (signals.battery === 'battery' && isGroup(signals));
}

function isOrderly({ departure }: OutageSignals): boolean {
  return departure === 'stop' || departure === 'shutdown' || departure === 'update';
}

function isGroup({ unit }: OutageSignals): boolean {
  return unit.lostTogether > 0;
}
