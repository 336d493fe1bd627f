/** Between the labels of an alert instance and the incident that tells of the same: both name rule, unit and subject. */
import { type Rule, ruleById, rules } from '@vonggac/shared';
import type { Incident } from '../../incidents/incident.ts';

export type Labels = Readonly<Record<string, string>>;

/** How the incident may be named that an alert is about; the first that is there is meant. */
export interface AlertSubject {
  readonly kind: string;
  readonly unit: string | undefined;
  readonly subjects: readonly string[];
  /** The detector names more than the alert says, as a day or a problem of the collector. Then any of the unit is meant. */
  readonly isUnitEnough: boolean;
}

/** In place of a unit's code, where the collector speaks of none. */
const ownUnits: ReadonlySet<string> = new Set(['-', 'collector', '']);
const namedByMore: ReadonlySet<string> = new Set(['new-device', 'collector-trouble']);
/** Rules on the collector's own incidents tell them apart by this. */
const subjectLabel = 'subject';

/** Undefined for an alert that is not from one of our rules. */
export function subjectOfAlert(labels: Labels): AlertSubject | undefined {
  const rule = labels.managed_by === 'vonggac' ? ruleById(labels.rule ?? '') : undefined;
  if (!rule) return undefined;
  const unit = ownUnits.has(labels.unit ?? '') ? undefined : labels.unit;
  const kind = rule.tells ?? rule.id;
  const exact = isExact(rule) ? labels[subjectLabel] : undefined;
  if (exact !== undefined) return { kind, unit, subjects: [exact], isUnitEnough: false };
  const own = ownLabel(rule);
  const item = own === undefined ? undefined : labels[own];
  const subjects = [
    rule.query.measurement === 'incident' && item,
    rule.scope === 'machine' && labels.agent,
    rule.scope !== 'machine' && item !== undefined && unit !== undefined && `${unit}/${item}`,
    rule.scope !== 'machine' && item,
    rule.scope === 'collector' && 'collector',
    unit,
  ];
  return { kind, unit, subjects: subjects.filter(isText), isUnitEnough: namedByMore.has(kind) };
}

/** Which of our alert instances tell of an incident, as labels; undefined when none tells of it and nothing else. */
export function labelsOfIncident(
  incident: Pick<Incident, 'kind' | 'subject' | 'unit'>,
): { readonly rules: readonly string[]; readonly labels: Labels } | undefined {
  const { kind, subject, unit } = incident;
  const tellers = rules.filter((rule) => (rule.tells ?? rule.id) === kind);
  if (namedByMore.has(kind)) return undefined;
  const [exact, others] = [true, false].map((wanted) => tellers.filter((rule) => isExact(rule) === wanted));
  // What is told of a unit's machines together is not told by a rule that detectors follow machine by machine.
  const own = (others ?? []).filter(({ scope, tells }) => !(scope === 'machine' && tells && subject === unit));
  const [first] = own;
  const labels = first ? labelsOf(first, incident) : { [subjectLabel]: subject };
  const speaking = first ? own : (exact ?? []);
  return labels && speaking.length > 0 ? { rules: speaking.map(({ id }) => id), labels } : undefined;
}

function labelsOf(rule: Rule, { subject, unit }: Pick<Incident, 'subject' | 'unit'>): Labels | undefined {
  if (rule.scope === 'collector') return {};
  if (unit !== undefined && subject === unit) return { unit };
  if (rule.scope === 'machine') return { agent: subject };
  const own = ownLabel(rule);
  if (own === undefined) return undefined;
  if (unit === undefined) return { [own]: subject };
  return subject.startsWith(`${unit}/`) ? { unit, [own]: subject.slice(unit.length + 1) } : undefined;
}

function isExact({ query }: Rule): boolean {
  return query.by.includes(subjectLabel);
}

/** Of a line its id, of a service its name, of a rule that follows incidents what they are about. */
function ownLabel({ scope, query }: Rule): string | undefined {
  return scope === 'link' || scope === 'service' || query.measurement === 'incident' ? query.by[0] : undefined;
}

function isText(value: string | false | undefined): value is string {
  return typeof value === 'string' && value !== '';
}
