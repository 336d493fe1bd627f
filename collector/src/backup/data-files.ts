/**
 * Every file of the data folder, in one list. A part that keeps a new file there names it here, or the test that compares
 * the list with a running collector's folder fails: a file that no backup holds is missed when it is too late.
 */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { availabilityFile } from '../availability/books.ts';
import { maintenanceFile } from '../calendar/maintenance-windows.ts';
import { devicesFile } from '../connectivity/devices.ts';
import { linksFile } from '../connectivity/link-ledger.ts';
import { grafanaFile } from '../grafana/driving/grafana-file.ts';
import { incidentsFile } from '../incidents/incidents-file.ts';
import { notificationsFile } from '../notify/notifications-file.ts';
import { outagesFile } from '../outages/outage-ledger.ts';
import { malwareFile } from '../protection/malware-store.ts';
import { protectionDatabase } from '../protection/protection-file.ts';
import { auditFile } from '../registry/audit-log.ts';
import { type DatabaseFile, halfRestored, registryFile } from '../registry/database.ts';
import { peopleFile } from '../registry/people-file.ts';
import { formatVersion as seriesFormat } from '../stores/sqlite/database-file.ts';

/** What a person made or decided. The registry is last: what the others name was in it before they named it. */
export const databases: readonly DatabaseFile[] = [
  incidentsFile,
  notificationsFile,
  linksFile,
  devicesFile,
  protectionDatabase,
  malwareFile,
  outagesFile,
  maintenanceFile,
  availabilityFile,
  grafanaFile,
  auditFile,
  peopleFile,
  registryFile,
];

export const seriesName = 'series.db';

/** Small files, taken as they are. */
export const plainFiles: readonly string[] = [
  ...['ca', 'next-ca', 'leaf'].flatMap((name) => [`trust/${name}-key.pem`, `trust/${name}.pem`]),
  'trust/old-ca.pem',
  'audit.head',
];

/** Without these a folder is not a collector's. */
export const neededFiles: readonly string[] = ['collector.db', 'trust/ca-key.pem', 'trust/ca.pem'];

/** What a restore reads into; becomes `halfRestored` when all of it is verified. */
export const incomingFolder = 'restore-incoming';

/** Begins the name of what a restore set aside. */
export const setAsidePrefix = 'before-restore-';

/** The format that this version gives a file of a backup; 0 for a plain file, undefined for one that it does not know. */
export function formatOf(name: string): number | undefined {
  if (plainFiles.includes(name)) return 0;
  if (name === seriesName) return seriesFormat;
  return databases.find((file) => file.name === name)?.formats.length;
}

/** What comes and goes with the running programs, or is not the collector's. */
const passing: readonly RegExp[] = [
  /^lock\.db$/,
  /^runtime\.json$/,
  /^audit\.head\.new$/,
  // SQLite's own, beside each file.
  /\.db-(wal|shm|journal)$/,
  // A file that was damaged and replaced; for a person to look at.
  /^series\.db\.damaged-/,
  // The agent that `vonggac start` runs: its key never leaves its machine.
  /^agent$/,
  new RegExp(`^(${incomingFolder}|${halfRestored}|${setAsidePrefix}.*)$`),
];

/** What lies in the folder and is neither kept in a backup nor left out on purpose. */
export function unknownFiles(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .flatMap((entry) =>
      entry.name === 'trust' && entry.isDirectory()
        ? readdirSync(join(folder, 'trust')).map((name) => `trust/${name}`)
        : [entry.name],
    )
    .filter((name) => formatOf(name) === undefined && !passing.some((pattern) => pattern.test(name)));
}
