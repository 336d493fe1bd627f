/**
 * What fits into a frame of the wire. A frame that the collector refuses would be sent again for ever, so nothing gets
 * into the spool that does not fit, and what is there is sent in frames that fit.
 */
import { type FieldValue, limits, measurementByName, type Point } from '@vonggac/shared';

/** A frame's bytes for points: without what surrounds them in a batch. */
export const bytesPerFrame = limits.frame - 512;
const pointsPerRecord = 500;

/** Brackets, commas, numbers of measurement and fields, and the time, which is a difference of up to 17 digits. */
const bytesAroundPoint = 64;
const bytesAroundField = 4;
/** A sign, 16 digits and a comma: the difference of two numbers that are half as large as what JSON holds exactly. */
const bytesOfNumber = 18;
const largestNumber = 2 ** 52 - 1;

/**
 * Bytes that a point takes in a frame at most, as JSON before deflating, whatever the connection has carried before.
 * Infinity for a point that no frame can carry: with a text that is too long or a number that is too large.
 */
export function frameBytes(point: Point): number {
  const measurement = measurementByName(point.measurement);
  if (!measurement) return Number.POSITIVE_INFINITY;
  let bytes = bytesAroundPoint;
  for (const name of measurement.tagNames) bytes += bytesOfText(point.tags[name] ?? '');
  for (const { name, scale } of measurement.fieldsByNumber.values()) {
    const value = point.fields[name];
    if (value !== undefined) bytes += bytesAroundField + bytesOfValue(value, scale);
  }
  return bytes;
}

/** The points in pieces that fit into a record and a frame each, and those that fit into none. */
export function splitIntoRecords(points: readonly Point[]): {
  readonly records: readonly (readonly Point[])[];
  readonly unsendable: readonly Point[];
} {
  const records: Point[][] = [];
  const unsendable: Point[] = [];
  let record: Point[] = [];
  let room = 0;
  for (const point of points) {
    const bytes = frameBytes(point);
    if (bytes > bytesPerFrame) {
      unsendable.push(point);
      continue;
    }
    if (bytes > room || record.length >= pointsPerRecord) {
      record = [];
      records.push(record);
      room = bytesPerFrame;
    }
    record.push(point);
    room -= bytes;
  }
  return { records, unsendable };
}

function bytesOfValue(value: FieldValue, scale: number): number {
  if (typeof value === 'string') return bytesOfText(value);
  if (typeof value === 'number' && !(Math.abs(value) * scale <= largestNumber)) return Number.POSITIVE_INFINITY;
  return bytesOfNumber;
}

function bytesOfText(text: string): number {
  return text.length > limits.text ? Number.POSITIVE_INFINITY : Buffer.byteLength(JSON.stringify(text)) + 1;
}
