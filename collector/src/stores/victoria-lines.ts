/**
 * Line protocol as VictoriaMetrics reads it. It takes a backslash before a backslash for an escape, which InfluxDB does not,
 * so every value of a tag can be told as it is; and it would store a text as a zero, so texts are left out.
 */
import type { Measurement, Point } from '@vonggac/shared';
import { fieldsPart } from './influx/line-protocol.ts';
import type { SeriesTags } from './series-tags.ts';

/** The part of a line that all points of a series share. */
export function seriesPart(measurement: Measurement, tags: SeriesTags): string {
  const parts = Object.entries(tags).map(([name, value]) => `,${name}=${value.replace(/[\\,= ]/g, '\\$&')}`);
  return measurement.name + parts.join('');
}

/** One line, without its end; undefined for a point of nothing but texts. */
export function lineOf(
  series: string,
  { measurement, point }: { measurement: Measurement; point: Point },
): string | undefined {
  const fields = fieldsPart(measurement, { point, texts: false });
  return fields === '' ? undefined : `${series}${fields} ${point.time}`;
}
