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
  /** Series whose tags have exactly these values. */
  readonly where?: { readonly [T in TagName<M> | OriginTag]?: string };
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
}

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
  return { measurement, columns: [first, ...rest], by: options.by ?? [], condition };
}

/** One value for each window of the panel; windows without a value are null, so that gaps stay visible. */
export function overTime(selection: Selection, language: Language): string {
  const groups = ['time($__interval)', ...selection.by.map(identifier)].join(', ');
  return `${selectClause(selection, language)} GROUP BY ${groups} fill(null)`;
}

/** One value for the whole range. With `last` of a single field, its time is that of the reading. */
export function overRange(selection: Selection, language: Language): string {
  const groups = selection.by.map(identifier).join(', ');
  return `${selectClause(selection, language)}${groups === '' ? '' : ` GROUP BY ${groups}`}`;
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

function selectClause({ measurement, columns, condition }: Selection, language: Language): string {
  const shown = columns.map(
    ({ field, aggregate, definition }) => `${aggregate}(${identifier(field)}) AS ${identifier(definition[language])}`,
  );
  return `SELECT ${shown.join(', ')} FROM ${identifier(measurement.name)} WHERE ${condition}`;
}

function conditions<M extends MeasurementName>({ chosen = [], where = {} }: Conditions<M>): string[] {
  const exact = Object.entries(where) as [string, string][];
  return [
    // The anchors let InfluxDB look one value up instead of trying every one.
    ...chosen.map((variable) => `${identifier(variable)} =~ /^\${${variable}:regex}$/`),
    ...exact.map(([tag, value]) => `${identifier(tag)} = ${literal(value)}`),
  ];
}

function whereClause<M extends MeasurementName>(options: Conditions<M>): string {
  const all = conditions(options);
  return all.length === 0 ? '' : ` WHERE ${all.join(' AND ')}`;
}

function identifier(name: string): string {
  return `"${name.replace(/["\\]/g, '\\$&').replaceAll('\n', '\\n')}"`;
}

function literal(value: string): string {
  return `'${value.replace(/['\\]/g, '\\$&').replaceAll('\n', '\\n')}'`;
}
