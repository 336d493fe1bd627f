/**
 * A condition on the data of which a person should hear. From one rule come the evaluator behind the console and
 * Grafana's alert rule; whatever a rule names is checked against the catalogue by the compiler.
 */
import type { catalogue, FieldName, MeasurementName, TagName } from '../catalogue/catalogue.ts';
import type { AgentClass } from '../units/agent-class.ts';

export interface InBothLanguages {
  readonly vi: string;
  readonly en: string;
}

/** `critical`: act now. `warning`: today. `info`: see it. */
export type RuleSeverity = 'critical' | 'info' | 'warning';

/** What an instance of a rule is about. */
export type RuleScope = 'collector' | 'link' | 'machine' | 'service' | 'unit';

/** How the values of a window become one; booleans are 0 and 1. */
export type Reducer = 'last' | 'max' | 'mean' | 'min';

/** `recovers`: what fired is over only past this, so that a value at the edge does not come and go. */
export type Condition =
  | { readonly kind: 'above'; readonly threshold: number; readonly recovers: number }
  | { readonly kind: 'below'; readonly threshold: number; readonly recovers: number }
  /** A state's number. Grafana has no "equals" in all versions: there it is within 0.5 of it. */
  | { readonly kind: 'is'; readonly value: number }
  | { readonly kind: 'outside'; readonly low: number; readonly high: number };

export interface RuleQuery {
  readonly measurement: MeasurementName;
  readonly field: string;
  /** Only series whose own tags have exactly these values. */
  readonly where: Readonly<Record<string, string>>;
  /** Own tags that tell instances apart, besides agent, host, unit and class. */
  readonly by: readonly string[];
  readonly reduce: Reducer;
  /** How far back values count; without one in it there is no data, which is never "fine". */
  readonly windowSeconds: number;
}

export interface RuleTexts {
  readonly what: InBothLanguages;
  readonly impact: InBothLanguages;
  readonly firstAction: InBothLanguages;
  readonly whomToCall: InBothLanguages;
}

export interface Rule {
  /** Names the kind of incident and the runbook too. */
  readonly id: string;
  readonly title: InBothLanguages;
  readonly texts: RuleTexts;
  readonly query: RuleQuery;
  readonly condition: Condition;
  /** How long the condition must hold. Zero only for events, which do not last, and for what a detector has waited for. */
  readonly pendingSeconds: number;
  /** How long it must be over until the rule stops firing. */
  readonly keepFiringSeconds: number;
  readonly severity: RuleSeverity;
  readonly scope: RuleScope;
  /** Fires when there is not a single value of anything, too. One rule only, or a dead store would be an alert from each. */
  readonly firesWithoutData?: true;
  /** Only machines of these classes; all when absent. */
  readonly classes?: readonly AgentClass[];
  /** The kind of incident that another detector opens of the same matter: the rule follows the state and opens none. */
  readonly tells?: string;
  /** Rules that say the same of the same, and more: while one of them has an incident, this one opens none. */
  readonly yieldsTo?: readonly string[];
}

/** Fields that are numbers, or booleans as 0 and 1. */
type NumericField<M extends MeasurementName> = {
  [F in FieldName<M>]: (typeof catalogue)[M]['fields'][F & keyof (typeof catalogue)[M]['fields']] extends {
    readonly type: 'string';
  }
    ? never
    : F;
}[FieldName<M>];

interface QueryOf<M extends MeasurementName> {
  readonly measurement: M;
  readonly field: NumericField<M>;
  readonly where?: { readonly [T in TagName<M>]?: string };
  readonly by?: readonly TagName<M>[];
  readonly reduce: Reducer;
  readonly windowSeconds: number;
}

type RuleParts<Id extends string, M extends MeasurementName> = Omit<Rule, 'id' | 'query'> & {
  readonly id: Id;
  readonly query: QueryOf<M>;
};

/** Makes a rule whose names the compiler checks against the catalogue. */
export function rule<const Id extends string, M extends MeasurementName>(
  parts: RuleParts<Id, M>,
): Rule & { readonly id: Id } {
  const { query } = parts;
  const where = Object.fromEntries(Object.entries<string | undefined>(query.where ?? {}).filter(isSet));
  return { ...parts, query: { ...query, where, by: query.by ?? [] } };
}

function isSet(entry: [string, string | undefined]): entry is [string, string] {
  return entry[1] !== undefined;
}
