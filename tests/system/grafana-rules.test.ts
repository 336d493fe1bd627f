/**
 * Every alert rule as Grafana gets it, over a real InfluxDB and a real VictoriaMetrics, beside the collector's evaluator over
 * the same readings: the same instances fire and end. Where Grafana and the collector differ, and by how much, is said below
 * and in tests/grafana-rules.test.ts; both dialects turn at the same evaluations.
 */
import { type Rule, rules } from '@vonggac/shared';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createMetrics } from '../../collector/src/metrics.ts';
import { Evaluator } from '../../collector/src/rules/evaluator.ts';
import { InfluxStore } from '../../collector/src/stores/influx-store.ts';
import { Mirror } from '../../collector/src/stores/mirror.ts';
import { MirroredStore } from '../../collector/src/stores/mirrored-store.ts';
import type { Origin, Store } from '../../collector/src/stores/store.ts';
import { instanceTags } from '../../dashboards/src/alerts/alert-query.ts';
import type { AlertRuleJson } from '../../dashboards/src/alerts/alert-rule.ts';
import { buildRuleGroups, type DialectName } from '../../dashboards/src/index.ts';
import { type AnsweredSeries, type Ask, GrafanaRule, keyOf } from '../harness/grafana-rules.ts';
import { findInfluxd, Influxd } from '../harness/influxd.ts';
import { until } from '../harness/program.ts';
import { type Stories, type Story, storiesOf } from '../harness/rule-stories.ts';
import { findVictoriaMetrics, VictoriaMetrics } from '../harness/victoria-metrics.ts';

const program = findInfluxd();
const otherProgram = findVictoriaMetrics();
const dayMs = 86_400_000;

/** The collector counts windows in whole minutes, which can be one evaluation less than Grafana's to the millisecond. */
const windowLag = 1;
/** A series that stays away ends at once in the collector ("no data", its incident stays), in Grafana one evaluation later. */
const silenceLag = 1;
/**
 * Stories in which the collector does not fire. Of a mean over two minutes its whole-minute window sees one and a bit, so a
 * reading each two minutes is "no data" in between; the collector writes its own four times a minute.
 */
const unseen: ReadonlyMap<string, readonly string[]> = new Map([['ingest-refusing', ['gaps']]]);

function generatedIn(dialect: DialectName): ReadonlyMap<string, AlertRuleJson> {
  const groups = buildRuleGroups({
    language: 'vi',
    dialect,
    dataSourceUid: 'source-1',
    consoleUrl: 'https://giamsat.example',
    dashboards: [],
  });
  return new Map(groups.flatMap((group) => group.rules.map((rule) => [rule.uid, rule] as const)));
}

const generated = { influxql: generatedIn('influxql'), promql: generatedIn('promql') };

/** When an instance began and ceased to fire, as numbers of evaluations. */
type Turns = Map<string, number[]>;

function note(turns: Turns, { firing, index }: { firing: ReadonlySet<string>; index: number }): void {
  for (const key of firing) if (!turns.has(key)) turns.set(key, []);
  for (const [key, own] of turns) if (firing.has(key) !== (own.length % 2 === 1)) own.push(index);
}

function labelsOf(rule: Rule, { origin, tags }: { origin: Origin; tags: Readonly<Record<string, string>> }): string {
  const all: Readonly<Record<string, string>> = { ...origin, ...tags };
  return keyOf(Object.fromEntries(instanceTags(rule).map((tag) => [tag, all[tag] ?? ''])));
}

function firingOf(evaluator: Evaluator, rule: Rule): ReadonlySet<string> {
  const firing = [...evaluator.of(rule.id)].filter(({ state }) => state === 'firing' || state === 'recovering');
  return new Set(
    firing.map(({ origin, tags }) =>
      labelsOf(rule, { origin, tags: Object.fromEntries(rule.query.by.map((tag, index) => [tag, tags[index] ?? ''])) }),
    ),
  );
}

describe.skipIf('missing' in program)('alert rules of Grafana and of the collector', () => {
  let server: Influxd;
  let other: VictoriaMetrics | undefined;
  let store: Store;
  const warnings: unknown[] = [];
  const { registry } = createMetrics();
  /** Rules read the same measurements, so each has days of its own. */
  let free = Math.floor(Date.now() / dayMs) * dayMs - 400 * dayMs;

  const ask: Ask = async (query) => {
    const response = await fetch(`${server.url}/query?db=vonggac&epoch=ms`, {
      method: 'POST',
      body: new URLSearchParams({ q: query }),
    });
    const { results } = (await response.json()) as { results: { error?: string; series?: AnsweredSeries[] }[] };
    expect(results[0], query).toBeDefined();
    expect(results[0]?.error, query).toBeUndefined();
    return results[0]?.series ?? [];
  };

  const askOther: Ask = async (query, now) => {
    const samples = (await other?.ask(query, now)) ?? [];
    return samples.map(({ metric, values }) => ({ tags: metric, columns: ['time', 'value'], values }));
  };

  beforeAll(async () => {
    if (!('path' in program)) return;
    server = await Influxd.start(program.path);
    const warn = (details: unknown) => warnings.push(details);
    store = new InfluxStore({ url: server.url, retentionDays: 3_650, warn });
    if ('path' in otherProgram) {
      other = await VictoriaMetrics.start(otherProgram.path);
      const { url } = other;
      store = new MirroredStore(store, new Mirror({ url, database: 'vonggac', registry, warn }));
    }
    await store.start();
  });

  afterAll(async () => {
    await store?.stop();
    await server?.stop();
    await other?.stop();
    expect(warnings).toEqual([]);
  });

  function grafanaRule(id: string, dialect: DialectName): AlertRuleJson {
    const found = generated[dialect].get(`vonggac-${id}`);
    if (!found) throw new Error(`no rule "${id}" is generated for Grafana`);
    return found;
  }

  async function write(stories: Stories, start: number): Promise<void> {
    const batches = stories.all.map((story) => ({
      origin: story.origin,
      points: Array.from({ length: stories.length }, (_, index) =>
        stories.pointsAt(story, { index, now: start + index * stories.stepMs }),
      ).flat(),
    }));
    expect(await store.write(batches)).toEqual({ status: 'accepted', refused: [] });
    if (!other) return;
    const waiting = () => registry.getSingleMetric('vonggac_mirror_waiting_points')?.get();
    await until('the mirror', async () => (await waiting())?.values[0]?.value === 0);
    await other.flush();
  }

  async function follow(
    rule: Rule,
    { stories, start }: { stories: Stories; start: number },
  ): Promise<{ grafana: Turns; promql: Turns | undefined; collector: Turns }> {
    const evaluator = new Evaluator({ rules: [rule], isGone: () => false });
    const intervalMs = stories.stepMs;
    const alert = new GrafanaRule(grafanaRule(rule.id, 'influxql'), { ask, intervalMs });
    const same = new GrafanaRule(grafanaRule(rule.id, 'promql'), { ask: askOther, intervalMs });
    const none = (): Turns => new Map();
    const turns = { grafana: none(), promql: other && none(), collector: none() };
    for (let index = 0; index < stories.length; index += 1) {
      const now = start + index * stories.stepMs;
      for (const story of stories.all) {
        evaluator.take({ origin: story.origin, points: stories.pointsAt(story, { index, now }) }, now);
      }
      evaluator.tick(now);
      await alert.evaluate(now);
      note(turns.collector, { firing: firingOf(evaluator, rule), index });
      note(turns.grafana, { firing: alert.firing, index });
      if (!turns.promql) continue;
      await same.evaluate(now);
      note(turns.promql, { firing: same.firing, index });
    }
    return turns;
  }

  /** How many evaluations may lie between a turn here and there. */
  function allowedLag({ query }: Rule, { name }: Story, turn: 'begin' | 'end'): number {
    return (query.reduce === 'last' ? 0 : windowLag) + (name === 'silent' && turn === 'end' ? silenceLag : 0);
  }

  test.each(rules)('$id', async (rule) => {
    const stories = storiesOf(rule);
    const start = free;
    free += Math.ceil((stories.length * stories.stepMs) / dayMs + 1) * dayMs;
    await write(stories, start);
    const { grafana, promql, collector } = await follow(rule, { stories, start });
    if (promql) expect(Object.fromEntries(promql)).toEqual(Object.fromEntries(grafana));

    const fired = stories.all.filter((story) => grafana.has(labelsOf(rule, story))).map(({ name }) => name);
    expect(fired).toEqual(['whole', 'silent', 'gaps']);
    const both = fired.filter((name) => !unseen.get(rule.id)?.includes(name));
    expect(stories.all.filter((story) => collector.has(labelsOf(rule, story))).map(({ name }) => name)).toEqual(both);
    expect([grafana.size, collector.size]).toEqual([fired.length, both.length]);
    for (const story of stories.all.filter(({ name }) => both.includes(name))) {
      const key = labelsOf(rule, story);
      const [there = [], here = []] = [grafana.get(key), collector.get(key)];
      const said = `${story.name}: Grafana turns at ${there}, the collector at ${here}`;
      // It began once, and was over once.
      expect([there.length, here.length], said).toEqual([2, 2]);
      for (const [index, turn] of (['begin', 'end'] as const).entries()) {
        const lag = Math.abs((there[index] ?? 0) - (here[index] ?? 0));
        expect(lag, said).toBeLessThanOrEqual(allowedLag(rule, story, turn));
      }
    }
  });
});
