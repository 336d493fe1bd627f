import {
  TableCellBackgroundDisplayMode,
  TableCellDisplayMode,
  TableSortByFieldStateBuilder,
} from '@grafana/grafana-foundation-sdk/common';
import type { DynamicConfigValue } from '@grafana/grafana-foundation-sdk/dashboard';
import { PanelBuilder } from '@grafana/grafana-foundation-sdk/table';
import type { Rows } from '../dialects/dialect.ts';
import type { Language, Text } from '../language.ts';
import type { Column, Selection } from '../queries.ts';
import { type Limits, noThresholds, type State, thresholds, valueMappings } from '../theme.ts';
import {
  type Chart,
  type ChartOptions,
  type Context,
  formatOf,
  freshness,
  setHead,
  tagTitle,
  withoutTexts,
} from './chart.ts';
import { linksOfTag } from './links.ts';

interface TableOptions extends ChartOptions {
  /** One row for each series. */
  readonly selection: Selection;
  /** The field whose greatest value comes first. */
  readonly sortBy: string;
  /** The least value comes first instead. */
  readonly ascending?: boolean;
  /** Among equals, the field whose least value comes first. */
  readonly thenBy?: string;
  /** Shorter headings than the catalogue's, by field. */
  readonly titles?: Readonly<Record<string, Text>>;
  /** Colour cells, by field. */
  readonly limits?: Readonly<Record<string, Limits>>;
  /** Words for codes, by field or tag. */
  readonly states?: Readonly<Record<string, Readonly<Record<string, State>>>>;
  /** Addresses that cells lead to, by field. */
  readonly links?: Readonly<Record<string, string>>;
  /** Shows the present instead of the whole range of the dashboard. */
  readonly fresh?: boolean;
}

const height = 8;
const maxEvents = 50;
const timeTitle: Text = { vi: 'Lúc', en: 'Time' };
/** A text that is not there, like the cause of what is well, is not data that is missing. */
const noText: Text = { vi: '–', en: '–' };
const openInConsole: Text = { vi: 'Mở trong bảng điều khiển', en: 'Open in the console' };
const stateTitle: Text = { vi: 'Trạng thái', en: 'State' };

/** A row for each series, its tags first, then its fields; headings, units and decimals are the catalogue's. */
export function table(context: Context, given: TableOptions): Chart {
  const options = withoutTexts(context, given);
  const { language } = context;
  const { sortBy, thenBy, ascending = false } = options;
  const order = [sorting(sortBy, { ...options, language, isDescending: !ascending })];
  if (thenBy !== undefined) order.push(sorting(thenBy, { ...options, language, isDescending: false }));
  const panel = new PanelBuilder().thresholds(noThresholds()).mappings(valueMappings(language)).sortBy(order);
  addRows(panel, context.dialect.rows(options.selection, context));
  // It is the start or the end of the range: several values have no common time.
  panel.withTransformation({ id: 'organize', options: { excludeByName: { Time: true } } });
  if (options.fresh) panel.timeFrom(freshness(options.selection)).hideTimeOverride(true);
  setHead(panel, { height, ...options, context });
  setColumns(panel, { ...options, context });
  return panel;
}

/** Grafana sorts by the heading as it is shown. */
function sorting(
  field: string,
  options: Pick<TableOptions, 'selection' | 'titles'> & { language: Language; isDescending: boolean },
): TableSortByFieldStateBuilder {
  const column = options.selection.columns.find((each) => each.field === field);
  if (!column) throw new Error(`the table has no column "${field}" to sort by`);
  const heading = options.titles?.[field] ?? column.definition;
  return new TableSortByFieldStateBuilder().displayName(heading[options.language]).desc(options.isDescending);
}

interface EventTableOptions extends ChartOptions {
  readonly titles?: Readonly<Record<string, Text>>;
  readonly selection: Selection;
  readonly states?: Readonly<Record<string, Readonly<Record<string, State>>>>;
}

/** The newest events of the range, each with its time, in their own order. */
export function eventTable(context: Context, given: EventTableOptions): Chart {
  const options = withoutTexts(context, given);
  const { language } = context;
  const panel = new PanelBuilder()
    .thresholds(noThresholds())
    .mappings(valueMappings(language))
    .overrideByName('Time', [{ id: 'displayName', value: timeTitle[language] }]);
  addRows(panel, context.dialect.events(options.selection, { ...context, limit: maxEvents }));
  setHead(panel, { height, ...options, context });
  setColumns(panel, { ...options, context });
  return panel;
}

interface CountTableOptions extends ChartOptions {
  /** One field that is a state, of each of something. */
  readonly selection: Selection;
  readonly states: Readonly<Record<string, State>>;
  /** What is counted. */
  readonly counted: Text;
}

/** How many are in each state: a row for each state that occurs. */
export function countTable(context: Context, options: CountTableOptions): Chart {
  const { selection, states } = options;
  const { language } = context;
  const [column] = selection.columns;
  const [tag] = selection.by;
  if (tag === undefined) throw new Error('nothing to count: the selection has no tag');
  const state = column.definition[language];
  const grouped = {
    [state]: { aggregations: [], operation: 'groupby' },
    [tag]: { aggregations: ['count'], operation: 'aggregate' },
  };
  const panel = new PanelBuilder()
    .thresholds(noThresholds())
    .mappings(valueMappings(language))
    .overrideByName(`${tag} (count)`, [{ id: 'displayName', value: options.counted[language] }]);
  addRows(panel, context.dialect.rows(selection, context));
  panel.withTransformation({ id: 'groupBy', options: { fields: grouped } });
  panel.timeFrom(freshness(selection)).hideTimeOverride(true);
  setHead(panel, { height, ...options, context });
  panel.overrideByName(state, [
    ...columnProperties(column, { states: { [column.field]: states }, context }),
    { id: 'displayName', value: stateTitle[language] },
  ]);
  return panel;
}

function addRows(panel: PanelBuilder, { targets, shaping }: Rows): void {
  for (const target of targets) panel.withTarget(target);
  for (const transformation of shaping) panel.withTransformation(transformation);
}

function setColumns(
  panel: PanelBuilder,
  options: Omit<ColumnOptions, 'context'> & { selection: Selection; context: Context },
): void {
  const { selection, context } = options;
  const { language } = context;
  for (const tag of selection.by) {
    const title = { id: 'displayName', value: tagTitle(selection, tag)[language] };
    const words = options.states?.[tag];
    panel.overrideByName(tag, [
      title,
      ...(words ? [{ id: 'mappings', value: valueMappings(language, words) }] : []),
      ...linksOfTag(tag, { language, tags: selection.by }),
    ]);
  }
  for (const column of selection.columns) {
    panel.overrideByName(column.definition[language], columnProperties(column, options));
  }
}

interface ColumnOptions {
  readonly titles?: Readonly<Record<string, Text>>;
  readonly limits?: Readonly<Record<string, Limits>>;
  readonly states?: Readonly<Record<string, Readonly<Record<string, State>>>>;
  readonly links?: Readonly<Record<string, string>>;
  readonly context: Context;
}

function columnProperties(column: Column, options: ColumnOptions): DynamicConfigValue[] {
  const { unit, decimals } = formatOf(column);
  const limits = options.limits?.[column.field];
  const states = options.states?.[column.field];
  const coloured = { type: TableCellDisplayMode.ColorBackground, mode: TableCellBackgroundDisplayMode.Basic };
  const title = options.titles?.[column.field];
  const { language } = options.context;
  const isText = column.definition.type === 'string';
  const url = options.links?.[column.field];
  return [
    ...(title ? [{ id: 'displayName', value: title[language] }] : []),
    { id: 'unit', value: unit },
    ...(decimals === undefined ? [] : [{ id: 'decimals', value: decimals }]),
    ...(limits ? [{ id: 'thresholds', value: thresholds(limits).build() }] : []),
    ...(states || isText
      ? [{ id: 'mappings', value: valueMappings(language, states, isText ? noText : undefined) }]
      : []),
    ...(url === undefined
      ? []
      : [{ id: 'links', value: [{ title: openInConsole[language], url, targetBlank: true }] }]),
    ...(limits || isColoured(states) ? [{ id: 'custom.cellOptions', value: coloured }] : []),
  ];
}

function isColoured(states: Readonly<Record<string, State>> = {}): boolean {
  return Object.values(states).some(({ colour }) => colour !== undefined);
}
