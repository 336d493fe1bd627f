/**
 * InfluxDB's line protocol, as version 1.x reads it:
 * https://docs.influxdata.com/influxdb/v1/write_protocols/line_protocol_reference/
 *
 * Only values come from outside; measurements, keys and types are the catalogue's. Booleans are written as integers 0
 * and 1: InfluxQL can neither average nor add up booleans, and how long a link was up is such a question.
 */
import type { FieldType, FieldValue, Measurement, Point } from '@vonggac/shared';
import type { SeriesTags } from '../series-tags.ts';

/**
 * A tag value must not end in a backslash: the server would take the separator behind it for escaped, and the rest of
 * the line for part of the value. Such a value (`C:\`) gets a space more, which decodeTag takes away again.
 */
export function encodeTag(value: string): string {
  return /\\ *$/.test(value) ? `${value} ` : value;
}

/** The tag value as it was before encodeTag. */
export function decodeTag(stored: string): string {
  return /\\ +$/.test(stored) ? stored.slice(0, -1) : stored;
}

/** The part of a line that all points of a series share. */
export function seriesPart(measurement: Measurement, tags: SeriesTags): string {
  let part: string = measurement.name;
  for (const [name, value] of Object.entries(tags)) {
    part += `,${name}=${encodeTag(value).replace(/[,= ]/g, '\\$&')}`;
  }
  return part;
}

function fieldPart(type: FieldType, value: FieldValue): string {
  if (typeof value === 'string') return `"${value.replace(/["\\]/g, '\\$&')}"`;
  if (type === 'float') return String(value);
  return `${Number(value)}i`;
}

/** One line, without its end, for a point that refusalOf lets pass; time in milliseconds. */
export function lineOf(series: string, { measurement, point }: { measurement: Measurement; point: Point }): string {
  return `${series}${fieldsPart(measurement, { point, texts: true })} ${point.time}`;
}

/** The fields of a point with a space before them, empty when there are none. */
export function fieldsPart(measurement: Measurement, { point, texts }: { point: Point; texts: boolean }): string {
  let fields = '';
  for (const name of measurement.fieldNames) {
    const value = point.fields[name];
    const definition = measurement.definition.fields[name];
    if (value === undefined || !definition || (!texts && definition.type === 'string')) continue;
    fields += `${fields === '' ? ' ' : ','}${name}=${fieldPart(definition.type, value)}`;
  }
  return fields;
}
