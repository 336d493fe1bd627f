/**
 * How Grafana asks a data source. Panels and alert rules say what they want of the catalogue; here alone it is put into a
 * query language, so nothing else knows which one.
 */
import type { Builder, Dataquery } from '@grafana/grafana-foundation-sdk/cog';
import type { DataSourceRef } from '@grafana/grafana-foundation-sdk/common';
import type { DataTransformerConfig } from '@grafana/grafana-foundation-sdk/dashboard';
import type { MeasurementName, OriginTag } from '@vonggac/shared';
import type { QueryModel } from '../alerts/alert-rule.ts';
import type { Language } from '../language.ts';
import type { TargetJson } from '../normalise.ts';
import type { Selection, Variable } from '../queries.ts';

export type DialectName = 'influxql' | 'promql';

export type Target = Builder<Dataquery>;

export interface Asked {
  readonly language: Language;
  readonly dataSource: DataSourceRef;
}

/** The queries of a table, and what gives the columns of their answers the catalogue's headings. */
export interface Rows {
  readonly targets: readonly Target[];
  readonly shaping: readonly DataTransformerConfig[];
}

export interface Dialect {
  /** As Grafana calls it. */
  readonly dataSourceType: 'influxdb' | 'prometheus';
  /** Without it the data source has numbers only, and columns of texts are left out. */
  readonly holdsTexts: boolean;
  /** One value for each window of the panel, one line for each series; gaps stay gaps. */
  lines(selections: readonly Selection[], asked: Asked): readonly Target[];
  /** One value for the whole range. */
  value(selection: Selection, asked: Asked): Target;
  /** When the last reading of the range was made; without `field` that is the value, in milliseconds. */
  readAt(selection: Selection, asked: Asked): { readonly target: Target; readonly field?: string };
  /** One row for each series with its values for the whole range; a column named Time says nothing. */
  rows(selection: Selection, asked: Asked): Rows;
  /** What was told last, the newest first; `Time` is when. */
  events(selection: Selection, asked: Asked & { limit: number }): Rows;
  /** The values that a tag has. */
  tagValues(measurement: MeasurementName, tag: OriginTag): string;
  /** The machines of which a measurement is known; the expression takes the agent and the hostname out of each answer. */
  machines(measurement: MeasurementName, options: { chosen: readonly Variable[] }): { query: string; regex: string };
  /** One value for each series of the last so many seconds, for a rule. */
  alert(selection: Selection, options: { windowSeconds: number; dataSourceUid: string }): QueryModel;
  /** Whether a panel's query shows this field and tells these tags apart. */
  shows(target: TargetJson, wanted: { measurement: string; field: string; tags: readonly string[] }): boolean;
}

/** The kit asks for a mark that is no part of the query; a dashboard's JSON has none. */
export function targetOf(query: object): Target {
  return { build: () => ({ ...query, _implementsDataqueryVariant() {} }) };
}
