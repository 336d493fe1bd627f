/** Grafana's alert rules, from the rules that the collector evaluates too. */
import { type Rule, type RuleScope, ruleIntervalSeconds, rules } from '@vonggac/shared';
import type { DialectName } from '../dialects/dialect.ts';
import { dialects } from '../dialects/dialects.ts';
import type { Language } from '../language.ts';
import type { DashboardJson } from '../normalise.ts';
import { alertSelection } from './alert-query.ts';
import type { AlertRuleJson, QueryStage, ReduceStage, RuleGroupJson, ThresholdStage } from './alert-rule.ts';
import { annotationsOf } from './annotations.ts';
import { durationOf } from './duration.ts';
import { thresholdOf } from './threshold.ts';

export interface AlertOptions {
  readonly language: Language;
  /** That of the data source; InfluxQL when absent. */
  readonly dialect?: DialectName;
  /** Alert rules have no variables: it must be said. */
  readonly dataSourceUid: string;
  /** Where people reach the console, like `https://giamsat.example`. */
  readonly consoleUrl: string;
  /** Alerts link to the panel that shows what they are about, if one of these has it. */
  readonly dashboards: readonly DashboardJson[];
}

/** The folder of the dashboards. */
const folderUid = 'vonggac';

const scopes: readonly RuleScope[] = ['collector', 'unit', 'link', 'service', 'machine'];
const expression = { type: '__expr__', uid: '__expr__' } as const;
const noRange = { from: 0, to: 0 } as const;

/** One group for each scope, the same in every language but for texts. */
export function buildRuleGroups(options: AlertOptions): readonly RuleGroupJson[] {
  return scopes.map((scope) => ({
    title: `vonggac-${scope}`,
    folderUid,
    interval: ruleIntervalSeconds,
    rules: rules.filter((rule) => rule.scope === scope).map((rule) => alertRule(rule, options)),
  }));
}

export function uidOf(ruleId: string): string {
  return `vonggac-${ruleId}`;
}

function alertRule(rule: Rule, options: AlertOptions): AlertRuleJson {
  const consoleUrl = options.consoleUrl.replace(/\/+$/, '');
  return {
    uid: uidOf(rule.id),
    title: rule.title[options.language],
    condition: 'C',
    for: durationOf(rule.pendingSeconds),
    keep_firing_for: durationOf(rule.keepFiringSeconds),
    noDataState: rule.firesWithoutData ? 'Alerting' : 'OK',
    execErrState: 'Error',
    isPaused: false,
    // By `rule` the collector knows its own alerts again, in every language.
    labels: { rule: rule.id, severity: rule.severity, scope: rule.scope, managed_by: 'vonggac' },
    annotations: annotationsOf(rule, { ...options, consoleUrl }),
    data: [queryStage(rule, options), reduceStage(rule, options), thresholdStage(rule)],
  };
}

function queryStage(rule: Rule, { dialect = 'influxql', dataSourceUid }: AlertOptions): QueryStage {
  const { windowSeconds } = rule.query;
  return {
    refId: 'A',
    queryType: '',
    datasourceUid: dataSourceUid,
    relativeTimeRange: { from: windowSeconds, to: 0 },
    model: dialects[dialect].alert(alertSelection(rule), { windowSeconds, dataSourceUid }),
  };
}

/** In PromQL the query has reduced its window already; one number stays what it is, and the texts name it alike. */
function reduceStage({ query }: Rule, { dialect }: AlertOptions): ReduceStage {
  const settings = { mode: 'dropNN' } as const;
  const reducer = dialect === 'promql' ? 'last' : query.reduce;
  return {
    refId: 'B',
    queryType: '',
    datasourceUid: '__expr__',
    relativeTimeRange: noRange,
    model: { refId: 'B', type: 'reduce', expression: 'A', reducer, settings, datasource: expression },
  };
}

function thresholdStage({ condition }: Rule): ThresholdStage {
  const conditions = [thresholdOf(condition)] as const;
  return {
    refId: 'C',
    queryType: '',
    datasourceUid: '__expr__',
    relativeTimeRange: noRange,
    model: { refId: 'C', type: 'threshold', expression: 'B', conditions, datasource: expression },
  };
}
