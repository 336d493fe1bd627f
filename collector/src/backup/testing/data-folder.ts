/** A collector's data folder with something in each file, without a collector. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { AuditLog } from '../../registry/audit-log.ts';
import { openDatabaseFile } from '../../registry/database.ts';
import { Units } from '../../registry/units.ts';
import { openForWriting } from '../../stores/sqlite/database-file.ts';
import { Authority } from '../../trust/authority.ts';
import { databases } from '../data-files.ts';

export const now = Date.parse('2026-11-23T09:00:00Z');

export interface TestFolders {
  readonly data: string;
  readonly elsewhere: string;
  remove(): void;
}

export async function makeFolders(): Promise<TestFolders> {
  const root = mkdtempSync(join(tmpdir(), 'vonggac-backup-'));
  const data = join(root, 'data');
  for (const file of databases) {
    const database = openDatabaseFile(data, file);
    if (file.name === 'collector.db')
      new Units(database).ensure({ code: 'QB', name: 'Quảng Bình', parent: undefined }, now);
    database.close();
  }
  await new Authority(data, () => now).credentials();
  const audit = new AuditLog(data);
  audit.append({ at: now, actor: 'an', source: 'test', action: 'unit.add', subject: 'QB' });
  audit.close();
  openForWriting(join(data, 'series.db'), { specs: [], maxBytes: undefined }).close();
  const elsewhere = join(root, 'elsewhere');
  mkdirSync(elsewhere);
  return { data, elsewhere, remove: () => rmSync(root, { recursive: true, force: true }) };
}

export function unitNames(folder: string): unknown[] {
  const database = new DatabaseSync(join(folder, 'collector.db'));
  try {
    return database
      .prepare('SELECT name FROM unit_versions ORDER BY name')
      .all()
      .map(({ name }) => name);
  } finally {
    database.close();
  }
}
