/** A row of the table `records`, and how it is told whether it is as it was written. */
import { crc32 } from 'node:zlib';
import type { Owed } from './ledger-entry.ts';
import { decodeRecord, laneOf, type SpoolRecord } from './record.ts';

export interface Row {
  readonly id: number;
  readonly lane: number;
  readonly first_time: number;
  readonly last_time: number;
  readonly points: number;
  readonly clock_offset: number | null;
  readonly thinned: number;
  readonly crc: number;
  readonly body: string;
}

/** Of everything in a row that is sent or counted, its number included; of a row of other types NaN, which equals nothing. */
export function rowChecksum(row: Omit<Row, 'crc' | 'thinned'>): number {
  const { id, lane, first_time, last_time, points, clock_offset, body } = row;
  // What was read from a damaged file may be of any type, and 5 reads like '5'.
  const numbers = [id, lane, first_time, last_time, points, clock_offset ?? 0];
  if (typeof body !== 'string' || !numbers.every(isWhole)) return Number.NaN;
  return crc32(body, crc32(`${id} ${lane} ${first_time} ${last_time} ${points} ${clock_offset ?? ''}`));
}

function isWhole(value: unknown): boolean {
  return typeof value === 'bigint' || Number.isInteger(value);
}

export const checksumOfColumns = 'row_checksum(id, lane, first_time, last_time, points, clock_offset, body)';
/** Whether a row is as it was written, in SQL. */
export const isSound = `crc = ${checksumOfColumns}`;

/** What stands in rows that may be damaged, cut to what JavaScript takes for a number. */
export const boundedColumns = `min(max(points, -1), 2147483647) AS points,
  min(max(first_time, 0), 281474976710655) AS first_time, min(max(last_time, 0), 281474976710655) AS last_time`;

/** What a row stands for. */
export function owedBy(row: Pick<Row, 'lane' | 'points' | 'first_time' | 'last_time'>): Owed {
  return { lane: laneOf(row.lane), points: row.points, from: row.first_time, to: row.last_time };
}

/** The points of a row; undefined when it is damaged. */
export function readBody(row: Row): SpoolRecord['points'] | undefined {
  return rowChecksum(row) === row.crc ? decodeBody(row) : undefined;
}

export function decodeBody(row: Row): SpoolRecord['points'] | undefined {
  try {
    return decodeRecord(row.body, row.first_time);
  } catch {
    return undefined;
  }
}
