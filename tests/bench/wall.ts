/**
 * What the province wall costs the store: `npm run bench:wall -- [--machines 7300] [--units 180] [--budget 300] [--json]`.
 * A private InfluxDB is filled with a day of what the wall reads, as the collector writes it, newest hour first:
 * every derived series at its own cadence, of all machines. Raw readings, which no query of the wall looks at, are left
 * out. When the budget of seconds is spent, the oldest hours stay empty, and that is said. Then all queries of the wall
 * are asked, five times one after another and five times six at once, as a browser does.
 */
import { parseArgs } from 'node:util';
import { buildDashboards, type DashboardJson } from '../../dashboards/src/index.ts';
import { textOf } from '../../dashboards/src/normalise.ts';
import { findInfluxd, Influxd } from '../harness/influxd.ts';

const goal = { queries: 20, milliseconds: 2_000 } as const;
const hours = 24;
const runs = 5;
const atOnce = 6;
const linesPerWrite = 20_000;
const writesAtOnce = 2;
/** Of a panel as wide as a screen. */
const pixels = 1_900;

const { values: flags } = parseArgs({
  options: {
    machines: { type: 'string' },
    units: { type: 'string' },
    budget: { type: 'string' },
    json: { type: 'boolean' },
  },
});
const machines = Number(flags.machines ?? 7_300);
const units = Number(flags.units ?? 180);
const budgetMs = Number(flags.budget ?? 300) * 1_000;

/** One series: what stands before its fields, how often it is written, and its fields at a time. */
interface Written {
  readonly key: string;
  readonly everySeconds: number;
  readonly fields: (second: number) => string | undefined;
}

/** As in a real province: 116 servers, a gateway in each unit, all else PCs. */
function classOf(machine: number): 'gateway' | 'pc' | 'server' {
  if (machine < units) return 'gateway';
  return machine < units + 116 ? 'server' : 'pc';
}

function origin(machine: number): string {
  return `agent=a-${String(machine).padStart(16, '0')},class=${classOf(machine)},host=may-${machine},unit=XA-${machine % units}`;
}

function ofUnit(unit: number | string): string {
  return `agent=collector,class=server,host=collector,unit=${typeof unit === 'number' ? `XA-${unit}` : unit}`;
}

/** In every hour some are away: one machine of fifty, two units, five lines. */
function isAway(index: number, { second, of }: { second: number; of: number }): boolean {
  return (index * 7 + Math.floor(second / 3_600)) % of === 0;
}

function* series(): Generator<Written> {
  for (let machine = 0; machine < machines; machine += 1) {
    const canAlert = classOf(machine) !== 'pc';
    yield {
      key: `agent_state,${origin(machine)}`,
      everySeconds: 60,
      fields: (second) => {
        const away = isAway(machine, { second, of: 50 });
        const told = away && canAlert ? 1 : 0;
        return away
          ? `state=0i,up=0i,alertable=${told}i,alert=${told}i,silent_seconds=${second % 3_600}i,verdict="machine-lost"`
          : `state=2i,up=1i,alertable=0i,alert=0i,silent_seconds=${second % 10}i`;
      },
    };
    yield {
      key: `antivirus_state,${origin(machine)}`,
      everySeconds: 300,
      fields: () => 'state=2i,findings="",critical_findings=0i,warnings=0i,signature_age_hours=11.5',
    };
    if (!canAlert) continue;
    for (const mount of ['/', '/data']) {
      const days = machine % 20 === 0 ? 12.5 : 400;
      yield {
        key: `filesystem_forecast,${origin(machine)},mount=${mount}`,
        everySeconds: 3_600,
        fields: () => `full_in_days=${days}`,
      };
    }
    if (machine % 2 === 0) {
      yield {
        key: `incident,${origin(machine)},kind=clock-wrong,subject=a-${machine}`,
        everySeconds: 60,
        fields: (second) => {
          const open = Number(isAway(machine, { second, of: 3 }));
          return `open=${open}i,acknowledged=0i,alertable=${open}i,alert=${2 * open}i,severity=1i,count=3i,age_seconds=${second % 3_600}i,id=${machine}i`;
        },
      };
    }
    if (machine % 40 === 0) {
      yield {
        key: `malware,${origin(machine)},product=defender,severity=high`,
        everySeconds: 7_200,
        fields: () => 'event="e",name="Trojan:Win32/Wacatac",category="trojan",action="quarantined",resolved=true',
      };
    }
  }
  for (let unit = 0; unit < units; unit += 1) yield* seriesOfUnit(unit);
  for (let service = 0; service < 10; service += 1) {
    yield {
      key: `service,${ofUnit('-')},service=dich-vu-${service}`,
      everySeconds: 60,
      fields: () => 'state=2i,failing_points=0i,vantage_points=180i',
    };
  }
  yield {
    key: `collector_watchdog,${ofUnit('collector')}`,
    everySeconds: 15,
    fields: () => 'ready=true,problems=0i,start_time_seconds=1i,alive=1i',
  };
}

function* seriesOfUnit(unit: number): Generator<Written> {
  const count = Math.floor(machines / units);
  yield {
    key: `unit_state,${ofUnit(unit)}`,
    everySeconds: 60,
    fields: (second) =>
      isAway(unit, { second, of: 90 })
        ? `state=0i,alertable=1i,machines=${count}i,online=0i,offline=${count}i,planned=0i,inconclusive=0i,verdict="unit-link-down"`
        : `state=2i,alertable=0i,machines=${count}i,online=${count}i,offline=0i,planned=0i,inconclusive=0i`,
  };
  yield {
    key: `unit_protection,${ofUnit(unit)}`,
    everySeconds: 300,
    fields: () => `declared=${count}i,enrolled=${count}i,protected=${count}i,protected_percent=100`,
  };
  for (const [index, link] of ['tslcd', 'inet'].entries()) {
    yield {
      key: `unit_link,${ofUnit(unit)},carrier=VNPT,link=${link}`,
      everySeconds: 60,
      fields: (second) => {
        const isDown = isAway(2 * unit + index, { second, of: 72 });
        const told = Number(isDown);
        return `state=${isDown ? 0 : 2}i,alertable=${told}i,alert=${told}i${isDown ? '' : ',rtt_ms=9.5,loss_percent=0'}`;
      },
    };
  }
}

async function post(url: string, body: string | URLSearchParams): Promise<string> {
  const response = await fetch(url, { method: 'POST', body });
  const text = await response.text();
  if (!response.ok || text.includes('"error"')) throw new Error(`${url} answered ${response.status}: ${text}`);
  return text;
}

/** Answers how many points and hours were written. */
async function fill(url: string, now: number): Promise<{ points: number; hours: number }> {
  const all = [...series()];
  const end = Math.floor(now / 60_000) * 60;
  const begun = performance.now();
  const underWay = new Set<Promise<unknown>>();
  let points = 0;
  let lines: string[] = [];
  const flush = async () => {
    points += lines.length;
    const writing = post(`${url}/write?db=vonggac&precision=s`, lines.join('\n'));
    lines = [];
    underWay.add(writing);
    void writing.finally(() => underWay.delete(writing)).catch(() => undefined);
    if (underWay.size >= writesAtOnce) await Promise.race(underWay);
  };
  for (let hour = 0; hour < hours; hour += 1) {
    const from = end - (hour + 1) * 3_600;
    if (performance.now() - begun > budgetMs) return { points, hours: hour };
    for (const { key, everySeconds, fields } of all) {
      // Multiples of the step, so that what is told each two hours is told so.
      for (
        let second = Math.ceil((from + 1) / everySeconds) * everySeconds;
        second <= from + 3_600;
        second += everySeconds
      ) {
        lines.push(`${key} ${fields(second)} ${second}`);
        if (lines.length >= linesPerWrite) await flush();
      }
    }
    if (!flags.json)
      process.stderr.write(`\rhour ${hour + 1} of ${hours}, ${(points / 1e6).toFixed(1)} million points`);
  }
  await flush();
  await Promise.all(underWay);
  if (!flags.json) process.stderr.write('\n');
  return { points, hours };
}

/** As Grafana fills in what it fills in, for the range that the dashboard opens with. */
function queriesOf(dashboard: DashboardJson, now: number): string[] {
  const hoursShown = /^now-(\d+)h$/.exec(dashboard.time.from)?.[1] ?? '6';
  return dashboard.panels.flatMap(({ timeFrom, interval = '15s', targets = [] }) => {
    const rangeMs = timeFrom === undefined ? Number(hoursShown) * 3_600_000 : Number.parseInt(timeFrom, 10) * 60_000;
    const least = Number.parseInt(interval, 10) * (interval.endsWith('m') ? 60 : 1);
    const step = Math.max(least, Math.ceil(rangeMs / 1_000 / pixels));
    return targets.map((target) =>
      textOf(target)
        .replaceAll('$timeFilter', () => `time >= ${now - rangeMs}ms and time <= ${now}ms`)
        .replaceAll('$__interval', `${step}s`),
    );
  });
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await work();
  return performance.now() - begun;
}

async function parallel(queries: readonly string[], ask: (query: string) => Promise<unknown>): Promise<void> {
  const waiting = [...queries];
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      for (let query = waiting.shift(); query !== undefined; query = waiting.shift()) await ask(query);
    }),
  );
}

function summary(times: readonly number[]): { median_ms: number; p95_ms: number } {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share: number) => Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0);
  return { median_ms: at(0.5), p95_ms: at(0.95) };
}

const program = findInfluxd();
if ('missing' in program) throw new Error(program.missing);
const server = await Influxd.start(program.path);
try {
  await post(`${server.url}/query`, new URLSearchParams({ q: 'CREATE DATABASE vonggac' }));
  const now = Date.now();
  const fillMs = performance.now();
  const filled = await fill(server.url, now);
  const fillSeconds = Math.round((performance.now() - fillMs) / 1_000);
  const wall = buildDashboards({ language: 'vi' }).find(({ uid }) => uid === 'vonggac-province');
  if (!wall) throw new Error('there is no province wall');
  const queries = queriesOf(wall, now);
  const ask = (query: string) => post(`${server.url}/query?db=vonggac&epoch=ms`, new URLSearchParams({ q: query }));
  const empty = (await Promise.all(queries.map(ask))).filter((answer) => !answer.includes('"series"')).length;
  const sequential: number[] = [];
  const together: number[] = [];
  const slowest = { milliseconds: 0, query: '' };
  for (let run = 0; run < runs; run += 1) {
    sequential.push(
      await timed(async () => {
        for (const query of queries) {
          const milliseconds = Math.round(await timed(() => ask(query)));
          if (milliseconds > slowest.milliseconds) Object.assign(slowest, { milliseconds, query });
        }
      }),
    );
    together.push(await timed(() => parallel(queries, ask)));
  }
  const result = {
    machines,
    units,
    filled: { ...filled, seconds: fillSeconds },
    queries: { value: queries.length, empty, goal: goal.queries },
    sequential: { ...summary(sequential), goal_ms: goal.milliseconds },
    six_at_once: { ...summary(together), goal_ms: goal.milliseconds },
    slowest,
  };
  if (flags.json) console.log(JSON.stringify(result));
  else {
    const millions = (filled.points / 1e6).toFixed(1);
    const said = ({ median_ms, p95_ms }: { median_ms: number; p95_ms: number }) =>
      `median ${median_ms} ms   p95 ${p95_ms} ms`;
    console.log(
      `${machines} machines, ${units} units: ${filled.hours} h of derived series, ${millions} million points in ${fillSeconds} s`,
    );
    console.log(
      `queries of the province wall   ${queries.length}, ${empty} without an answer   (goal at most ${goal.queries})`,
    );
    console.log(`all, one after another         ${said(result.sequential)}   (goal ${goal.milliseconds} ms)`);
    console.log(`all, ${atOnce} at once                 ${said(result.six_at_once)}   (goal ${goal.milliseconds} ms)`);
    console.log(`slowest                        ${slowest.milliseconds} ms: ${slowest.query}`);
  }
} finally {
  await server.stop();
}
