/** What was measured of every line, by day in Vietnam: sums in `links.db`, so that a report reads no series. */
import type { DatabaseSync } from 'node:sqlite';
import { transaction } from '../registry/database.ts';
import { dayOf } from '../registry/unit-times.ts';
import { type LatencyHistogram, sumOfHistograms, withLatency } from './latency-histogram.ts';
import type { LinkKey } from './link-ledger.ts';

export interface LinkDay extends LinkKey {
  readonly day: string;
  readonly latency: LatencyHistogram;
  /** Readings with a loss, and the sum of their percents. */
  readonly readings: number;
  readonly lossSum: number;
}

export interface LineReading {
  readonly at: number;
  readonly rttMs: number | undefined;
  readonly lossPercent: number | undefined;
}

interface Row {
  unit: string;
  link: string;
  day: string;
  latency: string;
  readings: number;
  loss_sum: number;
}

function fromRow({ latency, loss_sum, ...row }: Row): LinkDay {
  return { ...row, latency: JSON.parse(latency) as number[], lossSum: loss_sum };
}

export class LinkDays {
  readonly #database: DatabaseSync;
  /** What is not written yet. */
  #fresh = new Map<string, LinkDay>();

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  add({ unit, link }: LinkKey, { at, rttMs, lossPercent }: LineReading): void {
    const day = dayOf(at);
    const key = `${unit}/${link} ${day}`;
    const known = this.#fresh.get(key) ?? { unit, link, day, latency: [], readings: 0, lossSum: 0 };
    this.#fresh.set(key, {
      ...known,
      latency: rttMs === undefined ? known.latency : withLatency(known.latency, rttMs),
      readings: known.readings + (lossPercent === undefined ? 0 : 1),
      lossSum: known.lossSum + (lossPercent ?? 0),
    });
  }

  /** Writes what was added since the last time. */
  save(): void {
    if (this.#fresh.size === 0) return;
    const find = this.#database.prepare('SELECT * FROM days WHERE unit = ? AND link = ? AND day = ?');
    const write = this.#database.prepare('INSERT OR REPLACE INTO days VALUES (?, ?, ?, ?, ?, ?)');
    transaction(this.#database, () => {
      for (const { unit, link, day, ...fresh } of this.#fresh.values()) {
        const row = find.get(unit, link, day) as Row | undefined;
        const known = row && fromRow(row);
        const latency = JSON.stringify(sumOfHistograms(known?.latency ?? [], fresh.latency));
        const readings = (known?.readings ?? 0) + fresh.readings;
        write.run(unit, link, day, latency, readings, (known?.lossSum ?? 0) + fresh.lossSum);
      }
    });
    this.#fresh = new Map();
  }

  /** The days of a month, `2026-11`, as they were last saved. */
  ofMonth(month: string): LinkDay[] {
    const rows = this.#database
      .prepare('SELECT * FROM days WHERE day BETWEEN ? AND ?')
      .all(`${month}-01`, `${month}-31`);
    return (rows as unknown as Row[]).map(fromRow);
  }
}
