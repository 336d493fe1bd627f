import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { AuditLog } from '../registry/audit-log.ts';
import { openRegistry } from '../registry/database.ts';
import { lockFolder } from '../registry/folder-lock.ts';
import { Units } from '../registry/units.ts';
import { Authority } from '../trust/authority.ts';
import { type BackupOrder, makeBackup } from './make-backup.ts';
import { readBackup } from './read-backup.ts';
import { type RestoreOrder, restoreBackup } from './restore.ts';
import { makeFolders, now, type TestFolders, unitNames } from './testing/data-folder.ts';

let folders: TestFolders;
let file: string;
let target: string;

beforeEach(async () => {
  folders = await makeFolders();
  file = join(folders.elsewhere, 'b.tar.gz');
  target = join(folders.elsewhere, 'restored');
});

afterEach(() => folders.remove());

const by = { actor: 'an', source: 'test' };

function backUp(options: Partial<BackupOrder> = {}) {
  return makeBackup({ data: folders.data, file, series: 'included', force: false, by, now: () => now, ...options });
}

function restore(options: Partial<RestoreOrder> = {}) {
  return restoreBackup({ file, data: target, force: false, by, now: () => now, ...options });
}

function auditActions(folder: string): string[] {
  const log = new AuditLog(folder);
  try {
    expect(log.verify().problem).toBeUndefined();
    return [...log.entries()].map(({ action }) => action);
  } finally {
    log.close();
  }
}

describe('a backup', () => {
  test('is put back into an empty folder, and both are in the audit log', async () => {
    await backUp();
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readdirSync(folders.elsewhere)).toEqual(['b.tar.gz']);
    await restore();
    expect(unitNames(target)).toEqual(['Quảng Bình']);
    expect(new Authority(target, () => now).pin).toBe(new Authority(folders.data, () => now).pin);
    expect(auditActions(folders.data)).toEqual(['unit.add', 'backup.create']);
    expect(auditActions(target)).toEqual(['unit.add', 'backup.restore']);
    const kept = (folder: string) => readdirSync(folder).filter((name) => !/-(wal|shm)$|^lock/.test(name));
    expect(kept(target).sort()).toEqual(kept(folders.data).sort());
    expect(statSync(target).mode & 0o777).toBe(0o700);
  });

  test('holds what was committed before it, although it is still in the journal', async () => {
    const database = openRegistry(folders.data);
    new Units(database).ensure({ code: 'DH', name: 'Đồng Hới', parent: undefined }, now);
    await backUp();
    await restore();
    database.close();
    expect(unitNames(target)).toEqual(['Quảng Bình', 'Đồng Hới']);
  });

  test('holds nothing that came later, while others write all the time', async () => {
    const database = openRegistry(folders.data);
    const units = new Units(database);
    let written = 0;
    await backUp({
      progress: () => {
        written += 1;
        units.ensure({ code: `X${written}`, name: `later ${written}`, parent: undefined }, now);
      },
    });
    database.close();
    expect(written).toBeGreaterThan(5);
    await restore();
    expect(unitNames(target)).toEqual(['Quảng Bình']);
  });

  test('without the time series is restored without', async () => {
    const { manifest } = await backUp({ series: 'left-out' });
    expect(manifest.files.map(({ name }) => name)).not.toContain('series.db');
    await restore();
    expect(existsSync(join(target, 'series.db'))).toBe(false);
  });

  test('tells what it left out because nobody knows it', async () => {
    writeFileSync(join(folders.data, 'notes.txt'), '');
    writeFileSync(join(folders.data, 'series.db.damaged-2026'), '');
    expect((await backUp()).unknown).toEqual(['notes.txt']);
  });

  test('is encrypted with a passphrase', async () => {
    await backUp({ passphrase: 'một câu đủ dài' });
    expect(readFileSync(file).toString('latin1', 0, 8)).toBe('VGSEALED');
    await expect(restore()).rejects.toThrow('it is encrypted: name the file with its passphrase');
    await expect(restore({ passphrase: 'một câu khác hẳn' })).rejects.toThrow('the passphrase is wrong');
    expect(readdirSync(target)).toEqual(['lock.db']);
    await restore({ passphrase: 'một câu đủ dài' });
    expect(unitNames(target)).toEqual(['Quảng Bình']);
  });

  test('takes no other file’s place, unless it is told to', async () => {
    writeFileSync(file, 'precious');
    await expect(backUp()).rejects.toThrow('exists already: choose another name, or add --force');
    expect(readFileSync(file, 'utf8')).toBe('precious');
    await backUp({ force: true });
    expect((await readBackup(file, {})).host).not.toBe('');
    await expect(backUp({ file: folders.elsewhere, force: true })).rejects.toThrow('exists already: choose another');
    await expect(backUp({ file: join(folders.elsewhere, 'no/b') })).rejects.toThrow('there is no folder');
  });

  test('is not made of a folder that is no collector’s, or of a damaged one', async () => {
    await expect(backUp({ data: folders.elsewhere })).rejects.toThrow('is not the data folder of a collector');
    const people = join(folders.data, 'people.db');
    const bytes = readFileSync(people);
    writeFileSync(people, bytes.fill(0xee, 4_096));
    await expect(backUp()).rejects.toThrow(/people.db is damaged/);
    expect(readdirSync(folders.elsewhere)).toEqual([]);
    writeFileSync(people, 'garbage'.repeat(1_000));
    await expect(backUp()).rejects.toThrow(/cannot read .*people.db/);
  });

  test('is not made of a key and a certificate of two authorities', async () => {
    const other = join(folders.elsewhere, 'other');
    await new Authority(other, () => now).credentials();
    writeFileSync(join(folders.data, 'trust/ca.pem'), readFileSync(join(other, 'trust/ca.pem')));
    await expect(backUp()).rejects.toThrow('do not belong together');
  });

  test('that is broken off leaves nothing behind', async () => {
    const stop = new AbortController();
    await expect(backUp({ signal: stop.signal, progress: () => stop.abort() })).rejects.toThrow('was broken off');
    expect(readdirSync(folders.elsewhere)).toEqual([]);
    expect(auditActions(folders.data)).toEqual(['unit.add']);
  });
});

describe('a restore', () => {
  test('into a folder that is not empty is refused, or sets aside what is there', async () => {
    await backUp();
    const database = openRegistry(folders.data);
    new Units(database).ensure({ code: 'DH', name: 'later', parent: undefined }, now);
    database.close();
    await expect(restore({ data: folders.data })).rejects.toThrow(/is not empty \(.*, …\): choose an empty folder/);
    expect(unitNames(folders.data)).toEqual(['Quảng Bình', 'later']);
    const { setAside } = await restore({ data: folders.data, force: true });
    expect(unitNames(folders.data)).toEqual(['Quảng Bình']);
    expect(unitNames(setAside ?? '')).toEqual(['Quảng Bình', 'later']);
    const second = await restore({ data: folders.data, force: true });
    expect(second.setAside).not.toBe(setAside);
  });

  test('while a collector works on the folder is refused', async () => {
    await backUp();
    const lock = lockFolder(folders.data);
    await expect(restore({ data: folders.data, force: true })).rejects.toThrow('another collector works on');
    lock.release();
    expect(unitNames(folders.data)).toEqual(['Quảng Bình']);
  });

  test('of a spoilt backup changes nothing', async () => {
    await backUp();
    const whole = readFileSync(file);
    writeFileSync(file, whole.subarray(0, -20));
    await expect(restore({ data: folders.data, force: true })).rejects.toThrow('it is cut off');
    expect(unitNames(folders.data)).toEqual(['Quảng Bình']);
    expect(readdirSync(folders.data).filter((name) => name.startsWith('restore'))).toEqual([]);
  });

  test('that was interrupted is not taken for a new collector, and can be done again', async () => {
    await backUp();
    mkdirSync(join(target, 'restore-ready'), { recursive: true });
    writeFileSync(join(target, 'collector.db'), '');
    expect(() => openRegistry(target)).toThrow('was interrupted');
    await expect(restore()).rejects.toThrow('is not empty (collector.db)');
    await restore({ force: true });
    expect(unitNames(target)).toEqual(['Quảng Bình']);
  });
});
