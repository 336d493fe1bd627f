/**
 * What panels ask for, typed by the catalogue: a measurement, field or tag that the catalogue lacks does not compile. How it
 * is written for a data source is for dialects/ to know.
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
  readonly chosen: readonly Variable[];
  readonly where: Where;
  readonly ofLast: readonly string[];
  readonly only: readonly (readonly [field: string, comparison: Comparison])[];
}

/** Values of tags, one of which a series must have. */
export type Where = readonly (readonly [tag: string, values: readonly string[]])[];

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
  const only = Object.entries(options.only ?? {}) as [string, Comparison][];
  const given = Object.entries(options.where ?? {}) as [string, string | readonly string[]][];
  const where = given.map(([tag, values]): Where[number] => [tag, [values].flat()]);
  const { by = [], chosen = [], ofLast = [] } = options;
  return { measurement, columns: [first, ...rest], by, chosen, where, ofLast, only };
}
