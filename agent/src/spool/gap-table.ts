/** The table `gaps`: losses that no record tells of yet, one sum for each reason and lane, each with a checksum. */
import type { DatabaseSync } from 'node:sqlite';
import { crc32 } from 'node:zlib';
import { type Loss, Losses, type LossReason } from './losses.ts';
import { laneNumbers } from './record.ts';
import { owedBy, type Row } from './row.ts';
import { DamagedFile } from './spool-format.ts';

type GapRow = Pick<Row, 'lane' | 'points' | 'first_time' | 'last_time' | 'crc'> & { readonly reason: LossReason };

export class GapTable {
  readonly #database: DatabaseSync;

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  /** Throws DamagedFile. */
  read(): Loss[] {
    const rows = this.#database.prepare('SELECT reason, lane, points, first_time, last_time, crc FROM gaps').all();
    return (rows as unknown as GapRow[]).map((row) => {
      if (checksum(row) !== row.crc) throw new DamagedFile(`the count of losses by ${row.reason} is damaged`);
      return { reason: row.reason, ...owedBy(row) };
    });
  }

  add(losses: readonly Loss[]): void {
    const sums = new Losses([...this.read(), ...losses]).all();
    const put = this.#database.prepare(
      'INSERT OR REPLACE INTO gaps (reason, lane, points, first_time, last_time, crc) VALUES (?, ?, ?, ?, ?, ?)',
    );
    for (const { reason, lane, points, from, to } of sums) {
      const row = { reason, lane: laneNumbers[lane], points, first_time: Math.round(from), last_time: Math.round(to) };
      put.run(reason, row.lane, points, row.first_time, row.last_time, checksum(row));
    }
  }

  clear(): void {
    this.#database.exec('DELETE FROM gaps');
  }
}

function checksum({ reason, lane, points, first_time, last_time }: Omit<GapRow, 'crc'>): number {
  return crc32([reason, lane, points, first_time, last_time].join(' '));
}
