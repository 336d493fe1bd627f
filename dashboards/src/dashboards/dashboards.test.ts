/** What holds for every dashboard, in every language. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fieldOf, measurementByName, originTags } from '@vonggac/shared';
import { describe, expect, test } from 'vitest';
import { buildDashboards, type DashboardJson } from '../index.ts';
import { textOf } from '../normalise.ts';

const vietnamese = buildDashboards({ language: 'vi' });
const english = buildDashboards({ language: 'en' });
const every = [
  ...vietnamese.map((dashboard) => ['vi', dashboard] as const),
  ...english.map((dashboard) => ['en', dashboard] as const),
];

function charts(dashboard: DashboardJson) {
  return dashboard.panels.filter(({ type }) => type !== 'row');
}

function queries(dashboard: DashboardJson): string[] {
  return charts(dashboard).flatMap(({ targets = [] }) => targets.map(textOf));
}

/** Every string, with where it stands. */
function texts(value: unknown, path = ''): (readonly [path: string, text: string])[] {
  if (typeof value === 'string') return [[path, value]];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => texts(inner, `${path}.${key}`));
}

describe.each(every)('%s: $uid', (language, dashboard) => {
  test('ids are unique, also those of rows', () => {
    const ids = dashboard.panels.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { id } of charts(dashboard)) expect(id).toBeLessThan(1_000);
    expect(dashboard.uid).toMatch(/^[a-z][a-z0-9-]{0,39}$/);
  });

  test('panels stay within 24 columns and do not overlap', () => {
    const taken = new Set<string>();
    for (const { id, gridPos } of dashboard.panels) {
      expect(gridPos.x + gridPos.w, `panel ${id}`).toBeLessThanOrEqual(24);
      for (let x = gridPos.x; x < gridPos.x + gridPos.w; x += 1) {
        for (let y = gridPos.y; y < gridPos.y + gridPos.h; y += 1) {
          expect(taken.has(`${x},${y}`), `panel ${id} covers another at column ${x}, line ${y}`).toBe(false);
          taken.add(`${x},${y}`);
        }
      }
    }
  });

  test('every name in a query is in the catalogue', () => {
    for (const query of queries(dashboard)) {
      const measurement = measurementByName(/ FROM "(\w+)"/.exec(query)?.[1] ?? '');
      if (!measurement) throw new Error(`no measurement of the catalogue in: ${query}`);
      const tags: readonly string[] = [...measurement.tagNames, ...originTags];
      const names = [...query.replace(/ AS "[^"]*"/g, '').matchAll(/"([^"]*)"/g)].map(([, name]) => name ?? '');
      const fields = names.filter((name) => name !== measurement.name && !tags.includes(name));
      expect(fields.length, query).toBeGreaterThan(0);
      expect(fields.filter((field) => !fieldOf(measurement, field))).toEqual([]);
      const groups = [...query.matchAll(/ GROUP BY ((?:, |time\(\$__interval\)|"\w+")+)/g)].flatMap(([, list = '']) =>
        [...list.matchAll(/"(\w+)"/g)].map(([, tag]) => tag ?? ''),
      );
      expect(tags).toEqual(expect.arrayContaining(groups));
      expect(query).toContain('$timeFilter');
    }
  });

  test('a query names a variable only when the dashboard has it', () => {
    const known = dashboard.templating.list.map(({ name }) => name);
    const used = [...queries(dashboard), ...dashboard.templating.list.map(({ query }) => query)].flatMap((query) =>
      [...query.matchAll(/\$\{(\w+):regex\}/g)].map(([, name]) => name),
    );
    expect(known).toEqual(expect.arrayContaining([...new Set(used)]));
  });

  test('every panel says what it shows, and refs are unique in it', () => {
    for (const panel of dashboard.panels) expect(panel.title, `panel ${panel.id}`).not.toBe('');
    for (const { id, description, targets = [] } of charts(dashboard)) {
      expect(description, `panel ${id}`).toMatch(/\.$/);
      expect(targets.length, `panel ${id}`).toBeGreaterThan(0);
      expect(new Set(targets.map(({ refId }) => refId)).size).toBe(targets.length);
    }
  });

  test('no data is grey wherever a value has a colour', () => {
    for (const panel of charts(dashboard).filter(({ type }) => type !== 'timeseries')) {
      const mapped = JSON.stringify(panel).match(/"mappings":\[\{"type":"special".{0,80}?"color":"#8e8e8e"/g);
      expect(mapped, `panel ${panel.id}`).not.toBeNull();
    }
  });

  test('the whole text is in one language', () => {
    const foreign = texts(dashboard).filter(([, text]) => /[àáâãèéêìíòóôõùúýăđĩũơưạ-ỹ]/i.test(text));
    if (language === 'en') expect(foreign).toEqual([]);
    else expect(foreign.length).toBeGreaterThan(charts(dashboard).length * 2);
  });
});

test('both languages have the same dashboards but for their texts', () => {
  const shapes = (dashboards: readonly DashboardJson[]) =>
    dashboards.map(({ uid, panels, templating }) => ({
      uid,
      panels: panels.map(({ id, type, gridPos, targets = [] }) => ({ id, type, gridPos, targets: targets.length })),
      variables: templating.list.map(({ name, query, regex }) => ({ name, query, regex })),
    }));
  expect(shapes(english)).toEqual(shapes(vietnamese));
});

test('a given data source is used everywhere, without a variable', () => {
  for (const dashboard of buildDashboards({ language: 'en', dataSourceUid: 'influx-1' })) {
    expect(JSON.stringify(dashboard)).not.toContain(`\${datasource}`);
    const uids = texts(dashboard).filter(([path]) => path.endsWith('.datasource.uid'));
    expect(new Set(uids.map(([, uid]) => uid))).toEqual(
      // Annotations are Grafana's own.
      new Set(['influx-1', '-- Grafana --']),
    );
    expect(dashboard.templating.list.map(({ type }) => type)).not.toContain('datasource');
  }
});

test('events are on every dashboard, and where one unit is looked at, only its own', () => {
  for (const dashboard of vietnamese) {
    const tags = texts(dashboard).flatMap(([path, text]) => (/^\.annotations\..*\.tags\./.test(path) ? [text] : []));
    expect(tags).toEqual(expect.arrayContaining(['vonggac', 'outage', 'malware', 'maintenance', 'machine']));
    expect(tags.includes('unit:$unit')).toBe(['vonggac-unit', 'vonggac-machine'].includes(dashboard.uid));
  }
});

test('two builds give the same text', () => {
  expect(JSON.stringify(buildDashboards({ language: 'vi' }))).toBe(JSON.stringify(vietnamese));
});

test.each(vietnamese.map((dashboard) => [dashboard.uid.replace('vonggac-', ''), dashboard] as const))(
  'the dashboard %s is the reviewed one; UPDATE_GOLDEN=1 writes it anew',
  (name, dashboard) => {
    const file = join(import.meta.dirname, `../__golden__/${name}.vi.json`);
    const text = `${JSON.stringify(dashboard, null, 2)}\n`;
    if (process.env.UPDATE_GOLDEN === '1') writeFileSync(file, text);
    expect(text).toBe(readFileSync(file, 'utf8'));
  },
);

test('a machine is chosen by its name and known by its agent, whatever its name holds', () => {
  const machine = vietnamese.find(({ uid }) => uid === 'vonggac-machine');
  const regex = machine?.templating.list.find(({ name }) => name === 'agent')?.regex ?? '';
  const pattern = new RegExp(regex.slice(1, -1));
  const find = (host: string) =>
    pattern.exec(`system,agent=a-0123456789abcdef,class=pc,host=${host},unit=XA-01`)?.groups;
  expect(find('PC-01')).toEqual({ value: 'a-0123456789abcdef', text: 'PC-01' });
  expect(find(String.raw`may\ chu\,\ phong\ 2`)).toMatchObject({ text: String.raw`may\ chu\,\ phong\ 2` });
});

test('incidents lead to the console where it is known', () => {
  const links = (consoleUrl?: string) => {
    const dashboards = buildDashboards({ language: 'en', ...(consoleUrl !== undefined && { consoleUrl }) });
    return dashboards.map((each) =>
      texts(each).filter(([path, text]) => path.endsWith('.url') && /incidents/.test(text)),
    );
  };
  expect(links().flat()).toEqual([]);
  const found = links('https://giamsat.example/').flat();
  expect(new Set(found.map(([, url]) => url))).toEqual(
    new Set([`https://giamsat.example/incidents?id=\${__value.raw}`]),
  );
  expect(found).toHaveLength(3);
});
