/**
 * A spool and what an array says that it owes: each value is appended once, and is in the end delivered once or counted as
 * lost. What does not agree throws.
 */
import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Point, point } from '@vonggac/shared';
import { createLogger } from '../../log.ts';
import type { OnWrite } from '../ledger.ts';
import type { Lane, SpoolRecord } from '../record.ts';
import { Spool } from '../spool.ts';

/** In memory where there is such a folder: thousands of synced writes would take minutes on a disk. */
const temporary = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();
const plenty = { maxPoints: 100, maxBytes: 200_000 };
const dayMs = 86_400_000;

/** As SQLite reports it. */
export function diskError(errcode: 10 | 11 | 13): Error {
  const messages = { 10: 'disk I/O error', 11: 'database disk image is malformed', 13: 'database or disk is full' };
  return Object.assign(new Error(messages[errcode]), { errcode });
}

export class SpoolBooks {
  readonly #maxBytes: number;
  /** What the agent has logged. */
  readonly log: string[] = [];
  #folder = mkdtempSync(join(temporary, 'vonggac-spool-'));
  #spool: Spool;
  #now = Date.UTC(2026, 10, 23);
  #next = 1;
  readonly #owed = new Set<number>();
  readonly #delivered = new Set<number>();
  /** Of an operation that a crash has cut short: they may be there or not. */
  readonly #uncertain = new Set<number>();
  /** Points that arrived, of which the spool may not know: when it then loses them, it tells of them as lost. */
  #perhapsUnknown = 0;
  /** As the store keeps them: a point of the same series and time is the same point. */
  readonly #gaps = new Map<string, { points: number; reason: string; lane: string }>();
  #inFlight: SpoolRecord[][] = [];
  /** What the disk does from now on. */
  disk: 'well' | 'full' | 'failing' | 'malformed' = 'well';
  #snapshotIn: number | undefined;
  #snapshot: string | undefined;

  constructor(options: { maxBytes?: number } = {}) {
    this.#maxBytes = options.maxBytes ?? 1_000_000;
    this.#spool = this.#open();
  }

  get folder(): string {
    return this.#folder;
  }

  get spool(): Spool {
    return this.#spool;
  }

  get appended(): number {
    return this.#next - 1;
  }

  get delivered(): readonly number[] {
    return [...this.#delivered];
  }

  /** Points that the gap records tell of, by reason; -1 when one does not know. */
  get lost(): number {
    let sum = 0;
    for (const { points } of this.#gaps.values()) {
      if (points < 0) return -1;
      sum += points;
    }
    return sum;
  }

  get gaps(): readonly { points: number; reason: string; lane: string }[] {
    return [...this.#gaps.values()];
  }

  pass(ms: number): void {
    this.#now += ms;
  }

  append(lane: Lane, options: { count?: number; text?: string } = {}): void {
    this.#now += 1_000;
    const points: Point[] = [];
    for (let count = options.count ?? 1; count > 0; count -= 1) {
      const value = this.#next++;
      this.#owed.add(value);
      const tags = { mount: `/${value}`, type: options.text ?? 'ext4' };
      points.push(point('filesystem', { time: this.#now, tags, fields: { total_bytes: value } }));
    }
    const before = this.#snapshot;
    this.#spool.append(lane, { points, offset: undefined });
    if (this.#snapshot !== before) for (const { fields } of points) this.#uncertain.add(Number(fields.total_bytes));
  }

  /** Sends a batch, if there is something of that kind. */
  send(lane: Lane, stored: boolean, most = plenty): number {
    this.#now += 10;
    const records = this.#spool.take(lane, { stored, ...most });
    if (records.length > 0) this.#inFlight.push(records);
    return records.length;
  }

  /** The batch that was sent first has arrived. */
  ack(): void {
    const records = this.#inFlight.shift();
    if (!records) return;
    const before = this.#snapshot;
    this.#spool.done(records.map(({ id }) => id));
    const isUncertain = this.#snapshot !== before;
    for (const { measurement, time, tags, fields } of records.flatMap((record) => record.points)) {
      const isGap = measurement === 'spool_gap';
      if (isGap) this.#told(time, tags, Number(fields.lost_points));
      else this.#arrived(Number(fields.total_bytes), isUncertain);
      if (isUncertain) this.#perhapsUnknown += isGap ? Number(fields.lost_points) : 1;
    }
  }

  release(): void {
    const records = this.#inFlight.shift();
    if (records) this.#spool.release(records.map(({ id }) => id));
  }

  restart(): void {
    this.#spool.stop();
    this.#inFlight = [];
    this.#spool = this.#open();
  }

  /** Ends the process at once, does something to its files, and starts another. */
  crash(between: (folder: string) => void = () => undefined): void {
    const copy = mkdtempSync(join(temporary, 'vonggac-spool-'));
    cpSync(this.#folder, copy, { recursive: true });
    this.#goOn(copy, between);
  }

  /** From now on the `count`th write is the last one before a crash; see `crashed`. */
  armCrash(count: number): void {
    this.#snapshotIn ??= count;
  }

  /** Goes on from where an armed crash has happened. */
  crashed(): void {
    const snapshot = this.#snapshot;
    if (snapshot === undefined) return;
    this.#snapshot = undefined;
    this.#goOn(snapshot, () => undefined);
  }

  /** A second agent on the same folder; the error that it gets. */
  intrude(): unknown {
    const intruder = this.#make();
    try {
      intruder.start();
      intruder.stop();
      return undefined;
    } catch (error) {
      return error;
    }
  }

  /** Takes and acknowledges everything. */
  drain(): void {
    while (this.#inFlight.length > 0) this.ack();
    for (;;) {
      const kinds = (['events', 'metrics'] as const).flatMap((lane) => [[lane, false] as const, [lane, true] as const]);
      if (!kinds.some(([lane, stored]) => this.send(lane, stored) > 0)) return;
      this.ack();
    }
  }

  /** Appended and not delivered; agrees with what is told, but for what a crash has cut short. */
  get missing(): number {
    return this.#owed.size;
  }

  check(): void {
    const most = this.#owed.size;
    const least = [...this.#owed].filter((value) => !this.#uncertain.has(value)).length;
    const { lost } = this;
    if (lost < least || lost > most + this.#perhapsUnknown) {
      const some = [...this.#owed].slice(0, 20).join(' ');
      throw new Error(
        `${most} of ${this.appended} are missing (${some}), ${lost} are told: ${JSON.stringify(this.gaps)}`,
      );
    }
  }

  remove(): void {
    this.#spool.stop();
    rmSync(this.#folder, { recursive: true });
    if (this.#snapshot !== undefined) rmSync(this.#snapshot, { recursive: true });
  }

  #goOn(folder: string, between: (folder: string) => void): void {
    this.#spool.stop();
    rmSync(this.#folder, { recursive: true });
    this.#folder = folder;
    this.#inFlight = [];
    between(folder);
    this.#spool = this.#open();
  }

  #told(time: number, tags: Readonly<Record<string, string>>, points: number): void {
    this.#gaps.set(`${time} ${tags.reason} ${tags.lane}`, { points, reason: tags.reason ?? '', lane: tags.lane ?? '' });
  }

  #arrived(value: number, isUncertain: boolean): void {
    if (!this.#owed.has(value) && !this.#uncertain.has(value)) throw new Error(`${value} was sent again`);
    this.#owed.delete(value);
    this.#delivered.add(value);
    if (isUncertain) this.#uncertain.add(value);
  }

  #open(): Spool {
    const spool = this.#make();
    spool.start();
    return spool;
  }

  #make(): Spool {
    const now = () => this.#now;
    return new Spool({
      folder: this.#folder,
      maxBytes: this.#maxBytes,
      maxAgeMs: 7 * dayMs,
      now,
      logger: createLogger({ write: (line) => this.log.push(line), pretty: false, level: 'error', now }),
      onWrite: this.#onWrite,
    });
  }

  readonly #onWrite: OnWrite = (what) => {
    if (this.#snapshotIn !== undefined) {
      this.#snapshotIn -= 1;
      if (this.#snapshotIn <= 0) {
        this.#snapshotIn = undefined;
        this.#snapshot = mkdtempSync(join(temporary, 'vonggac-spool-'));
        cpSync(this.#folder, this.#snapshot, { recursive: true });
      }
    }
    // The ledger has its room from the start.
    if (this.disk === 'full' && what !== 'ledger') throw diskError(13);
    if (this.disk === 'failing' && what === 'database') throw diskError(10);
    if (this.disk === 'malformed' && what === 'database') throw diskError(11);
  };
}
