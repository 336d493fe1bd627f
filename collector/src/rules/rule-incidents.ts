/**
 * Opens, adds to and closes the incidents of rules that no other detector tells of: one for a rule and what it is
 * about (a machine with all its disks, a line, a unit), and one for a whole unit when many of its machines fire the
 * same rule together.
 */
import { rules as allRules, type Rule, type RuleId } from '@vonggac/shared';
import type { IncidentKind } from '../incidents/incident.ts';
import type { Incidents } from '../incidents/incidents.ts';
import { listed } from '../protection/listed.ts';
import { cleanText } from '../registry/audit-entry.ts';
import { forgetAfterMs } from './evaluator.ts';
import type { Instance } from './instance.ts';

/** More machines of a unit than this have one cause in common, or one person who looks after them. */
const groupedFrom = 6;
/** Each is written and synced: when a thousand fire together, the others wait for the next tick. */
const maxChanges = 100;
const maxNames = 8;
const maxOpen = 100_000;
const collectorSubject = 'collector';

interface Options {
  readonly incidents: Pick<Incidents, 'report' | 'resolve' | 'fold' | 'list' | 'together'>;
  readonly rules?: readonly (Rule & { readonly id: RuleId })[];
  readonly instancesOf: (rule: string) => Iterable<Instance>;
  /** An agent that is not expected to report any more. */
  readonly isRetired: (agent: string) => boolean;
  /** Whether no incident is opened now: the machine is away with its unit, or there is maintenance. */
  readonly isSuppressed: (instance: Instance, rule: Rule) => boolean;
}

interface Open {
  readonly id: number;
  /** Who was told of. */
  readonly members: ReadonlySet<string>;
  /** It was opened before a restart: nobody knows of whom it told. */
  readonly isTakenUp: boolean;
}

interface Matter {
  readonly subject: string;
  readonly unit: string | undefined;
  readonly members: readonly Instance[];
}

export class RuleIncidents {
  readonly #options: Options;
  readonly #rules: readonly (Rule & { readonly id: RuleId })[];
  /** By rule and subject. */
  readonly #open = new Map<string, Map<string, Open>>();
  #startedAt: number | undefined;

  constructor(options: Options) {
    this.#options = options;
    // The strongest first, so that the others see what they yield to.
    this.#rules = (options.rules ?? allRules)
      .filter(({ tells }) => tells === undefined)
      .toSorted((a, b) => (a.yieldsTo?.length ?? 0) - (b.yieldsTo?.length ?? 0));
  }

  /** Call it after each evaluation. Throws when incidents cannot be kept. */
  tick(now: number): void {
    if (this.#startedAt === undefined) this.#takeUp();
    this.#startedAt ??= now;
    let changes = 0;
    try {
      this.#options.incidents.together(() => {
        for (const rule of this.#rules) changes += this.#follow(rule, { now, left: maxChanges - changes });
      });
    } catch (error) {
      // Nothing of it was kept: what is open is read again.
      this.#open.clear();
      this.#startedAt = undefined;
      throw error;
    }
  }

  /** Answers how many incidents it has changed. */
  #follow(rule: Rule & { readonly id: RuleId }, { now, left }: { now: number; left: number }): number {
    const open = this.#open.get(rule.id) ?? new Map<string, Open>();
    this.#open.set(rule.id, open);
    const all = [...this.#options.instancesOf(rule.id)];
    const held = all.filter(({ isHeld }) => isHeld);
    if (held.length === 0 && open.size === 0) return 0;
    const told = mattersOf(rule, held, open);
    const matters = new Map(
      told.filter(({ subject }) => !this.#stronger(rule, subject)).map((matter) => [matter.subject, matter]),
    );
    let changes = 0;
    for (const matter of matters.values()) {
      if (changes < left) changes += this.#tell(rule, matter, { open, now });
    }
    for (const [subject, { id, isTakenUp }] of open) {
      if (matters.has(subject) || changes >= left) continue;
      if (isTakenUp && !this.#isOver(rule, subject, { all, now })) continue;
      const heir = [...matters.values()].find(({ members }) =>
        members.some((member) => subjectOf(rule, member) === subject),
      );
      const heirId = (heir && open.get(heir.subject)?.id) ?? this.#stronger(rule, subject)?.id;
      const kind: IncidentKind = rule.id;
      if (heirId === undefined) this.#options.incidents.resolve(kind, subject, now);
      else this.#options.incidents.fold(id, { at: now, note: `told by incident ${heirId}` });
      open.delete(subject);
      changes += 1;
    }
    return changes;
  }

  #tell(
    rule: Rule & { readonly id: RuleId },
    { subject, unit, members }: Matter,
    { open, now }: { open: Map<string, Open>; now: number },
  ): number {
    const known = open.get(subject);
    const names = new Set(members.map((member) => nameOf(rule, member)));
    if (known && [...names].every((name) => known.members.has(name))) return 0;
    // Only creation is suppressed: what is open is added to, and closes when it is over.
    if (!known && members.every((instance) => this.#options.isSuppressed(instance, rule))) return 0;
    if (known?.isTakenUp) {
      // Not told again.
      open.set(subject, { id: known.id, members: names, isTakenUp: false });
      return 0;
    }
    const evidence = { at: now, what: 'rule-fires', facts: factsOf(rule, members) };
    const kind: IncidentKind = rule.id;
    const { id } = this.#options.incidents.report({ kind, severity: rule.severity, subject, unit, evidence });
    open.set(subject, { id, members: new Set([...(known?.members ?? []), ...names]), isTakenUp: false });
    return 1;
  }

  /** The incident of a rule that says more of the same. */
  #stronger({ yieldsTo = [] }: Rule, subject: string): Open | undefined {
    return yieldsTo.map((id) => this.#open.get(id)?.get(subject)).find((open) => open !== undefined);
  }

  /** Of what was open before a restart: all that it is about is heard again, and has had the time to fire. */
  #isOver(rule: Rule, subject: string, { all, now }: { all: readonly Instance[]; now: number }): boolean {
    const passedMs = now - (this.#startedAt ?? now);
    const own = all.filter((instance) => concerns(rule, instance, subject));
    if (own.length === 0) return this.#options.isRetired(subject) || passedMs > forgetAfterMs;
    const settledMs = (rule.query.windowSeconds + rule.pendingSeconds) * 1_000;
    return passedMs > settledMs && own.every(({ state }) => state !== 'no-data');
  }

  #takeUp(): void {
    const ids = new Set<string>(this.#rules.map(({ id }) => id));
    for (const { kind, subject, id } of this.#options.incidents.list({ state: 'open', limit: maxOpen })) {
      if (!ids.has(kind)) continue;
      const open = this.#open.get(kind) ?? new Map<string, Open>();
      open.set(subject, { id, members: new Set(), isTakenUp: true });
      this.#open.set(kind, open);
    }
  }
}

/** What an instance is about; codes of units are capitals, ids of agents are not. */
function subjectOf({ scope }: Rule, { origin, tags, unit }: Instance): string {
  if (scope === 'machine') return origin.agent;
  if (scope === 'unit') return origin.unit;
  if (scope === 'collector') return collectorSubject;
  const [own = ''] = tags;
  // As incidents keep it: machines name what they check.
  return cleanText(unit === undefined ? own : `${unit}/${own}`);
}

function concerns(rule: Rule, instance: Instance, subject: string): boolean {
  return subjectOf(rule, instance) === subject || (rule.scope === 'machine' && instance.unit === subject);
}

function mattersOf(rule: Rule, held: readonly Instance[], open: ReadonlyMap<string, Open>): Matter[] {
  const bySubject = [...Map.groupBy(held, (instance) => subjectOf(rule, instance))];
  const matters = bySubject.map(([subject, members]): Matter => ({ subject, unit: members[0]?.unit, members }));
  if (rule.scope !== 'machine') return matters;
  const byUnit = [...Map.groupBy(matters, ({ unit = '' }) => unit)];
  return byUnit.flatMap(([unit, own]) => {
    const isGrouped = own.length >= groupedFrom || open.has(unit);
    return isGrouped ? [{ subject: unit, unit, members: own.flatMap(({ members }) => members) }] : own;
  });
}

function nameOf({ scope }: Rule, { origin, tags }: Instance): string {
  return [scope === 'machine' ? origin.agent : origin.unit, ...tags].join(' ');
}

function factsOf({ query, scope }: Rule, members: readonly Instance[]): Record<string, string> {
  const [first] = members;
  const hosts = [...new Set(members.map(({ origin }) => origin.host))];
  const values = new Set(members.map(({ tags, value }) => [...tags, rounded(value)].join(': ')));
  return {
    reading: `${query.measurement}.${query.field}`,
    value: listed([...values], maxNames),
    ...(scope === 'machine' &&
      hosts.length === 1 &&
      first && { hostname: first.origin.host, class: first.origin.class }),
    ...(scope === 'machine' && hosts.length > 1 && { machines: `${hosts.length}`, names: listed(hosts, maxNames) }),
  };
}

function rounded(value: number | undefined): string {
  return value === undefined ? '?' : `${Math.round(value * 100) / 100}`;
}
