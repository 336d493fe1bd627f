/** What all kinds of panels share: head, size, data source and the queries' interval. */
import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import type { DataSourceRef } from '@grafana/grafana-foundation-sdk/common';
import type { Panel, VariableModel } from '@grafana/grafana-foundation-sdk/dashboard';
import type { MeasurementName, OriginTag, Unit } from '@vonggac/shared';
import type { Dialect } from '../dialects/dialect.ts';
import type { Language, Text } from '../language.ts';
import type { Column, Selection } from '../queries.ts';
import { noDataText } from '../theme.ts';

/** What a dashboard is built with. */
export interface Context {
  readonly language: Language;
  readonly dialect: Dialect;
  readonly dataSource: DataSourceRef;
  /** Chooses the data source, where it is not fixed; the first variable of every dashboard. */
  readonly dataSourceVariable?: Builder<VariableModel>;
  /** Where people reach the console, without a slash at the end; nothing leads there when absent. */
  readonly consoleUrl?: string;
}

export type Chart = Builder<Panel>;

export interface ChartOptions {
  /** Unique in its dashboard and never reused: links and alerts name a panel by it. */
  readonly id: number;
  readonly title: Text;
  /** What it shows and what to do about it. */
  readonly description: Text;
  /** In columns of 24. */
  readonly width: number;
  /** In lines of the grid; that of its kind when absent. */
  readonly height?: number;
  /** Instead of "no data", where an empty answer is good news; it must own that missing data looks the same. */
  readonly noRows?: Text;
}

/** Readings older than this are not shown as the present: after it, a tile turns grey. */
export function freshness(selection: Selection): string {
  return `${Math.max(5, (3 * stepSeconds(selection)) / 60)}m`;
}

/** The setters that the builders of all kinds have; they share no class. */
interface PanelSetters {
  id(id: number): unknown;
  title(title: string): unknown;
  description(description: string): unknown;
  span(columns: number): unknown;
  height(rows: number): unknown;
  datasource(dataSource: DataSourceRef): unknown;
  noValue(text: string): unknown;
}

export function setHead(panel: PanelSetters, options: ChartOptions & { context: Context; height: number }): void {
  const { language, dataSource } = options.context;
  panel.id(options.id);
  panel.title(options.title[language]);
  panel.description(options.description[language]);
  panel.span(options.width);
  panel.height(options.height);
  panel.datasource(dataSource);
  panel.noValue((options.noRows ?? noDataText)[language]);
}

const textsAreElsewhere: Text = {
  vi: 'Nguồn dữ liệu này không giữ chữ; tên và nguyên nhân xem trong giao diện Vọng Gác.',
  en: "This data source keeps no texts; names and causes are in Vọng Gác's console.",
};

/** Without the columns that the data source cannot hold; the description then says so. */
export function withoutTexts<T extends ChartOptions & { selection: Selection }>(context: Context, options: T): T {
  const { selection, description } = options;
  const numbers = selection.columns.filter(({ definition }) => definition.type !== 'string');
  if (context.dialect.holdsTexts || numbers.length === selection.columns.length) return options;
  const [first, ...rest] = numbers;
  if (!first) throw new Error(`panel ${options.id} shows nothing but texts`);
  return {
    ...options,
    selection: { ...selection, columns: [first, ...rest] },
    description: {
      vi: `${description.vi} ${textsAreElsewhere.vi}`,
      en: `${description.en} ${textsAreElsewhere.en}`,
    },
  };
}

const originTitles: Readonly<Record<OriginTag, Text>> = {
  agent: { vi: 'Máy', en: 'Machine' },
  class: { vi: 'Loại máy', en: 'Class' },
  host: { vi: 'Tên máy', en: 'Hostname' },
  unit: { vi: 'Đơn vị', en: 'Unit' },
};

/** What a tag is called; those of a point's origin are not in the catalogue. */
export function tagTitle({ measurement }: Selection, tag: string): Text {
  return measurement.definition.tags[tag] ?? originTitles[tag as OriginTag];
}

/** What the collector derives is told when it changes, and again after so many seconds. */
const derived: { readonly [M in MeasurementName]?: number } = {
  service: 60,
  unit_link: 60,
  agent_state: 60,
  unit_state: 60,
  incident: 60,
  antivirus_state: 300,
  unit_protection: 300,
  collector: 15,
  collector_watchdog: 15,
  filesystem_forecast: 3_600,
  disk_health: 3_600,
};

/** Seconds between two readings by default; a window shorter than that would often be empty. */
export function stepSeconds({ measurement }: Selection): number {
  const { cadence } = measurement.definition;
  const told = derived[measurement.name];
  if (told !== undefined) return told;
  const match = /^(?:\*\/(\d+) \*|0 \*\/(\d+)|0 \*) \* \* \* \*$/.exec(cadence);
  if (!match) throw new Error(`measurement "${measurement.name}" has no fixed step: its cadence is "${cadence}"`);
  const [, seconds, minutes = 1] = match;
  return seconds === undefined ? Number(minutes) * 60 : Number(seconds);
}

const grafanaUnits: Readonly<Record<Unit, string>> = {
  bytes: 'bytes',
  bytes_per_second: 'binBps',
  celsius: 'celsius',
  count: 'short',
  milliseconds: 'ms',
  none: 'none',
  per_second: 'cps',
  percent: 'percent',
  seconds: 's',
  // Grafana's dates are milliseconds: a panel that shows such a field has to multiply it first.
  unix_seconds: 'none',
};

/** How Grafana writes the values of a field. Decimals only where Grafana's own choice would be too many or too few. */
export function formatOf({ definition }: Column): { unit: string; decimals: number | undefined } {
  const { unit, decimals } = definition;
  const isExact = unit === 'percent' || unit === 'none' || unit === 'count';
  return { unit: grafanaUnits[unit], decimals: isExact ? (decimals ?? 0) : undefined };
}
