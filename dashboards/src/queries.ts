/**
 * InfluxQL for Grafana, typed by the catalogue: a measurement, field or tag that the catalogue lacks does not compile.
 * `$timeFilter` and `$__interval` are filled in by the data source, `${…:regex}` by the dashboard.
 */
import {
  type catalogue,
  type FieldDefinition,
  type FieldName,
  fieldOf,
  type Measurement,
  type MeasurementName,
  measurementByName,
  type OriginTag,
  type TagName,
} from '@vonggac/shared';
import type { Language } from './language.ts';

/** How the values of a window, or of the whole range, become one. Texts have only `last`; booleans are 0 and 1. */
export type Aggregate = 'last' | 'max' | 'mean' | 'min' | 'sum';

/** Variables that a dashboard may have; each is named after the tag whose value it holds. */
export type Variable = Extract<OriginTag, 'agent' | 'unit'>;

interface Conditions<M extends MeasurementName> {
  /** Series whose tag has the value chosen on the dashboard; several values and "all" are fine. */
  readonly chosen?: readonly Variable[];
  /** Series whose tags have exactly these values, or one of them. */
  readonly where?: { readonly [T in TagName<M> | OriginTag]?: string | readonly string[] };
}

type AggregateOf<F> = F extends { readonly type: 'string' } ? 'last' : Aggregate;

interface SelectOptions<M extends MeasurementName> extends Conditions<M> {
  /** The fields, in the order of the columns, and what becomes of each one's values. */
  readonly read: {
    readonly [F in FieldName<M>]?: AggregateOf<
      (typeof catalogue)[M]['fields'][F & keyof (typeof catalogue)[M]['fields']]
    >;
  };
  /** One series for each value of these tags; without them everything becomes one series. */
  readonly by?: readonly (TagName<M> | OriginTag)[];
  /** First the last reading of each of these, then the aggregates of those: how many units, how many machines. */
  readonly ofLast?: readonly (TagName<M> | OriginTag)[];
  /** Only readings with this in a field; with `ofLast`, only of those whose last reading has it. */
  readonly only?: { readonly [F in FieldName<M>]?: Comparison };
}

/** Booleans are 0 and 1. */
export type Comparison = { readonly is: number } | { readonly above: number } | { readonly below: number };

export interface Column {
  readonly field: string;
  readonly aggregate: Aggregate;
  readonly definition: FieldDefinition;
}

/** What a query reads. Made by `select` only, which is where the names are checked. */
export interface Selection {
  readonly measurement: Measurement;
  readonly columns: readonly [Column, ...Column[]];
  readonly by: readonly string[];
  readonly condition: string;
  readonly ofLast: readonly string[];
  readonly only: readonly (readonly [field: string, comparison: string])[];
}

export function select<M extends MeasurementName>(name: M, options: SelectOptions<M>): Selection {
  const measurement = measurementByName(name);
  if (!measurement) throw new Error(`no measurement "${name}"`);
  const read = Object.entries(options.read) as [string, Aggregate][];
  const [first, ...rest] = read.map(([field, aggregate]): Column => {
    const definition = fieldOf(measurement, field);
    if (!definition) throw new Error(`measurement "${name}" has no field "${field}"`);
    return { field, aggregate, definition };
  });
  if (!first) throw new Error(`nothing to read from measurement "${name}"`);
  const condition = [...conditions(options), '$timeFilter'].join(' AND ');
  const only = (Object.entries(options.only ?? {}) as [string, Comparison][]).map(
    ([field, comparison]) => [field, comparisonText(comparison)] as const,
  );
  const { by = [], ofLast = [] } = options;
  return { measurement, columns: [first, ...rest], by, condition, ofLast, only };
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
export function newest({ measurement, columns, by, condition, only }: Selection, options: NewestOptions): string {
  const shown = [
    ...by.map(identifier),
    ...columns.map(({ field, definition }) => `${identifier(field)} AS ${identifier(definition[options.language])}`),
  ];
  const where = [...only.map(comparisonOf), condition].join(' AND ');
  const from = `FROM ${identifier(measurement.name)} WHERE ${where}`;
  return `SELECT ${shown.join(', ')} ${from} ORDER BY time DESC LIMIT ${options.limit}`;
}

interface NewestOptions {
  readonly language: Language;
  readonly limit: number;
}

/** The values that a tag has; InfluxDB ignores the time range here. */
export function tagValues<M extends MeasurementName>(
  measurement: M,
  options: Conditions<M> & { readonly tag: TagName<M> | OriginTag },
): string {
  return `SHOW TAG VALUES FROM ${identifier(measurement)} WITH KEY = ${identifier(options.tag)}${whereClause(options)}`;
}

/** The series of a measurement as `measurement,tag=value,…`, tags by ascending name; the time range is ignored too. */
export function seriesKeys<M extends MeasurementName>(measurement: M, options: Conditions<M> = {}): string {
  return `SHOW SERIES FROM ${identifier(measurement)}${whereClause(options)}`;
}

function selectClause(selection: Selection, options: { language: Language; window?: string }): string {
  const { measurement, columns, condition, ofLast } = selection;
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

function comparisonText(comparison: Comparison): string {
  if ('is' in comparison) return `= ${comparison.is}`;
  return 'above' in comparison ? `> ${comparison.above}` : `< ${comparison.below}`;
}

function comparisonOf([field, comparison]: readonly [string, string]): string {
  return `${identifier(field)} ${comparison}`;
}

function conditions<M extends MeasurementName>({ chosen = [], where = {} }: Conditions<M>): string[] {
  const exact = Object.entries(where) as [string, string | readonly string[]][];
  return [
    // The anchors let InfluxDB look one value up instead of trying every one.
    ...chosen.map((variable) => `${identifier(variable)} =~ /^\${${variable}:regex}$/`),
    ...exact.map(([tag, value]) => {
      const any = [value].flat().map((one) => `${identifier(tag)} = ${literal(one)}`);
      return any.length === 1 ? any.join() : `(${any.join(' OR ')})`;
    }),
  ];
}

function whereClause<M extends MeasurementName>(options: Conditions<M>): string {
  const all = conditions(options);
  return all.length === 0 ? '' : ` WHERE ${all.join(' AND ')}`;
}

export function identifier(name: string): string {
  return `"${name.replace(/["\\]/g, '\\$&').replaceAll('\n', '\\n')}"`;
}

export function literal(value: string): string {
  return `'${value.replace(/['\\]/g, '\\$&').replaceAll('\n', '\\n')}'`;
}
