/** What Grafana would make of series, rightly and wrongly asked for, and where it and the collector differ on purpose. */
import { type Rule, ruleById } from '@vonggac/shared';
import { expect, test } from 'vitest';
import { Evaluator } from '../collector/src/rules/evaluator.ts';
import type { AlertRuleJson } from '../dashboards/src/alerts/alert-rule.ts';
import { buildRuleGroups } from '../dashboards/src/index.ts';
import { type AnsweredSeries, GrafanaRule } from './harness/grafana-rules.ts';

const minuteMs = 60_000;
const options = { language: 'en', dataSourceUid: 'influx-1', consoleUrl: 'https://giamsat.example' } as const;
const generated = buildRuleGroups({ ...options, dashboards: [] }).flatMap((group) => group.rules);

function generatedRule(id: string): AlertRuleJson {
  const found = generated.find(({ uid }) => uid === `vonggac-${id}`);
  if (!found) throw new Error(`no rule "${id}" is generated for Grafana`);
  return found;
}

type Cell = string | number | boolean | null;

function series(tags: Readonly<Record<string, string>>, ...values: Cell[]): AnsweredSeries {
  return { tags, columns: ['time', 'last'], values: values.map((value, index) => [index * minuteMs, value]) };
}

/** How many instances fire after each evaluation, one a minute. */
async function firings(rule: AlertRuleJson, answers: readonly (readonly AnsweredSeries[])[]): Promise<number[]> {
  let minute = 0;
  const alert = new GrafanaRule(rule, { ask: async () => answers[minute] ?? [], intervalMs: minuteMs });
  const counts: number[] = [];
  for (; minute < answers.length; minute += 1) {
    await alert.evaluate(minute * minuteMs);
    counts.push(alert.firing.size);
  }
  return counts;
}

function times<T>(count: number, value: T): T[] {
  return Array.from({ length: count }, () => value);
}

const full = generatedRule('disk-full');
const one = { host: 'a' };
const bad = [series(one, 99)];
const good = [series(one, 50)];

/** The same rule in the collector: one reading a minute, or none. */
function statesInCollector(id: string, values: readonly (number | undefined)[]): string[] {
  const rule: Rule | undefined = ruleById(id);
  if (!rule) throw new Error(`no rule "${id}"`);
  const evaluator = new Evaluator({ rules: [rule], isGone: () => false });
  const origin = { agent: 'a-1', host: 'a', unit: 'DH', class: 'server' } as const;
  const { measurement, field, by } = rule.query;
  const tags = Object.fromEntries(by.map((tag) => [tag, '/']));
  return values.map((value, minute) => {
    const now = minute * minuteMs;
    const points = value === undefined ? [] : [{ measurement, tags, fields: { [field]: value }, time: now }];
    evaluator.take({ origin, points }, now);
    evaluator.tick(now);
    return [...evaluator.of(id)][0]?.state ?? 'none';
  });
}

test('waits, fires, keeps firing between the thresholds and for a while after', async () => {
  const edge = [series(one, 96)];
  expect(await firings(full, [good, bad, bad, bad, edge, good, good, good])).toEqual([0, 0, 0, 1, 1, 1, 1, 0]);
});

test('a null is no reading; asked for otherwise, it would silence the rule', async () => {
  const holes = times(3, [series(one, 99, null)]);
  expect(await firings(full, holes)).toEqual([0, 0, 1]);
  const [query, reduce, threshold] = full.data;
  const strict = { ...reduce, model: { ...reduce.model, settings: {} } } as unknown as typeof reduce;
  expect(await firings({ ...full, data: [query, strict, threshold] }, holes)).toEqual([0, 0, 0]);
});

test('texts and booleans are no values, and two series of one name are refused', async () => {
  expect(await firings(full, times(3, [series(one, 'full'), series({ host: 'b' }, true)]))).toEqual([0, 0, 0]);
  await expect(firings(full, [[series(one, 99), series(one, 98)]])).rejects.toThrow('has duplicate results');
});

test('no data at all is an alert of the watchdog, and of no other rule', async () => {
  const alive = [series({ unit: 'collector' }, 1)];
  expect(await firings(generatedRule('watchdog'), [alive, [], [], []])).toEqual([0, 0, 0, 1]);
  expect(await firings(generatedRule('watchdog'), [[], [], []])).toEqual([0, 0, 1]);
  expect(await firings(full, times(3, []))).toEqual([0, 0, 0]);
});

test('it differs: a machine that falls silent ends its alert, while the incident in the collector stays', async () => {
  const other = series({ host: 'b' }, 50);
  const silent = [...times(3, [...bad, other]), ...times(3, [other])];
  expect(await firings(full, silent)).toEqual([0, 0, 1, 1, 0, 0]);
  const states = statesInCollector('disk-full', [99, 99, 99, ...times(10, undefined)]);
  expect(states.slice(2, 3).concat(states.slice(-1))).toEqual(['firing', 'no-data']);
});

test('it differs: between the thresholds Grafana goes on waiting, the collector begins anew', async () => {
  const edge = [series(one, 96)];
  expect(await firings(full, [bad, edge, edge])).toEqual([0, 0, 1]);
  expect(statesInCollector('disk-full', [99, 96, 96])).toEqual(['pending', 'normal', 'normal']);
});

test('it differs: between the thresholds, while it lingers, an alert ends in Grafana and goes on in the collector', async () => {
  const edge = [series(one, 96)];
  expect(await firings(full, [...times(3, bad), good, edge, edge])).toEqual([0, 0, 1, 1, 1, 0]);
  const states = statesInCollector('disk-full', [99, 99, 99, 50, 96, 96]);
  expect(states.slice(3)).toEqual(['recovering', 'firing', 'firing']);
});

test('it differs: a mean counts in Grafana from its first reading on, in the collector from half of its window on', async () => {
  const short = generatedRule('memory-short');
  expect((await firings(short, times(6, bad))).at(-1)).toBe(1);
  const states = statesInCollector('memory-short', times(11, 99));
  expect([states[4], states[5], states[9], states[10]]).toEqual(['no-data', 'pending', 'pending', 'firing']);
});
