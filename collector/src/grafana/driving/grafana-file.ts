/**
 * What the collector keeps about a Grafana that it drives: `grafana.db`.
 *
 * Specification: `installation` names this collector in what it writes there, so that two may drive one Grafana, and
 * says since when, and up to which incident all are known. `annotations` is both queue and memory: a row is to be sent while `wanted` is not `sent`; `tried`
 * stands before the first attempt, because a lost answer does not tell whether Grafana has made it. What Grafana never
 * takes is dropped and counted, what is old is deleted. `followed` are incidents whose annotation may still change,
 * `machines` and `machine_changes` what agents were and became, `notified` who was told of an incident, once each.
 * Only the collector writes.
 */
import { randomBytes } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import { type DatabaseFile, openDatabaseFile } from '../../registry/database.ts';

const formats = [
  `CREATE TABLE installation (
     one INTEGER PRIMARY KEY CHECK (one = 1), id TEXT NOT NULL, since INTEGER NOT NULL, incident INTEGER
   ) STRICT;
   CREATE TABLE annotations (
     key TEXT PRIMARY KEY, at INTEGER NOT NULL, wanted TEXT NOT NULL, sent TEXT, annotation INTEGER,
     tried INTEGER NOT NULL DEFAULT 0, dropped INTEGER NOT NULL DEFAULT 0
   ) STRICT;
   CREATE INDEX annotations_waiting ON annotations(at) WHERE sent IS NOT wanted AND dropped = 0;
   CREATE TABLE followed (incident INTEGER PRIMARY KEY) STRICT;
   CREATE TABLE machines (agent TEXT PRIMARY KEY, version TEXT NOT NULL, retired INTEGER NOT NULL) STRICT, WITHOUT ROWID;
   CREATE TABLE machine_changes (
     id INTEGER PRIMARY KEY, at INTEGER NOT NULL, unit TEXT NOT NULL, agent TEXT NOT NULL, hostname TEXT NOT NULL,
     change TEXT NOT NULL, version TEXT NOT NULL
   ) STRICT;
   CREATE INDEX machine_changes_at ON machine_changes(at);
   CREATE TABLE notified (
     incident INTEGER NOT NULL, receiver TEXT NOT NULL, status TEXT NOT NULL, at INTEGER NOT NULL,
     PRIMARY KEY (incident, receiver, status)
   ) STRICT, WITHOUT ROWID;`,
];

export const grafanaFile: DatabaseFile = { name: 'grafana.db', formats };

/** This collector, as Grafana knows it. */
export interface Installation {
  readonly id: string;
  /** When it began to drive; what was before is not told. */
  readonly since: number;
}

/** Opens the file in the data folder, creating it. Throws DataFolderError. */
export function openGrafanaFile(folder: string): DatabaseSync {
  return openDatabaseFile(folder, grafanaFile);
}

/** Made when driving begins for the first time. */
export function installationOf(database: DatabaseSync, now: number): Installation {
  database
    .prepare('INSERT INTO installation (one, id, since) VALUES (1, ?, ?) ON CONFLICT DO NOTHING')
    .run(randomBytes(4).toString('hex'), now);
  return database.prepare('SELECT id, since FROM installation').get() as unknown as Installation;
}
