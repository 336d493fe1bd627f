/** What a measurement in the catalogue consists of. */

/** The unit of a field; `unitSuffix` says how its name must end. */
export type Unit =
  | 'bytes'
  | 'bytes_per_second'
  | 'celsius'
  | 'count'
  | 'milliseconds'
  | 'none'
  | 'per_second'
  | 'percent'
  | 'seconds'
  | 'unix_seconds';

/**
 * A field's values. `integer` and `float` travel as whole numbers: a float is multiplied by 10^decimals and rounded,
 * so that columns can be delta-coded exactly. A boolean travels as 0 or 1.
 */
export type FieldType = 'boolean' | 'float' | 'integer' | 'string';

export interface FieldDefinition {
  /** Number on the wire, unique in its measurement, never reused. */
  readonly number: number;
  readonly type: FieldType;
  readonly unit: Unit;
  /** Decimal places kept; floats only. */
  readonly decimals?: number;
  readonly vi: string;
  readonly en: string;
}

export interface TagDefinition {
  readonly vi: string;
  readonly en: string;
}

export interface MeasurementDefinition {
  /** Number on the wire, unique in the catalogue, never reused. */
  readonly number: number;
  readonly vi: string;
  readonly en: string;
  /** When an agent measures it by default: cron syntax with seconds. */
  readonly cadence: string;
  /** Tags the agent sets, in wire order: new ones go to the end. */
  readonly tags: Readonly<Record<string, TagDefinition>>;
  readonly fields: Readonly<Record<string, FieldDefinition>>;
}

/** How the name of a field with this unit ends; an empty string asks for nothing. */
export const unitSuffix: Readonly<Record<Unit, string>> = {
  bytes: '_bytes',
  bytes_per_second: '_bytes_per_second',
  celsius: '_celsius',
  count: '',
  milliseconds: '_ms',
  none: '',
  per_second: '_per_second',
  percent: '_percent',
  seconds: '_seconds',
  unix_seconds: '_seconds',
};

/** Tags that the collector writes on every point, from its own registry; an agent cannot set them. */
export const originTags = ['agent', 'host', 'unit', 'class'] as const;
export type OriginTag = (typeof originTags)[number];
