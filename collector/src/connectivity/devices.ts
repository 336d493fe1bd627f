/**
 * Devices on the networks of the units' gateways: `devices.db`.
 *
 * Specification: one row for each unit and MAC address. Gateways tell of a device when it is new, when it changes and
 * once a day; a row changes only with what is newer. Rows of devices not seen for long are forgotten, and one unit has
 * room for a bounded number: beyond, new ones are counted and not kept. Only the collector writes; commands read.
 */
import type { DatabaseSync } from 'node:sqlite';
import { ipVersion, isDeviceMac, type Point, parseMac } from '@vonggac/shared';
import { type DatabaseFile, openDatabaseFile, transaction } from '../registry/database.ts';

const formats = [
  `CREATE TABLE devices (
     unit TEXT NOT NULL, mac TEXT NOT NULL, vendor TEXT, gateway TEXT NOT NULL, network TEXT NOT NULL, address TEXT,
     address6 TEXT, present INTEGER NOT NULL, first_seen INTEGER NOT NULL, last_seen INTEGER NOT NULL,
     told_at INTEGER NOT NULL, PRIMARY KEY (unit, mac)
   ) STRICT, WITHOUT ROWID;
   CREATE INDEX devices_by_network ON devices(unit, network, first_seen);`,
];

export const devicesFile: DatabaseFile = { name: 'devices.db', formats };

/** Of one unit; its gateways know half as many each. */
const maxPerUnit = 8_192;
const maxNetworkLength = 64;

/** Times are milliseconds since 1970. */
export interface Device {
  readonly unit: string;
  readonly mac: string;
  readonly vendor: string | undefined;
  /** Id of the agent that tells of it. */
  readonly gateway: string;
  readonly network: string;
  readonly address: string | undefined;
  readonly address6: string | undefined;
  readonly present: boolean;
  readonly firstSeen: number;
  readonly lastSeen: number;
}

interface Row {
  unit: string;
  mac: string;
  vendor: string | null;
  gateway: string;
  network: string;
  address: string | null;
  address6: string | null;
  present: number;
  first_seen: number;
  last_seen: number;
}

function fromRow(row: Row): Device {
  return {
    unit: row.unit,
    mac: row.mac,
    vendor: row.vendor ?? undefined,
    gateway: row.gateway,
    network: row.network,
    address: row.address ?? undefined,
    address6: row.address6 ?? undefined,
    present: row.present === 1,
    firstSeen: row.first_seen,
    lastSeen: row.last_seen,
  };
}

export class Devices {
  readonly #database: DatabaseSync;
  readonly #vendorOf: (mac: string) => string | undefined;
  /** Devices that were not kept because their unit has too many. */
  refused = 0;

  /** Opens the file in the data folder, creating it. Throws DataFolderError. */
  constructor(folder: string, vendorOf: (mac: string) => string | undefined) {
    this.#database = openDatabaseFile(folder, devicesFile);
    this.#vendorOf = vendorOf;
  }

  /**
   * Takes in what a gateway tells; returns the devices that are new on a network that was looked at before. Those of
   * its first look share the time at which that began, so they are not later than any other of the network.
   */
  take(from: { readonly unit: string; readonly agent: string }, points: readonly Point[]): Device[] {
    return transaction(this.#database, () =>
      points.flatMap((point) => {
        const told = readDevice(point, from);
        return told && this.#take(told, point.time) ? [{ ...told, vendor: this.#vendorOf(told.mac) }] : [];
      }),
    );
  }

  /** Of a unit, those that are there first, then by network and address. */
  of(unit: string): Device[] {
    const sql = 'SELECT * FROM devices WHERE unit = ? ORDER BY present DESC, network, address, mac';
    return (this.#database.prepare(sql).all(unit) as unknown as Row[]).map(fromRow);
  }

  /** Units that have any. */
  units(): string[] {
    const rows = this.#database.prepare('SELECT DISTINCT unit FROM devices ORDER BY unit').all();
    return (rows as { unit: string }[]).map(({ unit }) => unit);
  }

  /** Forgets those that were last seen before. */
  forget(before: number): void {
    this.#database.prepare('DELETE FROM devices WHERE last_seen < ?').run(before);
  }

  /** Closes the file. */
  stop(): void {
    if (this.#database.isOpen) this.#database.close();
  }

  /** Whether it is new. */
  #take(device: Device, toldAt: number): boolean {
    const { unit, mac, gateway, network, address = null, address6 = null, firstSeen, lastSeen } = device;
    const present = device.present ? 1 : 0;
    const updated = this.#database
      .prepare(
        `UPDATE devices SET gateway = ?, network = ?, address = ?, address6 = ?, present = ?, told_at = ?,
           first_seen = min(first_seen, ?), last_seen = max(last_seen, ?) WHERE unit = ? AND mac = ? AND told_at <= ?`,
      )
      .run(gateway, network, address, address6, present, toldAt, firstSeen, lastSeen, unit, mac, toldAt);
    if (updated.changes > 0 || this.#isKnown(unit, mac)) return false;
    if (this.#isFull(unit)) {
      this.refused += 1;
      return false;
    }
    const began = this.#beginningOf(unit, network);
    this.#database
      .prepare('INSERT INTO devices VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)')
      .run(
        unit,
        mac,
        this.#vendorOf(mac) ?? null,
        gateway,
        network,
        address,
        address6,
        present,
        firstSeen,
        lastSeen,
        toldAt,
      );
    return began !== undefined && firstSeen > began;
  }

  #isKnown(unit: string, mac: string): boolean {
    return this.#database.prepare('SELECT 1 FROM devices WHERE unit = ? AND mac = ?').get(unit, mac) !== undefined;
  }

  #isFull(unit: string): boolean {
    const row = this.#database.prepare('SELECT count(*) AS count FROM devices WHERE unit = ?').get(unit);
    return (row as { count: number }).count >= maxPerUnit;
  }

  /** When the first of a network was seen. */
  #beginningOf(unit: string, network: string): number | undefined {
    const sql = 'SELECT min(first_seen) AS began FROM devices WHERE unit = ? AND network = ?';
    return (this.#database.prepare(sql).get(unit, network) as { began: number | null }).began ?? undefined;
  }
}

function readDevice({ measurement, tags, fields }: Point, from: { unit: string; agent: string }): Device | undefined {
  const mac = measurement === 'lan_device' ? parseMac(tags.mac ?? '') : undefined;
  const { first_seen_seconds: first, last_seen_seconds: last } = fields;
  if (mac === undefined || !isDeviceMac(mac) || typeof first !== 'number' || typeof last !== 'number') return undefined;
  return {
    unit: from.unit,
    mac,
    vendor: undefined,
    gateway: from.agent,
    network: typeof fields.network === 'string' ? fields.network.slice(0, maxNetworkLength) : '',
    address: addressOf(fields.address),
    address6: addressOf(fields.address6),
    present: fields.present === true,
    firstSeen: first * 1_000,
    lastSeen: last * 1_000,
  };
}

function addressOf(value: unknown): string | undefined {
  return typeof value === 'string' && ipVersion(value) !== 0 ? value : undefined;
}
