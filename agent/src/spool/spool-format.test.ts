import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { prepareConnection } from './spool-format.ts';

/** https://sqlite.org/pragma.html#pragma_synchronous: FULL, with which every commit to the log is synced. */
const full = 2;

test('each commit is synced', () => {
  const folder = mkdtempSync(join(tmpdir(), 'vonggac-spool-format-'));
  const database = new DatabaseSync(join(folder, 'spool.db'));
  try {
    prepareConnection(database);
    expect(database.prepare('PRAGMA synchronous').get()).toEqual({ synchronous: full });
    expect(database.prepare('PRAGMA journal_mode').get()).toEqual({ journal_mode: 'wal' });
  } finally {
    database.close();
    rmSync(folder, { recursive: true });
  }
});
