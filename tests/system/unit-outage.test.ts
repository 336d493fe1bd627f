/**
 * A commune of fifty machines loses its line: one critical alert, not fifty. Everything that judges runs on a clock that
 * the test moves; what it writes goes into a real InfluxDB, and there every critical rule is evaluated as Grafana does.
 */
import { rules } from '@vonggac/shared';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { JudgedProvince, type Office } from '../../collector/src/outages/testing/judged-province.ts';
import { InfluxStore } from '../../collector/src/stores/influx-store.ts';
import type { StoreBatch } from '../../collector/src/stores/store.ts';
import { buildRuleGroups } from '../../dashboards/src/index.ts';
import { type AnsweredSeries, GrafanaRule } from '../harness/grafana-rules.ts';
import { findInfluxd, Influxd } from '../harness/influxd.ts';
import { temporaryFolder } from '../harness/program.ts';

const program = findInfluxd();
const minuteMs = 60_000;
const start = Math.floor(Date.now() / minuteMs) * minuteMs - 3 * 3_600_000;

function office(unit: string, machines: number): Office {
  const ids = Array.from({ length: machines }, (_, index) => `${unit.toLowerCase()}-${index + 1}`);
  const classes = ids.map((_, index) => (index === 0 ? 'gateway' : index <= 3 ? 'server' : 'pc'));
  return { unit, machines: Object.fromEntries(ids.map((id, index) => [id, classes[index] ?? 'pc'])) };
}

const commune = office('XA-01', 50);
const others = ['XA-02', 'XA-03', 'XA-04', 'XA-05'].map((unit) => office(unit, 5));
const minutes = { before: 6, away: 20, after: 20 } as const;

/** Who tells of whom, how often at least, and how many series that makes for the commune. */
const told = [
  { measurement: 'agent_state', seconds: 60, series: 50 },
  { measurement: 'unit_state', seconds: 60, series: 1 },
  { measurement: 'unit_link', seconds: 60, series: 2 },
  { measurement: 'incident', seconds: 60, series: 1 },
  { measurement: 'antivirus_state', seconds: 300, series: 50 },
  { measurement: 'unit_protection', seconds: 300, series: 1 },
] as const;
/** Between two looks. */
const lateSeconds = 30;

interface Firing {
  readonly rule: string;
  readonly labels: string;
}

describe.skipIf('missing' in program)('a unit of fifty machines falls silent', () => {
  const folder = temporaryFolder();
  let server: Influxd;
  let store: InfluxStore;
  /** Instances of critical rules that the collector's evaluator had firing, by minute. */
  const inCollector: string[][] = [];
  let written: readonly StoreBatch[] = [];
  /** Incidents that were open at the end of each part. */
  const open: string[][] = [];

  function look(province: JudgedProvince): string[] {
    return rules
      .filter(({ severity }) => severity === 'critical')
      .flatMap(({ id }) => [...province.rules.evaluator.of(id)].map((instance) => ({ id, instance })))
      .filter(({ instance: { state } }) => state === 'firing' || state === 'recovering')
      .map(({ id, instance }) => `${id} ${instance.origin.unit}`);
  }

  beforeAll(async () => {
    if (!('path' in program)) return;
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    const province = new JudgedProvince(folder.path, { offices: [commune, ...others], start });
    const pass = (count: number) => {
      for (let minute = 0; minute < count; minute += 1) {
        province.pass(minuteMs, (ms) => vi.advanceTimersByTime(ms));
        inCollector.push(look(province));
      }
      open.push(
        province.incidents.list({ state: 'open', limit: 100 }).map(({ kind, subject }) => `${kind} ${subject}`),
      );
    };
    try {
      province.start();
      pass(minutes.before);
      province.cut(...Object.keys(commune.machines));
      pass(minutes.away);
      province.arrive(...Object.keys(commune.machines));
      pass(minutes.after);
    } finally {
      await province.stop();
      vi.useRealTimers();
    }
    written = province.written;
    server = await Influxd.start(program.path);
    store = new InfluxStore({ url: server.url, warn: (details) => expect(details).toBeUndefined() });
    await store.start();
    for (let from = 0; from < written.length; from += 2_000) {
      expect(await store.write(written.slice(from, from + 2_000))).toMatchObject({ status: 'accepted' });
    }
  });

  afterAll(async () => {
    await store?.stop();
    await server?.stop();
    folder.remove();
  });

  async function ask(query: string): Promise<readonly AnsweredSeries[]> {
    const response = await fetch(`${server.url}/query?db=vonggac&epoch=ms`, {
      method: 'POST',
      body: new URLSearchParams({ q: query }),
    });
    const { results } = (await response.json()) as { results: { error?: string; series?: AnsweredSeries[] }[] };
    expect(results[0]?.error, query).toBeUndefined();
    return results[0]?.series ?? [];
  }

  /** What Grafana had firing of the rules that are critical, by minute. The watchdog has nothing to look at here. */
  async function grafana(): Promise<Firing[][]> {
    const groups = buildRuleGroups({
      language: 'vi',
      dataSourceUid: 'influx-1',
      consoleUrl: 'https://giamsat.example',
      dashboards: [],
    });
    const critical = groups
      .flatMap((group) => group.rules)
      .filter(({ labels, noDataState }) => labels.severity === 'critical' && noDataState === 'OK')
      .map((rule) => ({ id: rule.uid, alert: new GrafanaRule(rule, { ask, intervalMs: minuteMs }) }));
    expect(critical.length).toBeGreaterThan(10);
    const byMinute: Firing[][] = [];
    for (let minute = 1; minute <= minutes.before + minutes.away + minutes.after; minute += 1) {
      const firing: Firing[] = [];
      for (const { id, alert } of critical) {
        await alert.evaluate(start + minute * minuteMs);
        for (const labels of alert.firing) firing.push({ rule: id, labels });
      }
      byMinute.push(firing);
    }
    return byMinute;
  }

  test('exactly one critical alert instance and one incident; all over when the machines are back', async () => {
    const byMinute = await grafana();
    const instances = new Set(byMinute.flat().map(({ rule, labels }) => `${rule} ${labels}`));
    const began = byMinute.findIndex((firing) => firing.length > 0) + 1 - minutes.before;
    process.stderr.write(
      `outage of ${Object.keys(commune.machines).length} machines: ${instances.size} critical alert instance(s) in Grafana ` +
        `(${[...instances].join('; ')}), after ${began} min; ${new Set(inCollector.flat()).size} in the collector; ` +
        `incidents: ${open[1]?.join(', ')}\n`,
    );
    expect([...instances]).toEqual(['vonggac-unit-unreachable [["unit","XA-01"]]']);
    expect(new Set(inCollector.flat())).toEqual(new Set(['unit-unreachable XA-01']));
    expect(open).toEqual([[], ['unit-unreachable XA-01'], []]);
    expect(byMinute.at(-1)).toEqual([]);
  });

  test.each(told)('$measurement goes on while the machines are silent', ({ measurement, seconds, series }) => {
    const [from, to] = [start + (minutes.before + 2) * minuteMs, start + (minutes.before + minutes.away) * minuteMs];
    const points = written.flatMap(({ origin, points: all }) =>
      all.flatMap((point) =>
        point.measurement === measurement && origin.unit === commune.unit ? [{ origin, point }] : [],
      ),
    );
    const during = points.filter(({ point }) => point.time > from && point.time <= to);
    const bySeries = Map.groupBy(during, ({ origin, point }) => JSON.stringify([Object.entries(origin), point.tags]));
    expect(bySeries.size).toBe(series);
    for (const own of bySeries.values()) {
      const times = [from, ...own.map(({ point }) => point.time), to];
      const gaps = times.slice(1).map((time, index) => (time - (times[index] ?? 0)) / 1_000);
      expect(Math.max(...gaps)).toBeLessThanOrEqual(seconds + lateSeconds);
      for (const { origin, point } of own) {
        expect(Object.values(origin)).not.toContain('');
        for (const flag of ['up', 'open', 'alertable', 'acknowledged']) {
          if (point.fields[flag] !== undefined) expect([0, 1]).toContain(point.fields[flag]);
        }
      }
    }
  });
});
