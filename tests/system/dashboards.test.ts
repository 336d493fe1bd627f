/** Every query of every dashboard against a real InfluxDB, with points that the collector's own store has written. */
import { measurements } from '@vonggac/shared';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { InfluxStore } from '../../collector/src/stores/influx-store.ts';
import { buildDashboards } from '../../dashboards/src/index.ts';
import { textOf } from '../../dashboards/src/normalise.ts';
import { gateway, readingsOf, trouble, web } from '../harness/dashboard-readings.ts';
import { findInfluxd, Influxd } from '../harness/influxd.ts';

const program = findInfluxd();
const languages = ['vi', 'en'] as const;
const everything = '.*';

const now = Math.floor(Date.now() / 10_000) * 10_000;
const minuteMs = 60_000;

interface AnsweredSeries {
  readonly columns: readonly string[];
  readonly values: readonly (readonly (string | number | null)[])[];
}

interface Answer {
  readonly results: readonly { readonly error?: string; readonly series?: readonly AnsweredSeries[] }[];
}

function escapeRegex(text: string): string {
  return text.replace(/[\\^$*+?.()|[\]{}/]/g, '\\$&');
}

/** Fills in what Grafana fills in. */
function expand(
  query: string,
  options: { agent?: string; unit?: string; rangeMs?: number; interval?: string },
): string {
  const { agent = everything, unit = everything, rangeMs = 60 * minuteMs, interval = '1m' } = options;
  return query
    .replaceAll('$timeFilter', () => `time >= ${now + 1 - rangeMs}ms and time <= ${now}ms`)
    .replaceAll('$__interval', () => interval)
    .replaceAll(`\${agent:regex}`, () => agent)
    .replaceAll(`\${unit:regex}`, () => unit);
}

const origins: Readonly<Record<string, string>> = { ...web };
/** Readings of the chosen machine. */
const own = [0, 12, ...Object.values(trouble).flatMap((fields) => Object.values(fields))];

/** Machines are told apart where the query groups by something of theirs, the two series of each by any other tag. */
function seriesCount(query: string): number {
  // What stands within the brackets of a subquery is not what comes out.
  const outer = query.replace(/ FROM \(.*\) WHERE /, ' WHERE ');
  const groups = [...(outer.split(' GROUP BY ')[1] ?? '').matchAll(/"(\w+)"/g)].map(([, tag]) => tag ?? '');
  const isOfOne = /:regex\}| (?:WHERE|AND) "class" = |"firewall" = 0|"full_in_days" < 31/.test(query);
  const machines = groups.some((tag) => tag in origins) && !isOfOne ? 2 : 1;
  return machines * (groups.some((tag) => !(tag in origins)) ? 2 : 1);
}

describe.skipIf('missing' in program)('queries of the dashboards', () => {
  let server: Influxd;

  async function ask(query: string): Promise<readonly AnsweredSeries[]> {
    const response = await fetch(`${server.url}/query?db=vonggac&epoch=ms`, {
      method: 'POST',
      body: new URLSearchParams({ q: query }),
    });
    const [result] = ((await response.json()) as Answer).results;
    expect(result, query).toBeDefined();
    expect(result?.error, query).toBeUndefined();
    return result?.series ?? [];
  }

  beforeAll(async () => {
    if (!('path' in program)) return;
    server = await Influxd.start(program.path);
    const warnings: unknown[] = [];
    const store = new InfluxStore({ url: server.url, warn: (details) => warnings.push(details) });
    await store.start();
    const result = await store.write([
      {
        origin: web,
        points: measurements.flatMap((measurement) => readingsOf(measurement, { value: 12, newest: now })),
      },
      {
        origin: gateway,
        points: measurements.flatMap((measurement) => readingsOf(measurement, { value: 77, newest: now })),
      },
    ]);
    await store.stop();
    expect({ result, warnings }).toEqual({ result: { status: 'accepted', refused: [] }, warnings: [] });
  });

  afterAll(async () => server?.stop());

  describe.each(
    languages.flatMap((language) => buildDashboards({ language }).map((json) => [language, json] as const)),
  )('%s: $uid', (_, dashboard) => {
    const queries = dashboard.panels.flatMap(({ id, title, interval, timeFrom, targets = [] }) =>
      targets.map((target) => ({
        name: `${id} ${title} ${target.refId}`,
        query: textOf(target),
        interval,
        rangeMs: timeFrom === undefined ? 60 * minuteMs : Number.parseInt(timeFrom, 10) * minuteMs,
      })),
    );

    test.each(queries)('panel $name', async ({ query, interval, rangeMs }) => {
      const options = { rangeMs, ...(interval === undefined ? {} : { interval }) };
      const isChosen = query.includes(':regex}');
      const of = { agent: escapeRegex(web.agent), unit: escapeRegex(web.unit) };
      const series = await ask(expand(query, { ...options, ...of }));
      expect(series.length, query).toBe(seriesCount(query));
      for (const { columns, values } of series) {
        for (const [index, column] of columns.entries()) {
          const given = values.map((row) => row[index]).filter((value) => value !== null);
          expect(given.length, `${column} of ${query}`).toBeGreaterThan(0);
          // Windows begin before the range does; without a range the time would be 1970.
          if (column === 'time') expect(given[0], query).toBeGreaterThan(now - 2 * rangeMs);
          // The other machine's readings are 77, or 1 where they are booleans.
          const isReading = typeof given[0] === 'number' && !(column in origins) && !query.includes('sum(');
          if (isChosen && column !== 'time' && isReading) expect(own).toContain(given[0]);
        }
      }
      if (!isChosen) return;
      const nowhere = { ...options, agent: 'a-nobody', unit: 'NOWHERE' };
      expect(await ask(expand(query, nowhere)), 'what is not there').toEqual([]);
    });

    const [unit, agent] = ['unit', 'agent'].map((name) =>
      dashboard.templating.list.find((variable) => variable.name === name),
    );

    if (!unit) return;
    test('the units to choose from', async () => {
      const units = await ask(expand(unit.query, {}));
      expect(units[0]?.values.map(([, value]) => value)).toEqual([web.unit, gateway.unit]);
    });

    if (!agent) return;
    test('the machines of the chosen units', async () => {
      const [start = '', pattern = ''] = /^\/(.*)\/$/.exec(agent.regex ?? '') ?? [];
      expect(start).not.toBe('');
      const machines = async (chosen: string) => {
        const [series] = await ask(expand(agent.query, { unit: chosen }));
        return series?.values.map(([key]) => ({ ...new RegExp(pattern).exec(String(key))?.groups }));
      };
      const webMachine = { text: String.raw`sv-web\,\ phòng\ 2`, value: web.agent };
      const gatewayMachine = { text: gateway.host, value: gateway.agent };
      expect(await machines(everything)).toEqual([webMachine, gatewayMachine]);
      expect(await machines(escapeRegex(gateway.unit))).toEqual([gatewayMachine]);
      expect(await machines(`(${[web.unit, gateway.unit].map(escapeRegex).join('|')})`)).toHaveLength(2);
    });
  });
});
