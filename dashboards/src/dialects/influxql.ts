/**
 * InfluxQL. `$timeFilter` and `$__interval` are filled in by the data source, `${…:regex}` by the dashboard; in alert rules
 * `$timeFilter` alone.
 */
import type { Language } from '../language.ts';
import type { Selection, Variable } from '../queries.ts';
import { type Asked, type Dialect, type Target, targetOf } from './dialect.ts';

/** One value a minute, however often a machine measures: few rows, and nothing in a dashboard's step changes what fires. */
const alertBucket = 'time(1m)';

/**
 * Takes a series key apart: people choose a machine by its name, panels ask for the agent, because names repeat. A
 * backslash escapes commas and spaces in tag values.
 */
const agentOfSeries = String.raw`/,agent=(?<value>[^,]+),.*,host=(?<text>(?:\\.|[^,\\])+)/`;

export const influxql: Dialect = {
  dataSourceType: 'influxdb',
  holdsTexts: true,
  lines: (selections, asked) =>
    selections.map((selection, index) =>
      target(asked, {
        refId: String.fromCharCode('A'.charCodeAt(0) + index),
        query: overTime(selection, asked.language),
        resultFormat: 'time_series',
        alias: aliasOf(selection),
      }),
    ),
  value: (selection, asked) => value(selection, asked),
  readAt: (selection, asked) => ({ target: value(selection, asked), field: 'Time' }),
  rows: (selection, asked) => ({
    targets: [target(asked, { refId: 'A', query: overRange(selection, asked.language), resultFormat: 'table' })],
    shaping: [],
  }),
  events: (selection, asked) => ({
    targets: [target(asked, { refId: 'A', query: newest(selection, asked), resultFormat: 'table' })],
    shaping: [],
  }),
  // The time range is ignored by both.
  tagValues: (measurement, tag) => `SHOW TAG VALUES FROM ${identifier(measurement)} WITH KEY = ${identifier(tag)}`,
  machines(measurement, { chosen }) {
    const where = chosen.length === 0 ? '' : ` WHERE ${chosen.map(isChosen).join(' AND ')}`;
    return { query: `SHOW SERIES FROM ${identifier(measurement)}${where}`, regex: agentOfSeries };
  },
  alert: (selection, { dataSourceUid }) => ({
    refId: 'A',
    datasource: { type: 'influxdb', uid: dataSourceUid },
    rawQuery: true,
    resultFormat: 'time_series',
    query: alertQuery(selection),
    // Grafana's own values, which it would add: what it gives back then compares equal.
    intervalMs: 60_000,
    maxDataPoints: 43_200,
  }),
  shows({ query = '' }, { measurement, field, tags }) {
    const needed = [`FROM ${identifier(measurement)} `, `(${identifier(field)})`, ...tags.map(identifier)];
    return needed.every((part) => query.includes(part));
  },
};

function target(
  { dataSource }: Asked,
  query: { refId: string; query: string; resultFormat: 'table' | 'time_series'; alias?: string },
): Target {
  return targetOf({ ...query, datasource: dataSource, rawQuery: true });
}

function value(selection: Selection, asked: Asked): Target {
  const query = overRange(selection, asked.language);
  return target(asked, { refId: 'A', query, resultFormat: 'time_series', alias: '$col' });
}

/** `/var` or `eth0: Received`: the tags, and the field where there are several. */
function aliasOf({ by, columns }: Selection): string {
  const tags = by.map((tag) => `$tag_${tag}`).join(' ');
  if (tags === '') return '$col';
  return columns.length === 1 ? tags : `${tags}: $col`;
}

function alertQuery(selection: Selection): string {
  const [{ field, aggregate }] = selection.columns;
  const groups = [alertBucket, ...selection.by.map(identifier)].join(', ');
  return [
    `SELECT ${aggregate}(${identifier(field)}) FROM ${identifier(selection.measurement.name)}`,
    `WHERE ${conditionOf(selection)}`,
    `GROUP BY ${groups} fill(none)`,
  ].join(' ');
}

/** One value for each window of the panel; windows without a value are null, so that gaps stay visible. */
export function overTime(selection: Selection, language: Language): string {
  const window = 'time($__interval)';
  const groups = [window, ...selection.by.map(identifier)].join(', ');
  return `${selectClause(selection, { language, window })} GROUP BY ${groups} fill(null)`;
}

/** One value for the whole range. With `last` of a single field, its time is that of the reading. */
export function overRange(selection: Selection, language: Language): string {
  const groups = selection.by.map(identifier).join(', ');
  return `${selectClause(selection, { language })}${groups === '' ? '' : ` GROUP BY ${groups}`}`;
}

/** The readings themselves, the newest first, each with its tags; what the selection would make of them is left out. */
export function newest(selection: Selection, options: NewestOptions): string {
  const { measurement, columns, by, only } = selection;
  const shown = [
    ...by.map(identifier),
    ...columns.map(({ field, definition }) => `${identifier(field)} AS ${identifier(definition[options.language])}`),
  ];
  const where = [...only.map(comparisonOf), conditionOf(selection)].join(' AND ');
  const from = `FROM ${identifier(measurement.name)} WHERE ${where}`;
  return `SELECT ${shown.join(', ')} ${from} ORDER BY time DESC LIMIT ${options.limit}`;
}

interface NewestOptions {
  readonly language: Language;
  readonly limit: number;
}

function selectClause(selection: Selection, options: { language: Language; window?: string }): string {
  const { measurement, columns, ofLast } = selection;
  const condition = conditionOf(selection);
  const only = selection.only.map(comparisonOf);
  const isLast =
    ofLast.length > 0 && options.window === undefined && columns.every(({ aggregate }) => aggregate === 'last');
  const shown = columns
    .map(({ field, aggregate, definition }) => {
      // The last of one reading is itself; asked for by its name, it costs InfluxDB a tenth.
      const value = isLast ? identifier(field) : `${aggregate}(${identifier(field)})`;
      return `${value} AS ${identifier(definition[options.language])}`;
    })
    .join(', ');
  const source = identifier(measurement.name);
  if (ofLast.length === 0) return `SELECT ${shown} FROM ${source} WHERE ${[...only, condition].join(' AND ')}`;
  // One field chooses the reading, the others are of the same: that is right, and cheaper than the last of each.
  const fields = new Set([...selection.only.map(([field]) => field), ...columns.map(({ field }) => field)]);
  const read = [...fields].map(identifier).map((name, index) => `${index === 0 ? `last(${name})` : name} AS ${name}`);
  const tags = [...new Set([...selection.by, ...ofLast])].map(identifier);
  const groups = [...(options.window === undefined ? [] : [options.window]), ...tags].join(', ');
  const inner = `SELECT ${read.join(', ')} FROM ${source} WHERE ${condition} GROUP BY ${groups}`;
  // The range once more: without one outside, the time of the answer would be 1970.
  return `SELECT ${shown} FROM (${inner}) WHERE ${[...only, '$timeFilter'].join(' AND ')}`;
}

function comparisonOf([field, comparison]: Selection['only'][number]): string {
  if ('is' in comparison) return `${identifier(field)} = ${comparison.is}`;
  return identifier(field) + ('above' in comparison ? ` > ${comparison.above}` : ` < ${comparison.below}`);
}

function conditionOf({ chosen, where }: Selection): string {
  const exact = where.map(([tag, values]) => {
    const any = values.map((value) => `${identifier(tag)} = ${literal(value)}`);
    return any.length === 1 ? any.join() : `(${any.join(' OR ')})`;
  });
  return [...chosen.map(isChosen), ...exact, '$timeFilter'].join(' AND ');
}

/** The anchors let InfluxDB look one value up instead of trying every one. */
function isChosen(variable: Variable): string {
  return `${identifier(variable)} =~ /^\${${variable}:regex}$/`;
}

function identifier(name: string): string {
  return `"${name.replace(/["\\]/g, '\\$&').replaceAll('\n', '\\n')}"`;
}

function literal(value: string): string {
  return `'${value.replace(/['\\]/g, '\\$&').replaceAll('\n', '\\n')}'`;
}
