/** One record of the spool: the points of one moment, with what is needed to send them later. */
import { decodePoints, encodePoints, type Point, type WireSeries } from '@vonggac/shared';

/** Events (malware, gaps) are kept when metrics have to go. */
export type Lane = 'events' | 'metrics';

/** As lanes stand on the disk. */
export const laneNumbers: Readonly<Record<Lane, number>> = { events: 0, metrics: 1 };

export function laneOf(number: number): Lane {
  return number === laneNumbers.events ? 'events' : 'metrics';
}

export interface SpoolRecord {
  readonly id: number;
  readonly lane: Lane;
  readonly points: readonly Point[];
  /** Collector's clock minus this machine's in milliseconds, as known when the points were taken. */
  readonly offset: number | undefined;
}

/** A record as it is written: series in wire form, times relative to the first point's. */
export interface EncodedRecord {
  readonly body: string;
  /** Points that are lost when it is; -1 when nobody knows. */
  readonly points: number;
  /** Milliseconds since 1970. */
  readonly firstTime: number;
  readonly lastTime: number;
}

/** A record on its way to the disk, or in memory instead. */
export interface KeptRecord {
  readonly lane: Lane;
  readonly encoded: EncodedRecord;
  readonly offset: number | undefined;
}

export function encodeRecord(points: readonly Point[]): EncodedRecord {
  const times = points.map((point) => point.time);
  const firstTime = Math.min(...times);
  return {
    body: JSON.stringify(encodePoints(points, { sent: firstTime })),
    points: points.length,
    firstTime,
    lastTime: Math.max(...times),
  };
}

/** Reads what `encodeRecord` wrote. Throws when it is not that. */
export function decodeRecord(body: string, firstTime: number): Point[] {
  const data = JSON.parse(body) as WireSeries[];
  const bounds = { earliest: Number.NEGATIVE_INFINITY, latest: Number.POSITIVE_INFINITY };
  return decodePoints(data, { sent: firstTime, bounds }).points;
}
