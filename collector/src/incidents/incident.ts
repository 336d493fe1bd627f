/** An incident: something open that a person may have to act on. */
import { type RuleId, rules } from '@vonggac/shared';
import { cleanText } from '../registry/audit-entry.ts';

/** What detectors tell of. */
export const detectorKinds = [
  'clone',
  'service-down',
  'service-unreachable',
  'link-down',
  'link-degraded',
  'new-device',
  'malware',
  'outbreak',
  'compromise-hint',
  'unprotected',
  'unit-unreachable',
  'machine-offline',
  'agent-stopped',
  'collector-cut-off',
  'clock-wrong',
  'collector-trouble',
  'backup-failed',
] as const;
export type DetectorKind = (typeof detectorKinds)[number];
export type IncidentKind = DetectorKind | RuleId;

/** With those of rules of which no detector tells. */
export const incidentKinds: readonly IncidentKind[] = [
  ...detectorKinds,
  ...rules.flatMap(({ id, tells }) => (tells === undefined ? [id] : [])),
];

export const severities = ['info', 'warning', 'critical'] as const;
export type Severity = (typeof severities)[number];

/** Work on a machine explains its silence and its load, never an attack on it: maintenance excuses none of these. */
export const attackKinds: ReadonlySet<string> = new Set<DetectorKind>([
  'clone',
  'compromise-hint',
  'malware',
  'outbreak',
]);

/** How grave, as a number. */
function rank(severity: Severity): number {
  return severities.indexOf(severity);
}

export function isWorse(severity: Severity, than: Severity): boolean {
  return rank(severity) > rank(than);
}

/** One thing that was seen, when; `what` names it for programs, `facts` are short texts. */
export interface Evidence {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly what: string;
  readonly facts: Readonly<Record<string, string>>;
}

export interface Incident {
  /** Ascending in the order of opening, never used again. */
  readonly id: number;
  readonly kind: IncidentKind;
  readonly severity: Severity;
  /** What it is about: the id of an agent, the code of a unit, the name of a service or of a threat. */
  readonly subject: string;
  readonly unit: string | undefined;
  /** Times are milliseconds since 1970. */
  readonly openedAt: number;
  readonly lastAt: number;
  readonly closedAt: number | undefined;
  /** Undefined when its detector closed it. */
  readonly closedBy: string | undefined;
  readonly acknowledgedAt: number | undefined;
  readonly acknowledgedBy: string | undefined;
  /** Name of the person who is to look after it. */
  readonly assignedTo: string | undefined;
  readonly assignedBy: string | undefined;
  readonly assignedAt: number | undefined;
  /** Until then nobody is told of it; it stays open. May be past. */
  readonly snoozedUntil: number | undefined;
  readonly snoozedBy: string | undefined;
  /** 1, and one more each time that nobody took it in time. */
  readonly level: number;
  /** Since when its time to escalate stands still, and how long it stood before that. */
  readonly heldSince: number | undefined;
  readonly heldMs: number;
  /** What the person who acknowledged or closed it last wrote. */
  readonly note: string | undefined;
  /** How often it was seen. */
  readonly count: number;
  /** The newest, oldest first. */
  readonly evidence: readonly Evidence[];
}

/** What a detector saw. */
export interface Sighting {
  readonly kind: IncidentKind;
  readonly severity: Severity;
  readonly subject: string;
  readonly unit: string | undefined;
  readonly evidence: Evidence;
  /** How often since it was told the last time; default 1. */
  readonly times?: number;
}

/** Put off by someone, and that is not over yet. */
export function isSnoozed({ snoozedUntil = 0 }: Pick<Incident, 'snoozedUntil'>, now: number): boolean {
  return snoozedUntil > now;
}

const maxEvidence = 20;
const maxFacts = 16;

/** Evidence with one more, without what is too old to be kept. Much of it was written by machines that may be hostile. */
export function withEvidence(known: readonly Evidence[], { at, what, facts }: Evidence): Evidence[] {
  const clean = Object.entries(facts)
    .slice(0, maxFacts)
    .map(([name, text]) => [name, cleanText(text)]);
  return [...known, { at, what, facts: Object.fromEntries(clean) }].slice(-maxEvidence);
}
