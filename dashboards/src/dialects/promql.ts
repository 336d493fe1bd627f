/**
 * PromQL as VictoriaMetrics understands it (MetricsQL). A field is a metric of its own, named `measurement_field`, so each
 * column is a query. Every reading is taken from an explicit window: without one, what fell silent would keep its last value
 * for five minutes. `$__interval`, `$__range` and variables are filled in by Grafana; alert rules have none of them.
 */
import type { DataTransformerConfig } from '@grafana/grafana-foundation-sdk/dashboard';
import { catalogue, type MeasurementName, originTags } from '@vonggac/shared';
import type { Aggregate, Column, Comparison, Selection } from '../queries.ts';
import { type Asked, type Dialect, type Target, targetOf } from './dialect.ts';

const step = '$__interval';
const range = '$__range';

/** Labels come in no promised order. */
const agentOfSeries = String.raw`/(?=.*[{,]agent="(?<value>[^"]+)")(?=.*[{,]host="(?<text>.+?)"(?:,\w+="|\}))/`;

export const promql: Dialect = {
  dataSourceType: 'prometheus',
  holdsTexts: false,
  lines: (selections, asked) =>
    selections
      .flatMap((selection) => selection.columns.map((column) => ({ selection, column })))
      .map(({ selection, column }, index) =>
        target(asked, {
          refId: refIdOf(index),
          expr: queryOf(selection, { column, window: step }),
          legendFormat: legendOf(selection, { column, asked }),
        }),
      ),
  value(selection, asked) {
    const [column] = selection.columns;
    const expr = queryOf(selection, { column, window: range });
    return target(asked, { refId: 'A', expr, legendFormat: column.definition[asked.language], instant: 'time_series' });
  },
  readAt(selection, asked) {
    const [column] = selection.columns;
    const expr = readAtOf(selection, column);
    const legendFormat = column.definition[asked.language];
    return { target: target(asked, { refId: 'A', expr, legendFormat, instant: 'time_series' }) };
  },
  rows(selection, asked) {
    const { columns } = selection;
    const queries = columns.map((column) => queryOf(selection, { column, window: range }));
    const headings = columns.map(({ definition }) => definition[asked.language]);
    return { targets: tableTargets(queries, asked), shaping: shaped(selection.by, headings) };
  },
  events(selection, asked) {
    const { by, columns } = selection;
    // Each event is no row here: readings cannot be listed. Its kind is, with what was told of it last.
    const last = { ...selection, ofLast: by };
    const [first] = columns;
    const queries = [
      ...columns.map((column) => queryOf(last, { column: { ...column, aggregate: 'last' }, window: range })),
      readAtOf(selection, first),
    ];
    const headings = [...columns.map(({ definition }) => definition[asked.language]), 'Time'];
    return {
      targets: tableTargets(queries, asked),
      shaping: [
        ...shaped(by, headings),
        { id: 'convertFieldType', options: { conversions: [{ targetField: 'Time', destinationType: 'time' }] } },
        { id: 'sortBy', options: { sort: [{ field: 'Time', desc: true }] } },
        { id: 'limit', options: { limitField: asked.limit } },
      ],
    };
  },
  tagValues: (measurement, tag) => `label_values(${anyMetricOf(measurement)}, ${tag})`,
  machines: (measurement, { chosen }) => ({
    query: anyMetricOf(measurement) + matchers({ chosen, where: [] }),
    regex: agentOfSeries,
  }),
  alert(selection, { windowSeconds, dataSourceUid }) {
    const [column] = selection.columns;
    return {
      refId: 'A',
      datasource: { type: 'prometheus', uid: dataSourceUid },
      expr: queryOf(selection, { column, window: `${windowSeconds}s` }),
      instant: true,
      range: false,
      editorMode: 'code',
      legendFormat: '__auto',
      intervalMs: 60_000,
      maxDataPoints: 43_200,
    };
  },
  shows({ expr = '' }, { measurement, field, tags }) {
    const isRead = expr.includes(`${measurement}_${field}{`) || expr.includes(`${measurement}_${field}[`);
    return isRead && tags.every((tag) => new RegExp(`\\b${tag}\\b`).test(expr));
  },
};

interface Asking {
  readonly column: Column;
  readonly window: string;
}

/** One value for each series that the selection tells apart. */
function queryOf(selection: Selection, { column, window }: Asking): string {
  const { by, ofLast, only } = selection;
  const { aggregate } = column;
  if (ofLast.length === 0) {
    const value = reduced(selection, { column, window, by });
    const comparisons = only.map(([field, comparison]) => {
      if (field !== column.field) throw new Error(`"${column.field}" cannot be chosen by the readings of "${field}"`);
      return comparisonText(comparison);
    });
    return [value, ...comparisons].join(' ');
  }
  const each = [...new Set([...by, ...ofLast])];
  const last = (of: Column) => reduced(selection, { column: { ...of, aggregate: 'last' }, window, by: each });
  const conditions = only.map(([field, comparison]) => {
    if (field === column.field) return ` ${comparisonText(comparison)}`;
    return ` and on (${each.join(', ')}) (${last({ ...column, field })} ${comparisonText(comparison)})`;
  });
  const chosen = [last(column), ...conditions].join('');
  if (each.length === by.length) return chosen;
  if (aggregate === 'last') throw new Error(`many readings of "${column.field}" have no last one`);
  return `${grouped(aggregate === 'mean' ? 'avg' : aggregate, by)} (${chosen})`;
}

/** What becomes of all readings of a window, one value for each value of the tags. */
function reduced(selection: Selection, { column, window, by }: Asking & { by: readonly string[] }): string {
  const readings = `${metric(selection, column.field)}[${window}]`;
  const isOneEach = tellsAllApart(selection, by);
  switch (column.aggregate) {
    case 'last': {
      const last = `last_over_time(${readings})`;
      if (isOneEach) return `${grouped('max', by)} (${last})`;
      // Where a machine changed its name there are two series, of which the newer one counts.
      const newest = `topk(1, tlast_over_time(${readings}))${by.length === 0 ? '' : ` by (${by.join(', ')})`}`;
      return `${grouped('max', by)} (${last} and ${newest})`;
    }
    case 'mean': {
      if (isOneEach) return `${grouped('avg', by)} (avg_over_time(${readings}))`;
      // Of all readings, not of the series' means: one of them may have fewer.
      const total = `${grouped('sum', by)} (sum_over_time(${readings}))`;
      return `${total} / ${grouped('sum', by)} (count_over_time(${readings}))`;
    }
    default:
      return `${grouped(column.aggregate, by)} (${column.aggregate}_over_time(${readings}))`;
  }
}

/** Milliseconds since 1970. */
function readAtOf(selection: Selection, { field }: Column): string {
  return `${grouped('max', selection.by)} (tlast_over_time(${metric(selection, field)}[${range}])) * 1000`;
}

function grouped(operation: Exclude<Aggregate, 'last' | 'mean'> | 'avg', by: readonly string[]): string {
  return by.length === 0 ? operation : `${operation} by (${by.join(', ')})`;
}

/** Whether there is one series for each value of these tags, as long as nothing is renamed within them. */
function tellsAllApart({ measurement }: Selection, tags: readonly string[]): boolean {
  return [...originTags, ...measurement.tagNames].every((tag) => tags.includes(tag));
}

function metric(selection: Selection, field: string): string {
  return `${selection.measurement.name}_${field}${matchers(selection)}`;
}

/** Any number will do to learn which series there are. */
function anyMetricOf(name: MeasurementName): string {
  const numeric = Object.entries(catalogue[name].fields).find(([, { type }]) => type !== 'string');
  if (!numeric) throw new Error(`measurement "${name}" has no number`);
  return `${name}_${numeric[0]}`;
}

function matchers({ chosen, where }: Pick<Selection, 'chosen' | 'where'>): string {
  const all = [
    // Grafana escapes the values of a variable, and joins several, only where it is written like this.
    ...chosen.map((variable) => `${variable}=~"$${variable}"`),
    ...where.map(([tag, values]) => {
      const [only] = values;
      if (values.length === 1 && only !== undefined) return `${tag}=${quoted(only)}`;
      return `${tag}=~${quoted(values.map(escapeRegex).join('|'))}`;
    }),
  ];
  return all.length === 0 ? '' : `{${all.join(',')}}`;
}

function comparisonText(comparison: Comparison): string {
  if ('is' in comparison) return `== ${comparison.is}`;
  return 'above' in comparison ? `> ${comparison.above}` : `< ${comparison.below}`;
}

function quoted(value: string): string {
  return `"${value.replace(/["\\]/g, '\\$&').replaceAll('\n', '\\n')}"`;
}

function escapeRegex(text: string): string {
  return text.replace(/[\\^$*+?.()|[\]{}]/g, '\\$&');
}

function refIdOf(index: number): string {
  return String.fromCharCode('A'.charCodeAt(0) + index);
}

/** `/var` or `eth0: Received`: the tags, and the field where there are several. */
function legendOf({ by, columns }: Selection, { column, asked }: { column: Column; asked: Asked }): string {
  const tags = by.map((tag) => `{{${tag}}}`).join(' ');
  const title = column.definition[asked.language];
  if (tags === '') return title;
  return columns.length === 1 ? tags : `${tags}: ${title}`;
}

function tableTargets(queries: readonly string[], asked: Asked): Target[] {
  return queries.map((expr, index) => target(asked, { refId: refIdOf(index), expr, instant: 'table' }));
}

/** One table of all answers, each column under its heading. Grafana names values after their query, if there are several. */
function shaped(by: readonly string[], headings: readonly string[]): DataTransformerConfig[] {
  const values = headings.map((_, index) => (headings.length === 1 ? 'Value' : `Value #${refIdOf(index)}`));
  const names = [...by, ...values];
  const organize = {
    excludeByName: { Time: true },
    indexByName: Object.fromEntries(names.map((name, index) => [name, index])),
    renameByName: Object.fromEntries(values.map((name, index) => [name, headings[index]])),
  };
  return [...(headings.length === 1 ? [] : [{ id: 'merge', options: {} }]), { id: 'organize', options: organize }];
}

function target(
  { dataSource }: Asked,
  query: { refId: string; expr: string; legendFormat?: string; instant?: 'table' | 'time_series' },
): Target {
  const { refId, expr, legendFormat, instant } = query;
  const isInstant = instant !== undefined;
  return targetOf({
    refId,
    expr,
    instant: isInstant,
    range: !isInstant,
    format: instant ?? 'time_series',
    ...(legendFormat !== undefined && { legendFormat }),
    editorMode: 'code',
    datasource: dataSource,
  });
}
