/**
 * What Grafana makes of an alert rule: query, series, one value of each, threshold, alert instances and their states. Made
 * after its source (versions 9.4 to 12), because no test here has a Grafana; what it does with wrong rules is here too.
 */
import {
  type AlertRuleJson,
  queryText,
  type ReduceStage,
  type ThresholdEvaluator,
} from '../../dashboards/src/alerts/alert-rule.ts';

export interface AnsweredSeries {
  readonly tags?: Readonly<Record<string, string>>;
  readonly columns: readonly string[];
  readonly values: readonly (readonly (string | number | boolean | null)[])[];
}

/** An instant query of PromQL needs to know when; InfluxQL says it. */
export type Ask = (query: string, now: number) => Promise<readonly AnsweredSeries[]>;

interface Value {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

type State = 'alerting' | 'normal' | 'pending' | 'recovering';

interface AlertInstance {
  state: State;
  since: number;
  seenAt: number;
}

/** How many intervals a series may stay away until its alert is taken for over. */
const missingIntervals = 2;
const lengths: Readonly<Record<string, number>> = { d: 86_400_000, h: 3_600_000, m: 60_000, s: 1_000 };

export class GrafanaRule {
  readonly #rule: AlertRuleJson;
  readonly #ask: Ask;
  readonly #intervalMs: number;
  /** By labels, as one text. */
  readonly #instances = new Map<string, AlertInstance>();

  constructor(rule: AlertRuleJson, options: { ask: Ask; intervalMs: number }) {
    this.#rule = rule;
    this.#ask = options.ask;
    this.#intervalMs = options.intervalMs;
  }

  /** Instances of which people have been told and have not heard the end, `keyOf` their labels. */
  get firing(): ReadonlySet<string> {
    const told = [...this.#instances].filter(([, { state }]) => state === 'alerting' || state === 'recovering');
    return new Set(told.map(([key]) => key));
  }

  async evaluate(now: number): Promise<void> {
    const [query, { model: reduce }, { model: threshold }] = this.#rule.data;
    const { from } = query.relativeTimeRange;
    const range = `time >= ${now - from * 1_000}ms and time <= ${now}ms`;
    const text = queryText(query.model).replaceAll('$timeFilter', () => range);
    const frames = framesOf(await this.#ask(text, now));
    const values = frames.flatMap(({ labels, values: all }) => {
      const value = reduced(all, reduce);
      return value === undefined ? [] : [{ labels, value }];
    });
    if (values.length === 0) return this.#noData(now);
    refuseDuplicates(values);
    const [{ evaluator, unloadEvaluator }] = threshold.conditions;
    for (const { labels, value } of values) {
      const key = keyOf(labels);
      const before = this.#instances.get(key)?.state;
      // Waiting counts as being in it, lingering does not.
      const isLoaded = before === 'alerting' || before === 'pending';
      const isMet = isLoaded && unloadEvaluator ? !holds(unloadEvaluator, value) : holds(evaluator, value);
      this.#step(key, { isMet, now });
    }
    this.#forgetMissing(now);
  }

  #step(key: string, { isMet, now }: { isMet: boolean; now: number }): void {
    const instance = this.#instances.get(key) ?? { state: 'normal', since: now, seenAt: now };
    this.#instances.set(key, instance);
    instance.seenAt = now;
    const enter = (state: State) => {
      if (instance.state === state) return;
      instance.state = state;
      instance.since = now;
    };
    const isTold = instance.state === 'alerting' || instance.state === 'recovering';
    if (isMet && isTold) return enter('alerting');
    if (isMet) {
      enter('pending');
      if (now - instance.since >= millisecondsOf(this.#rule.for)) enter('alerting');
      return;
    }
    if (!isTold) return enter('normal');
    enter('recovering');
    if (now - instance.since >= millisecondsOf(this.#rule.keep_firing_for)) enter('normal');
  }

  /** Not a single series: the rule says what that means for all of its instances. */
  #noData(now: number): void {
    const isMet = this.#rule.noDataState === 'Alerting';
    const keys = this.#instances.size > 0 || !isMet ? [...this.#instances.keys()] : [keyOf({})];
    for (const key of keys) this.#step(key, { isMet, now });
  }

  #forgetMissing(now: number): void {
    for (const [key, { seenAt }] of this.#instances) {
      if (seenAt + missingIntervals * this.#intervalMs <= now) this.#instances.delete(key);
    }
  }
}

export function keyOf(labels: Readonly<Record<string, string>>): string {
  return JSON.stringify(Object.entries(labels).sort(([one], [other]) => (one < other ? -1 : 1)));
}

/** One for each series and column; texts and booleans are no numbers and are left out, without a word. */
function framesOf(series: readonly AnsweredSeries[]): { labels: Value['labels']; values: (number | null)[] }[] {
  return series.flatMap(({ tags = {}, columns, values }) =>
    columns.slice(1).flatMap((_, index) => {
      const column = values.map((row) => row[index + 1] ?? null);
      if (column.some((value) => typeof value === 'string' || typeof value === 'boolean')) return [];
      return [{ labels: tags, values: column as (number | null)[] }];
    }),
  );
}

/** Undefined when nothing is left to reduce; "not a number" when a null was not to be dropped. */
function reduced(values: readonly (number | null)[], { reducer, settings }: ReduceStage['model']): number | undefined {
  const isDropping = (settings as { mode?: string } | undefined)?.mode === 'dropNN';
  const numbers = isDropping ? values.filter((value) => value !== null) : values.map((value) => value ?? Number.NaN);
  if (numbers.length === 0) return isDropping ? undefined : Number.NaN;
  switch (reducer) {
    case 'last':
      return numbers.at(-1);
    case 'max':
      return Math.max(...numbers);
    case 'min':
      return Math.min(...numbers);
    case 'mean':
      return numbers.reduce((sum, value) => sum + value, 0) / numbers.length;
  }
}

function refuseDuplicates(values: readonly Value[]): void {
  const keys = new Set(values.map(({ labels }) => keyOf(labels)));
  if (keys.size < values.length) {
    throw new Error('frame cannot uniquely be identified by its labels: has duplicate results');
  }
}

function holds({ type, params }: ThresholdEvaluator, value: number): boolean {
  const [low = Number.NaN, high = Number.NaN] = params;
  switch (type) {
    case 'gt':
      return value > low;
    case 'lt':
      return value < low;
    case 'within_range':
      return value > low && value < high;
    case 'outside_range':
      return value < low || value > high;
  }
}

function millisecondsOf(duration: string): number {
  const parts = [...duration.matchAll(/(\d+)([dhms])/g)];
  return parts.reduce((sum, [, count, unit]) => sum + Number(count) * (lengths[unit ?? ''] ?? Number.NaN), 0);
}
