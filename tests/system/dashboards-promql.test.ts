/**
 * Every panel in both dialects, over the same readings in a real InfluxDB and a real VictoriaMetrics, written by the
 * collector's own store and its mirror: the same series with the same values.
 */
import { measurements } from '@vonggac/shared';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createMetrics } from '../../collector/src/metrics.ts';
import { decodeTag } from '../../collector/src/stores/influx/line-protocol.ts';
import { InfluxStore } from '../../collector/src/stores/influx-store.ts';
import { Mirror } from '../../collector/src/stores/mirror.ts';
import { MirroredStore } from '../../collector/src/stores/mirrored-store.ts';
import { buildDashboards, type DashboardJson, type DialectName } from '../../dashboards/src/index.ts';
import { gateway, readingsOf, web } from '../harness/dashboard-readings.ts';
import { findInfluxd, Influxd } from '../harness/influxd.ts';
import { findVictoriaMetrics, VictoriaMetrics } from '../harness/victoria-metrics.ts';

type Panel = DashboardJson['panels'][number];

/** By labels and heading: the value of the whole range, or each window's by its end. */
type Shown = Map<string, ReadonlyMap<number, number>>;

interface AnsweredSeries {
  readonly tags?: Readonly<Record<string, string>>;
  readonly columns: readonly string[];
  readonly values: readonly (readonly (string | number | null)[])[];
}

interface PromQlTarget {
  readonly refId: string;
  readonly expr: string;
  readonly range: boolean;
  readonly legendFormat?: string;
}

const programs = { influxd: findInfluxd(), victoria: findVictoriaMetrics() };
const minuteMs = 60_000;
const now = Math.floor(Date.now() / minuteMs) * minuteMs - minuteMs;
const whole = 0;

function dashboardsIn(dialect: DialectName): ReadonlyMap<string, DashboardJson> {
  return new Map(buildDashboards({ language: 'en', dialect }).map((dashboard) => [dashboard.uid, dashboard]));
}

const inInfluxQl = dashboardsIn('influxql');
const inPromQl = dashboardsIn('promql');

function charts(dashboard: DashboardJson | undefined): readonly Panel[] {
  return dashboard?.panels.filter(({ type }) => type !== 'row') ?? [];
}

function rangeOf({ timeFrom }: Panel): number {
  return (timeFrom === undefined ? 60 : Number.parseInt(timeFrom, 10)) * minuteMs;
}

function stepOf({ interval = '1m' }: Panel): number {
  const [, count, unit] = /^(\d+)([smh])$/.exec(interval) ?? [];
  return Number(count) * (unit === 'h' ? 3_600_000 : unit === 'm' ? minuteMs : 1_000);
}

/** A label without a value is none, and InfluxDB holds some with a space more. */
function keyOf(labels: Readonly<Record<string, string>>, heading: string): string {
  const given = Object.entries(labels).flatMap(([name, value]) => (value === '' ? [] : [[name, decodeTag(value)]]));
  return JSON.stringify([given.sort(), heading]);
}

function add(shown: Shown, key: string, value: readonly [time: number, value: number]): void {
  shown.set(key, new Map([...(shown.get(key) ?? []), value]));
}

/** A legend without its tags. */
function headingOf(legend: string): string {
  return legend.replaceAll(/\{\{\w+\}\}(?:: | |$)/g, '');
}

/** The headings that a table's transformations give to values. */
function headingsOf(panel: Panel): Readonly<Record<string, string>> {
  const { transformations = [] } = panel as {
    transformations?: { options: { renameByName?: Record<string, string> } }[];
  };
  return Object.assign({}, ...transformations.map(({ options }) => options.renameByName ?? {}));
}

describe.skipIf('missing' in programs.influxd || 'missing' in programs.victoria)('panels in both dialects', () => {
  let influxd: Influxd;
  let victoria: VictoriaMetrics;

  beforeAll(async () => {
    if (!('path' in programs.influxd && 'path' in programs.victoria)) return;
    influxd = await Influxd.start(programs.influxd.path);
    victoria = await VictoriaMetrics.start(programs.victoria.path);
    const warnings: unknown[] = [];
    const warn = (details: unknown) => warnings.push(details);
    const mirror = new Mirror({ url: victoria.url, database: 'vonggac', registry: createMetrics().registry, warn });
    const store = new MirroredStore(new InfluxStore({ url: influxd.url, warn }), mirror);
    await store.start();
    // Not at one time: of two readings at once neither is the last.
    const own = { value: 12, newest: now - 7_000, drift: 1 };
    const others = { value: 77, newest: now - 3_000, drift: 1 };
    const result = await store.write([
      { origin: web, points: measurements.flatMap((measurement) => readingsOf(measurement, own)) },
      { origin: gateway, points: measurements.flatMap((measurement) => readingsOf(measurement, others)) },
    ]);
    await store.stop();
    await victoria.flush();
    expect({ result, warnings }).toEqual({ result: { status: 'accepted', refused: [] }, warnings: [] });
  });

  afterAll(async () => {
    await influxd?.stop();
    await victoria?.stop();
  });

  async function askInflux(query: string): Promise<readonly AnsweredSeries[]> {
    const response = await fetch(`${influxd.url}/query?db=vonggac&epoch=ms`, {
      method: 'POST',
      body: new URLSearchParams({ q: query }),
    });
    const { results } = (await response.json()) as { results: { error?: string; series?: AnsweredSeries[] }[] };
    expect(results[0]?.error, query).toBeUndefined();
    return results[0]?.series ?? [];
  }

  /** As Grafana shows the answers of InfluxDB, with the end of each window instead of its beginning. */
  async function shownInInfluxQl(panel: Panel): Promise<Shown> {
    const shown: Shown = new Map();
    for (const { query = '' } of panel.targets ?? []) {
      const text = query
        .replaceAll('$timeFilter', () => `time >= ${now + 1 - rangeOf(panel)}ms and time <= ${now}ms`)
        .replaceAll('$__interval', () => `${stepOf(panel)}ms`)
        .replaceAll(/\$\{(\w+):regex\}/g, (_, name: 'agent' | 'unit') => web[name]);
      const isOverTime = query.includes('$__interval');
      const isAge = JSON.stringify(panel).includes('dateTimeFromNow');
      for (const { tags = {}, columns, values } of await askInflux(text)) {
        for (const row of values) {
          const cells = Object.fromEntries(columns.map((column, index) => [column, row[index]]));
          // In lists of events tags are columns.
          const own = Object.fromEntries(
            ['unit', 'host', 'agent', 'product', 'severity'].map((tag) => [tag, cells[tag]]),
          );
          const labels = { ...tags, ...Object.fromEntries(Object.entries(own).filter(([, value]) => value)) };
          for (const [column, value] of Object.entries(cells)) {
            if (column === 'time' || typeof value !== 'number') continue;
            // A line that is known by its tags has no heading.
            const isNamed = isOverTime && columns.length === 2 && Object.keys(tags).length > 0;
            const key = keyOf(labels as Record<string, string>, isNamed ? '' : column);
            const time = isOverTime ? Number(cells.time) + stepOf(panel) : whole;
            // The newest event comes first.
            if (isOverTime || !shown.has(key)) add(shown, key, [time, isAge ? Number(cells.time) : value]);
          }
        }
      }
    }
    return shown;
  }

  async function shownInPromQl(panel: Panel): Promise<Shown> {
    const shown: Shown = new Map();
    const headings = headingsOf(panel);
    const targets = (panel.targets ?? []) as unknown as readonly PromQlTarget[];
    for (const { refId, expr, range, legendFormat = '' } of targets) {
      const step = stepOf(panel);
      const text = expr
        .replaceAll('$__range', () => `${rangeOf(panel) / 1_000}s`)
        .replaceAll('$__interval', () => `${step / 1_000}s`)
        .replaceAll(/\$(agent|unit)\b/g, (_, name: 'agent' | 'unit') => web[name]);
      const heading = headings[targets.length === 1 ? 'Value' : `Value #${refId}`] ?? headingOf(legendFormat);
      if (heading === 'Time') continue;
      const from = Math.floor((now - rangeOf(panel)) / step) * step;
      const samples = range
        ? await victoria.askRange(text, { from, to: Math.ceil(now / step) * step, step })
        : await victoria.ask(text, now);
      for (const { metric, values } of samples) {
        for (const [time, value] of values) add(shown, keyOf(metric, heading), [range ? time * 1_000 : whole, value]);
      }
    }
    return shown;
  }

  test.each([...inInfluxQl.keys()])('%s: the same panels in the same places', (uid) => {
    const places = (dashboard: DashboardJson | undefined) =>
      dashboard?.panels.map(({ id, type, title, gridPos }) => ({ id, type, title, gridPos }));
    expect(places(inPromQl.get(uid))).toEqual(places(inInfluxQl.get(uid)));
  });

  const panels = [...inInfluxQl].flatMap(([uid, dashboard]) =>
    charts(dashboard).map((panel) => ({
      name: `${uid} ${panel.id} ${panel.title}`,
      panel,
      same: charts(inPromQl.get(uid)).find(({ id }) => id === panel.id),
    })),
  );

  test.each(panels)('$name', async ({ panel, same }) => {
    if (!same) throw new Error('there is no such panel in PromQL');
    const expected = await shownInInfluxQl(panel);
    const found = await shownInPromQl(same);
    expect(expected.size).toBeGreaterThan(0);
    expect([...found.keys()].sort()).toEqual([...expected.keys()].sort());
    for (const [key, values] of expected) {
      const others = found.get(key);
      expect([...(others?.keys() ?? [])].sort(), key).toEqual([...values.keys()].sort());
      for (const [time, value] of values) expect(others?.get(time), `${key} at ${time}`).toBeCloseTo(value, 6);
    }
  });

  async function labels(path: string, match: string): Promise<unknown[]> {
    const { data } = (await (
      await fetch(`${victoria.url}/api/v1/${path}?${new URLSearchParams({ 'match[]': match })}`)
    ).json()) as {
      data: unknown[];
    };
    return data;
  }

  test('units and machines to choose from', async () => {
    const [unit, agent] = ['unit', 'agent'].map((name) =>
      inPromQl.get('vonggac-machine')?.templating.list.find((variable) => variable.name === name),
    );
    const [, metric = '', label = ''] = /^label_values\((\w+), (\w+)\)$/.exec(unit?.query ?? '') ?? [];
    expect(await labels(`label/${label}/values`, metric)).toEqual([web.unit, gateway.unit]);

    const [, pattern = ''] = /^\/(.*)\/$/.exec(agent?.regex ?? '') ?? [];
    const machines = async (units: string) => {
      const series = await labels(
        'series',
        (agent?.query ?? '').replace('$unit', () => units),
      );
      // As Grafana writes a series.
      const texts = series.map((each) => {
        const { __name__: name, ...rest } = each as Record<string, string>;
        return `${name}{${Object.entries(rest).map(([key, value]) => `${key}="${value}"`)}}`;
      });
      return texts.map((text) => ({ ...new RegExp(pattern).exec(text)?.groups })).sort();
    };
    const known = [web, gateway].map(({ agent: value, host: text }) => ({ value, text }));
    expect(await machines('.*')).toEqual(expect.arrayContaining(known));
    expect(await machines(gateway.unit)).toEqual(known.slice(1));
  });
});
