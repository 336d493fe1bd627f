import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { DataFolderError } from './database.ts';
import { lockFolder } from './folder-lock.ts';

test('a folder is locked for one, until it is released', () => {
  const folder = mkdtempSync(join(tmpdir(), 'vonggac-lock-'));
  const lock = lockFolder(folder);
  expect(() => lockFolder(folder)).toThrow(DataFolderError);
  expect(() => lockFolder(folder)).toThrow(/another collector works on .*--data/);
  lock.release();
  lockFolder(folder).release();
  rmSync(folder, { recursive: true });
});
