/** The rules of a good operations dashboard, as far as a program can tell, over every dashboard in both languages. */
import { type Rule, rules } from '@vonggac/shared';
import { describe, expect, test } from 'vitest';
import { uids } from '../charts/links.ts';
import { buildDashboards, type DashboardJson } from '../index.ts';
import { textOf } from '../normalise.ts';
import { colours } from '../theme.ts';

type Panel = DashboardJson['panels'][number];

const every = (['vi', 'en'] as const).flatMap((language) =>
  buildDashboards({ language }).map((dashboard) => ({ name: `${language}: ${dashboard.uid}`, dashboard })),
);
/** Of 1920 x 1080, in units of the grid. */
const screenHeight = 20;
const maxQueriesOnScreen = 20;

function charts({ panels }: DashboardJson): readonly Panel[] {
  return panels.filter(({ type }) => type !== 'row');
}

/** Values of a key, however deep. */
function valuesOf(value: unknown, key: string): unknown[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => [...(name === key ? [inner] : []), ...valuesOf(inner, key)]);
}

function addresses(value: unknown): URL[] {
  return valuesOf(value, 'url').flatMap((url) => (typeof url === 'string' ? [new URL(url, 'http://grafana')] : []));
}

function seconds(duration = ''): number {
  const [, count, unit] = /^(\d+)([smh])$/.exec(duration) ?? [];
  return Number(count) * (unit === 'h' ? 3_600 : unit === 'm' ? 60 : 1);
}

/** Limits that are drawn, with the field that they are drawn for. */
function drawnLimits({ targets = [], fieldConfig }: Panel): { measurement: string; field: string; limits: number[] }[] {
  return targets.map(textOf).flatMap((query) => {
    const measurement = / FROM \(?(?:SELECT .* FROM )?"(\w+)"/.exec(query)?.[1] ?? '';
    // What stands within the brackets of a subquery has no column of its own.
    const columns = [...query.replace(/ FROM \(.*\) WHERE /, ' WHERE ').matchAll(/"(\w+)"\)? AS "([^"]+)"/g)];
    return columns.map(([, field = '', heading]) => {
      const override = fieldConfig?.overrides?.find(({ matcher }) => matcher.options === heading);
      const own = override?.properties.find(({ id }) => id === 'thresholds')?.value;
      const steps = valuesOf(own ?? (columns.length === 1 ? fieldConfig?.defaults.thresholds : {}), 'value');
      return { measurement, field, limits: steps.filter((step) => typeof step === 'number') };
    });
  });
}

function ruleLimits({ condition, severity, query }: Rule): number[] {
  if (condition.kind === 'above' || condition.kind === 'below') return [condition.threshold];
  // A number of things of which each one fires.
  return condition.kind === 'is' && severity !== 'info' && query.field === 'alertable' ? [1] : [];
}

describe.each(every)('$name', ({ dashboard }) => {
  test('leads one level down, and the variables that it hands over are there', () => {
    for (const { pathname, search } of addresses(dashboard)) {
      const goal = every.find((each) => pathname === `/d/${each.dashboard.uid}`)?.dashboard;
      expect(goal, pathname).toBeDefined();
      const handed = [...search.matchAll(/var-(\w+)=/g)].map(([, name]) => name);
      expect(goal?.templating.list.map(({ name }) => name)).toEqual(expect.arrayContaining(handed));
      expect(decodeURI(search)).toContain(`\${__url_time_range}`);
    }
  });

  test('names of units and machines in tables lead to them', () => {
    for (const { id, type, title, targets = [], fieldConfig } of charts(dashboard)) {
      if (type !== 'table' || !/"unit".*"host".*"agent"/.test(targets.map(textOf).join())) continue;
      const paths = new Set(addresses(fieldConfig).map(({ pathname }) => pathname));
      expect(paths, `${id} ${title}`).toEqual(new Set([`/d/${uids.unit}`, `/d/${uids.machine}`]));
    }
  });

  test('a screen asks at most 20 queries', () => {
    const tops = charts(dashboard).map(({ gridPos }) => gridPos.y);
    for (const top of new Set(tops)) {
      const seen = charts(dashboard).filter(({ gridPos: { y } }) => y >= top && y < top + screenHeight);
      expect(seen.flatMap(({ targets = [] }) => targets).length, `from line ${top}`).toBeLessThanOrEqual(
        maxQueriesOnScreen,
      );
    }
  });

  test('what is worst comes first in a table', () => {
    for (const panel of charts(dashboard).filter(({ type }) => type === 'table')) {
      const query = panel.targets?.map(textOf).join() ?? '';
      const isOrdered = /ORDER BY time DESC LIMIT \d+$/.test(query) || JSON.stringify(panel).includes('"groupBy"');
      expect(isOrdered || valuesOf(panel, 'sortBy').flat().length > 0, `${panel.id} ${panel.title}`).toBe(true);
    }
  });

  test('has no colour outside the one language', () => {
    const known = new Set<unknown>([...Object.values(colours), 'text']);
    const used = [...valuesOf(dashboard.panels, 'color'), ...valuesOf(dashboard.panels, 'fixedColor')];
    expect(used.filter((colour) => typeof colour === 'string' && !known.has(colour))).toEqual([]);
  });

  test('draws the limits of the alert rules where there are any', () => {
    for (const panel of charts(dashboard)) {
      for (const { measurement, field, limits } of drawnLimits(panel)) {
        const own = rules.filter(({ query }) => query.measurement === measurement && query.field === field);
        const known = own.flatMap(ruleLimits);
        if (known.length === 0) continue;
        expect(known, `${panel.id} ${panel.title}: ${field}`).toEqual(expect.arrayContaining(limits));
      }
    }
  });

  test('every panel has a text for no value and a unit, and percentages begin at 0', () => {
    for (const { id, type, title, fieldConfig } of charts(dashboard)) {
      const name = `${id} ${title}`;
      expect(fieldConfig?.defaults.noValue, name).toMatch(/\S/);
      if (type === 'stat' || type === 'timeseries') expect(fieldConfig?.defaults.unit, name).toMatch(/\S/);
      if (type === 'timeseries' && fieldConfig?.defaults.unit === 'percent') {
        expect(fieldConfig.defaults.min, name).toBe(0);
      }
      expect(fieldConfig?.defaults.custom?.spanNulls, name).not.toBe(true);
    }
  });

  test('can be asked of all units, which come first', () => {
    const variables = dashboard.templating.list.filter(({ type }) => type !== 'datasource');
    if (variables.length === 0) return;
    expect(variables[0]).toMatchObject({ name: 'unit', includeAll: true });
    expect(dashboard.templating.list[0]?.type).toBe('datasource');
  });

  test('queries are cheap', () => {
    for (const { id, interval, targets = [] } of charts(dashboard)) {
      for (const query of targets.map(textOf)) {
        expect(query, `panel ${id}`).not.toMatch(/SELECT \*/);
        expect(query).toMatch(/ WHERE .*\$timeFilter/);
        if (query.includes('$__interval')) expect(seconds(interval), `panel ${id}`).toBeGreaterThanOrEqual(10);
      }
    }
    expect(seconds(dashboard.refresh)).toBeGreaterThanOrEqual(10);
  });

  test('shares the crosshair and the range with the others, and is not edited by hand', () => {
    expect(dashboard).toMatchObject({ graphTooltip: 1, editable: false, tags: ['vonggac'] });
    expect(dashboard.links).toEqual([expect.objectContaining({ keepTime: true, includeVars: true })]);
  });
});

describe.each(every.filter(({ dashboard }) => dashboard.uid === uids.province))('$name', ({ dashboard }) => {
  const seen = charts(dashboard).filter(({ gridPos: { y, h } }) => y + h <= screenHeight);
  const asked = seen.flatMap(({ targets = [] }) => targets.map(textOf));

  test('the first screen answers what, where and since when, and how old the data is', () => {
    expect(asked.filter((query) => query.includes('sum("alertable")')).length).toBeGreaterThanOrEqual(3);
    expect(asked.some((query) => / BY "unit"/.test(query))).toBe(true);
    expect(asked.some((query) => query.includes('"silent_seconds" AS '))).toBe(true);
    expect(asked.some((query) => query.includes('"collector_watchdog"'))).toBe(true);
    expect(asked.some((query) => query.includes('"incident"'))).toBe(true);
  });

  test('all of it asks at most 20 queries', () => {
    expect(charts(dashboard).flatMap(({ targets = [] }) => targets).length).toBeLessThanOrEqual(maxQueriesOnScreen);
  });
});
