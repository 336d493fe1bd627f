/** Grafana's alert rules, from the rules that the collector evaluates too. */
import { type Rule, type RuleScope, ruleIntervalSeconds, rules } from '@vonggac/shared';
import type { Language } from '../language.ts';
import type { DashboardJson } from '../normalise.ts';
import { alertQuery } from './alert-query.ts';
import type { AlertRuleJson, QueryStage, ReduceStage, RuleGroupJson, ThresholdStage } from './alert-rule.ts';
import { annotationsOf } from './annotations.ts';
import { durationOf } from './duration.ts';
import { thresholdOf } from './threshold.ts';

export interface AlertOptions {
  readonly language: Language;
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
/** One rule of all says that no data comes, or a dead store would be an alert from each. */
const watchdog = 'collector_watchdog';
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
    noDataState: rule.query.measurement === watchdog ? 'Alerting' : 'OK',
    execErrState: 'Error',
    isPaused: false,
    labels: { severity: rule.severity, scope: rule.scope, managed_by: 'vonggac' },
    annotations: annotationsOf(rule, { ...options, consoleUrl }),
    data: [queryStage(rule, options.dataSourceUid), reduceStage(rule), thresholdStage(rule)],
  };
}

function queryStage(rule: Rule, uid: string): QueryStage {
  return {
    refId: 'A',
    queryType: '',
    datasourceUid: uid,
    relativeTimeRange: { from: rule.query.windowSeconds, to: 0 },
    model: {
      refId: 'A',
      datasource: { type: 'influxdb', uid },
      rawQuery: true,
      resultFormat: 'time_series',
      query: alertQuery(rule),
      // Grafana's own values, which it would add: what it gives back then compares equal.
      intervalMs: 60_000,
      maxDataPoints: 43_200,
    },
  };
}

function reduceStage({ query }: Rule): ReduceStage {
  const settings = { mode: 'dropNN' } as const;
  return {
    refId: 'B',
    queryType: '',
    datasourceUid: '__expr__',
    relativeTimeRange: noRange,
    model: { refId: 'B', type: 'reduce', expression: 'A', reducer: query.reduce, settings, datasource: expression },
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
