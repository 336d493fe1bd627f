/** The lines of the ledger: 32 bytes each, so that none straddles a sector, and each with a CRC-32 of its own. */
import { crc32 } from 'node:zlib';
import { type Loss, lossReasons } from './losses.ts';
import { type Lane, laneNumbers, laneOf } from './record.ts';

export const entryBytes = 32;
const formatVersion = 1;

/** What a record stands for. */
export interface Owed {
  readonly lane: Lane;
  /** As in EncodedRecord. */
  readonly points: number;
  readonly from: number;
  readonly to: number;
}

/**
 * `moved`: from memory into the file after records with higher ids, so that the last id of a file that has lost its end
 * does not show that it has lost the record.
 */
export interface OwedRecord extends Owed {
  readonly place: 'file' | 'memory' | 'moved';
}

/**
 * - `add`: the spool owes a record; again: it was moved; `told`: the same, and it tells of all losses up to here
 * - `held`: its body is in memory only; `done`: it was delivered
 * - `lost`: it was given up; `loss`: points that were never a record were
 */
export type Entry =
  | ({ readonly kind: 'add' | 'told'; readonly id: number } & Owed)
  | { readonly kind: 'held' | 'done'; readonly id: number }
  | ({ readonly kind: 'lost' | 'loss'; readonly id: number } & Loss);

/** The first line. */
export interface Head {
  readonly epoch: string;
  /** The last id that was given before. */
  readonly last: number;
  /** Lines in the file, this one included. */
  readonly capacity: number;
}

const headKind = 86;
const endKind = 69;
const kinds = ['add', 'told', 'held', 'done', 'lost', 'loss'] as const;
/** Of a number of 48 bits, as ids and times are. */
const largest = 2 ** 48 - 1;
const largestCount = 2 ** 31 - 1;

export function encodeHead({ epoch, last, capacity }: Head): Buffer {
  const line = Buffer.alloc(entryBytes);
  line.writeUInt8(headKind, 0);
  line.writeUInt8(formatVersion, 1);
  line.writeUIntBE(last, 8, 6);
  line.write(epoch, 14, 8, 'hex');
  line.writeUInt32BE(capacity, 22);
  return sealed(line);
}

/** Undefined when it is damaged or of another version. */
export function decodeHead(line: Buffer): Head | undefined {
  if (!isSound(line) || line.readUInt8(0) !== headKind || line.readUInt8(1) !== formatVersion) return undefined;
  return { last: line.readUIntBE(8, 6), epoch: line.toString('hex', 14, 22), capacity: line.readUInt32BE(22) };
}

/** Stands behind the last entry, so that lines missing at the end are noticed. */
export function encodeEnd(lines: number): Buffer {
  const line = Buffer.alloc(entryBytes);
  line.writeUInt8(endKind, 0);
  line.writeUInt32BE(lines, 8);
  return sealed(line);
}

export function isEnd(line: Buffer, lines: number): boolean {
  return line.length === entryBytes && line.equals(encodeEnd(lines));
}

export function encodeEntry(entry: Entry): Buffer {
  const line = Buffer.alloc(entryBytes);
  line.writeUInt8(kinds.indexOf(entry.kind) + 1, 0);
  line.writeUIntBE(entry.id, 8, 6);
  if ('points' in entry) {
    line.writeUInt8(laneNumbers[entry.lane], 1);
    if ('reason' in entry) line.writeUInt8(lossReasons.indexOf(entry.reason), 2);
    line.writeInt32BE(Math.min(entry.points, largestCount), 14);
    line.writeUIntBE(within(entry.from), 18, 6);
    line.writeUIntBE(within(entry.to), 24, 6);
  }
  return sealed(line);
}

/** Undefined when it is damaged. */
export function decodeEntry(line: Buffer): Entry | undefined {
  const kind = kinds[line.readUInt8(0) - 1];
  if (kind === undefined || !isSound(line)) return undefined;
  const id = line.readUIntBE(8, 6);
  if (kind === 'held' || kind === 'done') return { kind, id };
  const owed = {
    id,
    lane: laneOf(line.readUInt8(1)),
    points: line.readInt32BE(14),
    from: line.readUIntBE(18, 6),
    to: line.readUIntBE(24, 6),
  };
  if (kind === 'add' || kind === 'told') return { kind, ...owed };
  const reason = lossReasons[line.readUInt8(2)];
  return reason && { kind, reason, ...owed };
}

function within(time: number): number {
  return Math.min(Math.max(Math.round(time), 0), largest);
}

function sealed(line: Buffer): Buffer {
  line.writeUInt32BE(checksum(line), 4);
  return line;
}

function isSound(line: Buffer): boolean {
  return line.length === entryBytes && line.readUInt32BE(4) === checksum(line);
}

function checksum(line: Buffer): number {
  return crc32(line.subarray(8), crc32(line.subarray(0, 4)));
}
