/** Signals as evidence that people can read: what was seen, when, by whom. */
import type { Evidence } from '../incidents/incident.ts';
import type { OutageSignals, ReturnSignals } from './judgement.ts';

type Seen = Omit<Evidence, 'at'>;

/** Who told of the machine from its own network. */
export interface NeighbourWord {
  readonly gateway: string;
  readonly answers: boolean;
}

/** Who told of the power where it stands. */
export interface PowerWord {
  readonly source: 'battery' | 'ups';
  readonly machine: string;
  readonly since: number;
}

/** In the order in which things are found out. */
export function evidenceOf(
  signals: OutageSignals,
  { neighbour, power }: { neighbour: NeighbourWord | undefined; power: PowerWord | undefined },
): Seen[] {
  const { planned, unit, edges, returned, isCollectorCutOff } = signals;
  const seen: (Seen | undefined)[] = [
    departureOf(signals),
    planned && {
      what: planned.reason,
      facts: {
        ...(planned.note !== undefined && { note: planned.note }),
        ...(planned.until !== undefined && { until: iso(planned.until) }),
      },
    },
    isCollectorCutOff ? { what: 'most-units-silent', facts: {} } : undefined,
    unit.lostTogether > 0 ? { what: 'lost-together', facts: { others: `${unit.lostTogether}` } } : undefined,
    unit.heard > 0 ? { what: 'others-heard', facts: { machines: `${unit.heard}` } } : undefined,
    neighbour && {
      what: neighbour.answers ? 'neighbour-answers' : 'neighbour-silent',
      facts: { gateway: neighbour.gateway },
    },
    power && {
      what: 'on-battery',
      facts: { source: power.source, machine: power.machine, since: iso(power.since) },
    },
    ...edges.map(({ link, kind, answers }) => ({
      what: answers ? 'edge-answers' : 'edge-silent',
      facts: { link, kind },
    })),
    unit.booted > 0 ? { what: 'several-machines-started', facts: { others: `${unit.booted}` } } : undefined,
    ...(returned ? returnOf(returned, signals.beganAt) : []),
  ];
  return seen.filter((each) => each !== undefined);
}

function departureOf({ departure }: OutageSignals): Seen {
  switch (departure) {
    case 'closed':
      return { what: 'connection-closed', facts: {} };
    case 'silent':
      return { what: 'silence', facts: {} };
    case 'dropped':
      return { what: 'connection-dropped', facts: {} };
    case undefined:
      return { what: 'not-seen-leaving', facts: {} };
    default:
      return { what: 'goodbye', facts: { reason: departure } };
  }
}

function returnOf({ startedAt, bootedAt, readings, lan }: ReturnSignals, beganAt: number): Seen[] {
  const isBooted = bootedAt > beganAt;
  const isStarted = startedAt > beganAt;
  const life: Seen = isBooted
    ? { what: 'machine-started', facts: { booted: iso(bootedAt) } }
    : isStarted
      ? { what: 'agent-started', facts: { started: iso(startedAt), booted: iso(bootedAt) } }
      : { what: 'agent-lived', facts: { started: iso(startedAt), booted: iso(bootedAt) } };
  const measured = readings > 0 ? [{ what: 'measured-meanwhile', facts: { readings: `${readings}` } }] : [];
  const router = lan === 'unknown' ? [] : [{ what: `router-was-${lan}`, facts: {} }];
  return [life, ...measured, ...router];
}

function iso(time: number): string {
  return new Date(time).toISOString();
}

/** What is known with what is seen now: each thing once, with the time at which it was first seen. */
export function mergedEvidence(known: readonly Evidence[], seen: readonly Seen[], at: number): Evidence[] {
  const merged = [...known];
  for (const each of seen) {
    const index = merged.findIndex((other) => keyOf(other) === keyOf(each));
    const before = merged[index];
    if (before) merged[index] = { ...before, facts: each.facts };
    else merged.push({ at, ...each });
  }
  return merged.slice(0, maxEvidence);
}

const maxEvidence = 20;

/** There may be several lines. */
function keyOf({ what, facts }: Seen): string {
  return facts.link === undefined ? what : `${what} ${facts.link}`;
}
