/** What no store takes, whoever wrote it: checked once more here, because a store is the last place before the disk. */
import type { FieldDefinition, FieldValue, Measurement, Point } from '@vonggac/shared';

export type PointRefusal =
  | 'unknown_measurement'
  | 'unknown_field'
  | 'no_fields'
  | 'bad_tags'
  | 'bad_value'
  | 'bad_time'
  | 'too_old'
  | 'too_many_series';

/** Line protocol cannot hold line breaks in a tag, and no store needs other control characters. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: that is what is looked for
const controlCharacters = /[\u0000-\u001f\u007f-\u009f]/;

export function isTagValue(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && !controlCharacters.test(value);
}

function fits(field: FieldDefinition, value: FieldValue): boolean {
  switch (field.type) {
    case 'boolean':
      return typeof value === 'boolean';
    case 'float':
      return Number.isFinite(value);
    case 'integer':
      return Number.isSafeInteger(value);
    case 'string':
      return typeof value === 'string';
  }
}

/** Why `point` is refused for good, or undefined; its tags are checked where a series is first met. */
export function refusalOf(
  point: Point,
  { measurement, oldest }: { measurement: Measurement; oldest: number },
): PointRefusal | undefined {
  if (!Number.isSafeInteger(point.time) || point.time < 0) return 'bad_time';
  if (point.time < oldest) return 'too_old';
  const definitions = measurement.definition.fields;
  let known = 0;
  for (const name of measurement.fieldNames) {
    const value = point.fields[name];
    const definition = definitions[name];
    if (value === undefined || definition === undefined) continue;
    if (!fits(definition, value)) return 'bad_value';
    known += 1;
  }
  let given = 0;
  for (const _ in point.fields) given += 1;
  if (given === 0) return 'no_fields';
  return given === known ? undefined : 'unknown_field';
}

/** Counts refused points by reason. */
export class Refusals {
  readonly #counts = new Map<string, number>();

  add(reason: string, points = 1): void {
    this.#counts.set(reason, (this.#counts.get(reason) ?? 0) + points);
  }

  list(): { readonly reason: string; readonly points: number }[] {
    return [...this.#counts].map(([reason, points]) => ({ reason, points }));
  }
}
