/** An alert rule as Grafana's provisioning API takes it; only what this code writes has a type. */

export interface QueryStage {
  readonly refId: 'A';
  readonly queryType: '';
  readonly datasourceUid: string;
  /** Seconds before now. */
  readonly relativeTimeRange: { readonly from: number; readonly to: 0 };
  readonly model: QueryModel;
}

export type QueryModel = InfluxQlModel | PromQlModel;

interface Model<Type extends string> {
  readonly refId: 'A';
  readonly datasource: { readonly type: Type; readonly uid: string };
  readonly intervalMs: number;
  readonly maxDataPoints: number;
}

export interface InfluxQlModel extends Model<'influxdb'> {
  readonly rawQuery: true;
  readonly resultFormat: 'time_series';
  readonly query: string;
}

export interface PromQlModel extends Model<'prometheus'> {
  readonly expr: string;
  readonly instant: true;
  readonly range: false;
  readonly editorMode: 'code';
  readonly legendFormat: string;
}

/** In whichever language. */
export function queryText(model: QueryModel): string {
  return 'expr' in model ? model.expr : model.query;
}

interface ExpressionStage<Id extends string, Model> {
  readonly refId: Id;
  readonly queryType: '';
  readonly datasourceUid: '__expr__';
  readonly relativeTimeRange: { readonly from: 0; readonly to: 0 };
  readonly model: Model & {
    readonly refId: Id;
    readonly datasource: { readonly type: '__expr__'; readonly uid: '__expr__' };
  };
}

export type ReduceStage = ExpressionStage<
  'B',
  {
    readonly type: 'reduce';
    readonly expression: 'A';
    readonly reducer: 'last' | 'max' | 'mean' | 'min';
    /** Without it one null makes the result "not a number", and that is never above anything. */
    readonly settings: { readonly mode: 'dropNN' };
  }
>;

/** The types that every version has; later ones have more. */
export interface ThresholdEvaluator {
  readonly type: 'gt' | 'lt' | 'outside_range' | 'within_range';
  readonly params: readonly number[];
}

export interface ThresholdCondition {
  readonly evaluator: ThresholdEvaluator;
  /** What ends it: from version 10, ignored before. */
  readonly unloadEvaluator?: ThresholdEvaluator;
}

export type ThresholdStage = ExpressionStage<
  'C',
  { readonly type: 'threshold'; readonly expression: 'B'; readonly conditions: readonly [ThresholdCondition] }
>;

export interface AlertRuleJson {
  readonly uid: string;
  readonly title: string;
  readonly condition: 'C';
  readonly for: string;
  /** From version 12, ignored before. */
  readonly keep_firing_for: string;
  readonly noDataState: 'Alerting' | 'OK';
  readonly execErrState: 'Error';
  readonly isPaused: false;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly data: readonly [QueryStage, ReduceStage, ThresholdStage];
}

/** All rules of one scope: written, evaluated and pruned together. */
export interface RuleGroupJson {
  readonly title: string;
  readonly folderUid: string;
  /** Seconds. */
  readonly interval: number;
  readonly rules: readonly AlertRuleJson[];
}
