/** Points to the columnar form of a batch and back. The form is described at `Series` in messages.ts. */
import { type Measurement, measurementByName, measurementByNumber, type NamedField } from '../catalogue/catalogue.ts';
import type { FieldValue, Point } from '../catalogue/point.ts';
import { limits } from './limits.ts';
import type { WireSeries } from './messages.ts';

/** Why a point of a batch was not taken. */
export type RefusalReason =
  | 'unknown_measurement'
  | 'unknown_field'
  | 'bad_tags'
  | 'bad_shape'
  | 'bad_value'
  | 'too_old'
  | 'in_future'
  | 'too_many';

export interface DecodedBatch {
  readonly points: Point[];
  /** Points refused, by reason. */
  readonly refused: ReadonlyMap<RefusalReason, number>;
}

/** Which points are too old or in the future, in milliseconds by the clock that the points carry. */
export interface TimeBounds {
  readonly earliest: number;
  readonly latest: number;
}

/** Series of one connection that have a baseline; those that come later are coded without. */
const maxBaselines = 1_000;

/**
 * What one connection has carried so far: the last value of every series and field. Both sides keep one, from the same
 * batches in the same order, and code the first value of a column as the difference to it; so what does not change
 * costs next to nothing. A new connection starts empty.
 */
export class Baselines {
  readonly #bySeries = new Map<string, number[]>();

  /** Last values by field number, to be read and changed; undefined when there are too many series. */
  of(measurement: number, tags: readonly string[]): number[] | undefined {
    const key = `${measurement}\n${tags.join('\n')}`;
    const known = this.#bySeries.get(key);
    if (known || this.#bySeries.size >= maxBaselines) return known;
    const fresh: number[] = [];
    this.#bySeries.set(key, fresh);
    return fresh;
  }
}

interface Group {
  readonly measurement: Measurement;
  readonly fields: readonly NamedField[];
  readonly tags: readonly string[];
  readonly points: Point[];
}

/** Only a point that `point()` made encodes: names are the catalogue's, numbers are finite and rounded. */
function groupBySeries(points: readonly Point[]): Group[] {
  const groups = new Map<string, Group>();
  for (const point of points) {
    const measurement = measurementByName(point.measurement);
    if (!measurement) continue;
    const fields = [...measurement.fieldsByNumber.values()].filter((field) => field.name in point.fields);
    if (fields.length === 0) continue;
    const tags = measurement.tagNames.map((name) => point.tags[name] ?? '');
    const key = JSON.stringify([measurement.definition.number, fields.map((field) => field.number), tags]);
    const group = groups.get(key);
    if (group) group.points.push(point);
    else groups.set(key, { measurement, fields, tags, points: [point] });
  }
  return [...groups.values()];
}

function toWire(field: NamedField, value: FieldValue | undefined): number | string {
  if (typeof value === 'number') return Math.round(value * field.scale) + 0;
  return typeof value === 'boolean' ? Number(value) : (value ?? '');
}

function encodeColumn(
  field: NamedField,
  points: readonly Point[],
  baseline: number[] | undefined,
): (number | string)[] {
  let above = baseline?.[field.number] ?? 0;
  const column = points.map((point) => {
    const value = toWire(field, point.fields[field.name]);
    if (typeof value === 'string') return value;
    const difference = value - above;
    above = value;
    return difference;
  });
  if (baseline) baseline[field.number] = above;
  return column;
}

/** Encodes points for a batch sent at `sent` (milliseconds, the agent's clock), for one connection if it is given. */
export function encodePoints(
  points: readonly Point[],
  options: { readonly sent: number; readonly baselines?: Baselines },
): WireSeries[] {
  const { sent, baselines } = options;
  return groupBySeries(points).map((group) => {
    const baseline = baselines?.of(group.measurement.definition.number, group.tags);
    const numbers = group.fields.map((field) => field.number);
    const isPrefix = numbers.every((number, index) => number === index + 1);
    const times = group.points.map((point, index) =>
      index === 0 ? sent - point.time : point.time - (group.points[index - 1]?.time ?? 0),
    );
    return [
      group.measurement.definition.number,
      isPrefix ? numbers.length : numbers,
      [...group.tags],
      times,
      group.fields.flatMap((field) => encodeColumn(field, group.points, baseline)),
    ];
  });
}

function decodeTimes(wire: readonly number[], sent: number): number[] {
  let time = 0;
  return wire.map((value, index) => {
    time = index === 0 ? sent - value : time + value;
    return time;
  });
}

/** The column's values, or undefined where one is not of the field's type or not an exact number. */
function decodeColumn(
  field: NamedField,
  wire: readonly (number | string)[],
  baseline: number[] | undefined,
): (FieldValue | undefined)[] {
  let above = baseline?.[field.number] ?? 0;
  const column = wire.map((value) => {
    if (field.type === 'string') return typeof value === 'string' ? value : undefined;
    if (typeof value === 'string') return undefined;
    above += value;
    if (!Number.isSafeInteger(above)) return undefined;
    if (field.type === 'boolean') return above === 0 || above === 1 ? above === 1 : undefined;
    return above / field.scale;
  });
  if (baseline) baseline[field.number] = above;
  return column;
}

/**
 * Controls, halves of characters, line separators and marks that turn the direction of writing have no place in a tag
 * or a text, whatever draws or stores them later. Agents take them out.
 */
const unfit = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}]/u;

function isCleanText(value: string): boolean {
  return value.length <= limits.text && !unfit.test(value);
}

/** The fields of one row, or undefined when one of them is bad. A field that this side does not know is left out. */
function decodeRow(
  fields: readonly (NamedField | undefined)[],
  columns: readonly ((FieldValue | undefined)[] | undefined)[],
  row: number,
): Record<string, FieldValue> | undefined {
  const values: Record<string, FieldValue> = {};
  for (const [index, field] of fields.entries()) {
    if (!field) continue;
    const value = columns[index]?.[row];
    if (value === undefined || (typeof value === 'string' && !isCleanText(value))) return undefined;
    values[field.name] = value;
  }
  return values;
}

/**
 * Decodes the series of a batch that the schema has accepted. A bad point is left out and counted, never the batch:
 * an agent newer or older than this collector still delivers what both know.
 */
export function decodePoints(
  data: readonly WireSeries[],
  options: { readonly sent: number; readonly bounds: TimeBounds; readonly baselines?: Baselines },
): DecodedBatch {
  const { sent, bounds, baselines } = options;
  const points: Point[] = [];
  const refused = new Map<RefusalReason, number>();
  function refuse(reason: RefusalReason, count: number): void {
    refused.set(reason, (refused.get(reason) ?? 0) + count);
  }

  for (const [number, fieldList, tagValues, wireTimes, values] of data) {
    const rows = wireTimes.length;
    const measurement = measurementByNumber(number);
    if (!measurement) {
      refuse('unknown_measurement', rows);
      continue;
    }
    const numbers = typeof fieldList === 'number' ? Array.from({ length: fieldList }, (_, i) => i + 1) : fieldList;
    if (values.length !== numbers.length * rows || new Set(numbers).size !== numbers.length) {
      refuse('bad_shape', rows);
      continue;
    }
    if (tagValues.length !== measurement.tagNames.length || !tagValues.every((v) => v !== '' && isCleanText(v))) {
      refuse('bad_tags', rows);
      continue;
    }
    if (points.length + rows > limits.pointsPerBatch) {
      refuse('too_many', rows);
      continue;
    }
    const fields = numbers.map((fieldNumber) => measurement.fieldsByNumber.get(fieldNumber));
    if (fields.every((field) => field === undefined)) {
      refuse('unknown_field', rows);
      continue;
    }
    const tags: Record<string, string> = {};
    measurement.tagNames.forEach((name, index) => {
      tags[name] = tagValues[index] ?? '';
    });
    const baseline = baselines?.of(number, tagValues);
    const columns = fields.map((field, index) =>
      field ? decodeColumn(field, values.slice(index * rows, (index + 1) * rows), baseline) : undefined,
    );
    const times = decodeTimes(wireTimes, sent);

    for (const [row, time] of times.entries()) {
      // Written so that a time that is not a number is refused too.
      if (!(time >= bounds.earliest)) refuse('too_old', 1);
      else if (time > bounds.latest) refuse('in_future', 1);
      else {
        const pointFields = decodeRow(fields, columns, row);
        if (pointFields) points.push({ measurement: measurement.name, tags, fields: pointFields, time });
        else refuse('bad_value', 1);
      }
    }
  }
  return { points, refused };
}
