import { catalogue, type FieldName, type MeasurementName, type TagName } from './catalogue.ts';
import type { FieldDefinition, FieldType } from './definition.ts';

export type FieldValue = boolean | number | string;

/** One reading: what was measured, of which series, when. */
export interface Point {
  readonly measurement: MeasurementName;
  /** Exactly the tags of the catalogue's definition. */
  readonly tags: Readonly<Record<string, string>>;
  /** At least one of the catalogue's fields. */
  readonly fields: Readonly<Record<string, FieldValue>>;
  /** Milliseconds since 1970, given once, at collection. */
  readonly time: number;
}

type ValueOf<T extends FieldType> = T extends 'boolean' ? boolean : T extends 'string' ? string : number;
type FieldsOf<M extends MeasurementName> = {
  readonly [F in FieldName<M>]?: (typeof catalogue)[M]['fields'][F & keyof (typeof catalogue)[M]['fields']] extends {
    readonly type: infer T extends FieldType;
  }
    ? ValueOf<T> | undefined
    : never;
};
type TagsOf<M extends MeasurementName> = { readonly [T in TagName<M>]: string };

/** Rounds to what the field keeps, so that a value means the same before and after it travelled. */
export function roundToField(field: FieldDefinition, value: number): number {
  const scale = 10 ** (field.decimals ?? 0);
  // Adding 0 turns -0 into 0: JSON has no negative zero.
  return Math.round(value * scale) / scale + 0;
}

/**
 * Makes a point whose names and types the compiler checks against the catalogue. Undefined fields are left out and
 * numbers are rounded to the field's decimals; a number that is not finite is left out too, because "could not
 * compute" is not a value.
 */
export function point<M extends MeasurementName>(
  measurement: M,
  parts: { readonly time: number; readonly tags: TagsOf<M>; readonly fields: FieldsOf<M> },
): Point {
  const definitions: Readonly<Record<string, FieldDefinition>> = catalogue[measurement].fields;
  const fields: Record<string, FieldValue> = {};
  for (const [name, value] of Object.entries(parts.fields) as [string, FieldValue | undefined][]) {
    const definition = definitions[name];
    if (value === undefined || definition === undefined) continue;
    if (typeof value !== 'number') fields[name] = value;
    else if (Number.isFinite(value)) fields[name] = roundToField(definition, value);
  }
  return { measurement, tags: parts.tags, fields, time: parts.time };
}
