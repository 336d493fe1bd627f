import {
  TableCellBackgroundDisplayMode,
  TableCellDisplayMode,
  TableSortByFieldStateBuilder,
} from '@grafana/grafana-foundation-sdk/common';
import type { DynamicConfigValue } from '@grafana/grafana-foundation-sdk/dashboard';
import { PanelBuilder } from '@grafana/grafana-foundation-sdk/table';
import { type Column, overRange, type Selection } from '../queries.ts';
import { type Limits, noThresholds, type State, thresholds, valueMappings } from '../theme.ts';
import {
  type Chart,
  type ChartOptions,
  type Context,
  formatOf,
  freshness,
  setHead,
  tagTitle,
  target,
} from './chart.ts';

interface TableOptions extends ChartOptions {
  /** One row for each series. */
  readonly selection: Selection;
  /** The field whose greatest value comes first. */
  readonly sortBy: string;
  /** The least value comes first instead. */
  readonly ascending?: boolean;
  /** Colour cells, by field. */
  readonly limits?: Readonly<Record<string, Limits>>;
  readonly states?: Readonly<Record<string, Readonly<Record<string, State>>>>;
  /** Shows the present instead of the whole range of the dashboard. */
  readonly fresh?: boolean;
}

const height = 8;

/** A row for each series, its tags first, then its fields; headings, units and decimals are the catalogue's. */
export function table(context: Context, options: TableOptions): Chart {
  const { columns, by } = options.selection;
  const { language } = context;
  const first = columns.find(({ field }) => field === options.sortBy);
  if (!first) throw new Error(`the table has no column "${options.sortBy}" to sort by`);
  const panel = new PanelBuilder()
    .thresholds(noThresholds())
    .mappings(valueMappings(language))
    .withTarget(target(context, { refId: 'A', query: overRange(options.selection, language), resultFormat: 'table' }))
    // It is the start of the range: InfluxDB has no common time for several values.
    .withTransformation({ id: 'organize', options: { excludeByName: { Time: true } } })
    .sortBy([new TableSortByFieldStateBuilder().displayName(first.definition[language]).desc(!options.ascending)]);
  if (options.fresh) panel.timeFrom(freshness).hideTimeOverride(true);
  setHead(panel, { ...options, context, height });

  for (const tag of by) {
    panel.overrideByName(tag, [{ id: 'displayName', value: tagTitle(options.selection, tag)[language] }]);
  }
  for (const column of columns) {
    panel.overrideByName(column.definition[language], columnProperties(column, { ...options, context }));
  }
  return panel;
}

function columnProperties(column: Column, options: TableOptions & { context: Context }): DynamicConfigValue[] {
  const { unit, decimals } = formatOf(column);
  const limits = options.limits?.[column.field];
  const states = options.states?.[column.field];
  const coloured = { type: TableCellDisplayMode.ColorBackground, mode: TableCellBackgroundDisplayMode.Basic };
  return [
    { id: 'unit', value: unit },
    ...(decimals === undefined ? [] : [{ id: 'decimals', value: decimals }]),
    ...(limits ? [{ id: 'thresholds', value: thresholds(limits).build() }] : []),
    ...(states ? [{ id: 'mappings', value: valueMappings(options.context.language, states) }] : []),
    ...(limits || states ? [{ id: 'custom.cellOptions', value: coloured }] : []),
  ];
}
