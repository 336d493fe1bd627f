import { measurementByName, ruleById, rules } from '@vonggac/shared';
import { describe, expect, test } from 'vitest';
import { alertSelection } from '../alerts/alert-query.ts';
import { queryText } from '../alerts/alert-rule.ts';
import { buildDashboards, buildRuleGroups, type DashboardJson } from '../index.ts';
import { textOf } from '../normalise.ts';
import { type Selection, select } from '../queries.ts';
import { promql } from './promql.ts';

const asked = { language: 'en', dataSource: { type: 'prometheus', uid: 'vm-1' } } as const;
const machine = ['agent', 'host', 'unit', 'class'] as const;

interface Built {
  readonly refId: string;
  readonly expr: string;
  readonly legendFormat?: string;
}

function built(targets: readonly { build(): unknown }[]): Built[] {
  return targets.map((target) => target.build() as Built);
}

function value(selection: Selection): string {
  return built([promql.value(selection, asked)])[0]?.expr ?? '';
}

function charts({ panels }: DashboardJson): DashboardJson['panels'] {
  return panels.filter(({ type }) => type !== 'row');
}

test('one query for each field, one line for each value of the tags', () => {
  const io = select('disk_io', {
    read: { read_bytes_per_second: 'mean', busy_percent: 'max' },
    by: ['device'],
    chosen: ['agent'],
  });
  const readings = `{agent=~"$agent"}[$__interval]`;
  expect(built(promql.lines([io, select('cpu', { read: { cores: 'max' } })], asked))).toMatchObject([
    {
      refId: 'A',
      expr:
        `sum by (device) (sum_over_time(disk_io_read_bytes_per_second${readings})) / ` +
        `sum by (device) (count_over_time(disk_io_read_bytes_per_second${readings}))`,
      legendFormat: '{{device}}: Read',
    },
    {
      refId: 'B',
      expr: `max by (device) (max_over_time(disk_io_busy_percent${readings}))`,
      legendFormat: '{{device}}: Time with a request under way',
    },
    { refId: 'C', expr: 'max (max_over_time(cpu_cores[$__interval]))' },
  ]);
});

test('where tags tell all series apart, nothing has to be chosen or weighed', () => {
  const by = [...machine, 'mount', 'type'] as const;
  expect(value(select('filesystem', { read: { used_percent: 'last' }, by }))).toMatch(
    /^max by \(agent, host, unit, class, mount, type\) \(last_over_time\(filesystem_used_percent\[\$__range\]\)\)$/,
  );
  expect(value(select('cpu', { read: { usage_percent: 'mean' }, by: machine }))).toBe(
    'avg by (agent, host, unit, class) (avg_over_time(cpu_usage_percent[$__range]))',
  );
});

test('of several series the last is that of the newest one', () => {
  const readings = 'collector_watchdog_ready[$__range]';
  expect(value(select('collector_watchdog', { read: { ready: 'last' } }))).toBe(
    `max (last_over_time(${readings}) and topk(1, tlast_over_time(${readings})))`,
  );
  expect(value(select('unit_state', { read: { state: 'last' }, by: ['unit'] }))).toMatch(
    / and topk\(1, tlast_over_time\(unit_state_state\[\$__range\]\)\) by \(unit\)\)$/,
  );
});

test('how many there are: the last reading of each first', () => {
  const away = select('agent_state', { read: { alertable: 'sum' }, ofLast: machine, where: { class: 'server' } });
  expect(value(away)).toBe(
    'sum (max by (agent, host, unit, class) (last_over_time(agent_state_alertable{class="server"}[$__range])))',
  );
});

test('only those with something in a field of their last reading', () => {
  const off = select('posture', {
    read: { security_updates: 'last' },
    by: machine,
    ofLast: ['agent'],
    only: { firewall: { is: 0 } },
  });
  const each = 'agent, host, unit, class';
  expect(value(off)).toBe(
    `max by (${each}) (last_over_time(posture_security_updates[$__range])) and on (${each}) ` +
      `(max by (${each}) (last_over_time(posture_firewall[$__range])) == 0)`,
  );
  const away = select('agent_state', {
    read: { silent_seconds: 'last' },
    by: machine,
    ofLast: ['agent'],
    only: { silent_seconds: { above: 60 } },
  });
  expect(value(away)).toBe(`max by (${each}) (last_over_time(agent_state_silent_seconds[$__range])) > 60`);
  const cut = select('unit_state', { read: { alertable: 'max' }, by: ['unit'], only: { alertable: { is: 1 } } });
  expect(value(cut)).toBe('max by (unit) (max_over_time(unit_state_alertable[$__range])) == 1');
});

test('what cannot be asked is refused when dashboards are built', () => {
  const byAnother = select('posture', { read: { security_updates: 'last' }, only: { firewall: { above: 0 } } });
  expect(() => value(byAnother)).toThrow('"security_updates" cannot be chosen by the readings of "firewall"');
  const lastOfMany = select('unit_state', { read: { state: 'last' }, ofLast: ['unit'] });
  expect(() => value(lastOfMany)).toThrow('many readings of "state" have no last one');
});

test('values cannot end their quotes, and of several each is taken as it is', () => {
  const where = { mount: 'C:\\" or "', class: ['server', 'gateway'] };
  expect(value(select('filesystem', { read: { used_percent: 'max' }, where }))).toBe(
    'max (max_over_time(filesystem_used_percent{mount="C:\\\\\\" or \\"",class=~"server|gateway"}[$__range]))',
  );
  const dotted = select('filesystem', { read: { used_percent: 'max' }, where: { mount: ['/a.b', '/c|d'] } });
  expect(value(dotted)).toContain(String.raw`{mount=~"/a\\.b|/c\\|d"}`);
});

test('the columns of a table get their headings, in their order', () => {
  const { targets, shaping } = promql.rows(
    select('disk_io', { read: { busy_percent: 'max', reads_per_second: 'max' }, by: ['unit', 'device'] }),
    asked,
  );
  expect(built(targets).map(({ refId }) => refId)).toEqual(['A', 'B']);
  expect(shaping).toEqual([
    { id: 'merge', options: {} },
    {
      id: 'organize',
      options: {
        excludeByName: { Time: true },
        indexByName: { unit: 0, device: 1, 'Value #A': 2, 'Value #B': 3 },
        renameByName: { 'Value #A': 'Time with a request under way', 'Value #B': 'Read requests' },
      },
    },
  ]);
});

test('people choose a machine by its name, whatever it holds and in whatever order the labels come', () => {
  const { query, regex } = promql.machines('system', { chosen: ['unit'] });
  expect(query).toBe('system_uptime_seconds{unit=~"$unit"}');
  const pattern = new RegExp(regex.slice(1, -1));
  const find = (series: string) => ({ ...pattern.exec(series)?.groups });
  const labels = 'db="vonggac",host="phòng 2, "a"",agent="a-01",class="pc"';
  expect(find(`system_uptime_seconds{${labels}}`)).toEqual({ value: 'a-01', text: 'phòng 2, "a"' });
  expect(find('system_uptime_seconds{agent="a-01",host="PC-01"}')).toEqual({ value: 'a-01', text: 'PC-01' });
});

describe.each(['vi', 'en'] as const)('all of it: %s', (language) => {
  const dashboards = buildDashboards({ language, dialect: 'promql' });
  const groups = buildRuleGroups({
    language,
    dialect: 'promql',
    dashboards,
    dataSourceUid: 'vm-1',
    consoleUrl: 'https://giamsat.example',
  });
  const alerts = groups.flatMap((group) => group.rules);
  const panelQueries = dashboards.flatMap((dashboard) =>
    charts(dashboard).flatMap(({ id, targets = [] }) =>
      targets.map((target) => [`${dashboard.uid} ${id}`, textOf(target)] as const),
    ),
  );
  const alertQueries = alerts.map(({ uid, data }) => [uid, queryText(data[0].model)] as const);

  test('every number of the catalogue is asked for by its window, and no text is', () => {
    for (const [name, expr] of [...panelQueries, ...alertQueries]) {
      const asked = [...expr.matchAll(/(\w+?_over_time)\((\w+)(?:\{[^{}]*\})?(\[[^[\]]+\])?\)/g)];
      expect(asked.length, `${name}: ${expr}`).toBeGreaterThan(0);
      for (const [, , metric = '', window] of asked) {
        expect(window, `${name}: ${expr}`).toMatch(/^\[(\$__interval|\$__range|\d+s)\]$/);
        expect(typeOf(metric), `${name}: ${metric}`).toMatch(/^(boolean|float|integer)$/);
      }
    }
  });

  test('alert rules have no variables, give numbers at once, and are otherwise those of InfluxQL', () => {
    for (const [uid, expr] of alertQueries) expect(expr, uid).not.toContain('$');
    const inInfluxQl = buildRuleGroups({
      language,
      dashboards: buildDashboards({ language }),
      dataSourceUid: 'vm-1',
      consoleUrl: 'https://giamsat.example',
    });
    const common = (made: typeof groups) =>
      made.map(({ rules: inGroup, ...group }) => ({
        ...group,
        // Which panel shows the same first may differ; the next test looks for it.
        rules: inGroup.map(({ data: [query, , threshold], annotations, ...rule }) => {
          const { __dashboardUid__: _, __panelId__: __, ...texts } = annotations;
          return { ...rule, texts, threshold, range: query.relativeTimeRange };
        }),
      }));
    expect(common(groups)).toEqual(common(inInfluxQl));
    for (const { data } of alerts) {
      expect(data[0].model).toMatchObject({ instant: true, range: false, datasource: { type: 'prometheus' } });
      expect(data[1].model).toMatchObject({ reducer: 'last', settings: { mode: 'dropNN' } });
    }
  });

  test('alerts lead to a panel of the same measurement', () => {
    for (const { uid, annotations } of alerts) {
      const { __dashboardUid__: dashboard, __panelId__: panel } = annotations;
      if (panel === undefined) continue;
      const shown = dashboards.find((each) => each.uid === dashboard)?.panels.find(({ id }) => `${id}` === panel);
      const { measurement } = ruleById(uid.slice('vonggac-'.length))?.query ?? {};
      expect(
        shown?.targets?.some((target) => textOf(target).includes(`${measurement}_`)),
        uid,
      ).toBe(true);
    }
  });

  test('what is left out is said', () => {
    const malware = charts(dashboards.find(({ uid }) => uid === 'vonggac-protection') ?? noDashboard).find(
      ({ id }) => id === 22,
    );
    expect(malware?.description).toMatch(
      language === 'vi' ? /không giữ chữ; .* giao diện/ : /keeps no texts; .*console/,
    );
  });
});

const noDashboard = { panels: [] } as unknown as DashboardJson;

/** `measurement_field`: measurements have underscores too. */
function typeOf(metric: string): string | undefined {
  const ends = [...metric.matchAll(/_/g)].map(({ index }) => index);
  return ends
    .map((end) => measurementByName(metric.slice(0, end))?.definition.fields[metric.slice(end + 1)]?.type)
    .find((type) => type !== undefined);
}

test('a rule asks for exactly its window', () => {
  const [rule] = rules.filter(({ id }) => id === 'disk-full-soon');
  if (!rule) throw new Error('no such rule');
  const model = promql.alert(alertSelection(rule), { windowSeconds: 7_200, dataSourceUid: 'vm-1' });
  expect(queryText(model)).toBe(
    'max by (agent, host, unit, class, mount) ' +
      '(last_over_time(filesystem_forecast_full_in_days{class=~"server|gateway"}[7200s]))',
  );
});
