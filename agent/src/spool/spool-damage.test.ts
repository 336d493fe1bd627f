/** What becomes of a spool whose files were damaged, or whose disk is. The outcomes are stated in docs/promises.md. */
import { cpSync, existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { crc32 } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { SpoolLocked } from './spool-format.ts';
import { damageFile, damageNames } from './testing/damage.ts';
import { SpoolBooks } from './testing/spool-books.ts';

let books: SpoolBooks;
beforeEach(() => {
  books = new SpoolBooks();
});
afterEach(() => books.remove());

const database = (folder: string) => join(folder, 'spool.db');
const log = (folder: string) => join(folder, 'spool.db-wal');
const ledger = (folder: string) => join(folder, 'spool.ledger');

/** Hundred readings and twenty events on the disk, ten readings of them delivered. */
function fill(): void {
  for (let count = 0; count < 100; count += 1) books.append('metrics', { text: 'x'.repeat(200) });
  for (let count = 0; count < 20; count += 1) books.append('events');
  books.send('metrics', true, { maxPoints: 10, maxBytes: 1_000_000 });
  books.ack();
}

function reasons(): string[] {
  return [...new Set(books.gaps.map(({ reason }) => reason))];
}

describe('a damaged file is replaced and what it has lost is counted exactly', () => {
  test.each<[string, number, (folder: string) => void]>([
    ['an empty file', 110, (folder) => writeFileSync(database(folder), '')],
    ['garbage', 110, (folder) => writeFileSync(database(folder), 'not a database, whatever its name says'.repeat(500))],
    ['a text of one byte', 110, (folder) => writeFileSync(database(folder), 'x')],
    ['a file that is gone', 110, (folder) => rmSync(database(folder))],
  ])('%s', (_, lost, damage) => {
    fill();
    books.restart();
    books.crash((folder) => {
      rmSync(log(folder), { force: true });
      damage(folder);
    });
    books.append('metrics');
    books.drain();
    books.check();
    expect(books.lost).toBe(lost);
    expect(reasons()).toContain('damaged');
    expect(books.spool.status()).toMatchObject({ state: 0, lostPoints: lost });
  });

  test('a file that was cut off: what stands before the cut is delivered', () => {
    fill();
    books.restart();
    const epoch = books.spool.epoch;
    books.crash((folder) => {
      const bytes = readFileSync(database(folder));
      writeFileSync(database(folder), bytes.subarray(0, Math.floor((bytes.length * 3) / 4)));
    });
    expect(existsSync(`${database(books.folder)}.damaged`)).toBe(true);
    expect(books.log.join()).toContain('set aside as spool.db.damaged');
    expect(books.spool.epoch).toBe(epoch);
    books.drain();
    books.check();
    expect(books.lost).toBeGreaterThan(0);
    expect(books.lost).toBeLessThan(110);
  });

  test('a log of SQLite that is gone takes the newest records with it', () => {
    fill();
    books.restart();
    for (let count = 0; count < 7; count += 1) books.append('events');
    books.crash((folder) => rmSync(log(folder)));
    books.drain();
    books.check();
    expect(books.lost).toBe(7);
  });

  test('a log of another spool', () => {
    fill();
    const other = new SpoolBooks();
    for (let count = 0; count < 50; count += 1) other.append('metrics');
    books.crash((folder) => cpSync(log(other.folder), log(folder)));
    other.remove();
    expect(books.spool.status().lostPoints).toBe(110);
  });

  test('a row whose bytes were changed is left out and counted, the others live on', () => {
    fill();
    books.restart();
    books.crash((folder) => {
      const rows = new DatabaseSync(database(folder));
      rows.exec("UPDATE records SET body = replace(body, 'xx', 'xy'), points = 77 WHERE id % 2 = 0 AND lane = 1");
      rows.close();
    });
    books.drain();
    books.check();
    expect(books.lost).toBe(45);
  });

  test('a count of losses that was changed is taken from the ledger', () => {
    books.remove();
    books = new SpoolBooks({ maxBytes: 12_000 });
    for (let count = 0; count < 200; count += 1) books.append('metrics');
    books.restart();
    books.crash((folder) => {
      const rows = new DatabaseSync(database(folder));
      rows.exec('UPDATE gaps SET points = points + 1000');
      rows.close();
    });
    books.drain();
    books.check();
    expect(reasons()).toContain('thinned');
  });
});

describe('a file that opens and yet cannot be used is replaced too', () => {
  function restartWith(damage: (folder: string) => void): void {
    fill();
    books.restart();
    books.crash(damage);
    expect(books.log.join()).toContain('set aside as spool.db.damaged');
    books.append('metrics');
    expect(books.spool.status().state).toBe(0);
    books.drain();
    books.check();
  }

  test.each([
    ['a column of the records', 'clock_offset INTEGER', 'clock_offsft INTEGER'],
    ['a column of the last ids', '(name,seq)', '(name,ser)'],
  ])('with another name for %s: all that is in it is delivered', (_, name, changed) => {
    restartWith((folder) => {
      const bytes = readFileSync(database(folder));
      const at = bytes.indexOf(name);
      expect(at).toBeGreaterThan(0);
      bytes.write(changed, at);
      writeFileSync(database(folder), bytes);
    });
    expect(books.missing).toBe(0);
    expect(books.gaps).toEqual([]);
  });

  test.each([
    ['a last id that is a text', "UPDATE sqlite_sequence SET seq = 'x'"],
    ['a last id below those that are there', 'UPDATE sqlite_sequence SET seq = 1'],
    ['no last id', "UPDATE sqlite_sequence SET name = 'recordr'"],
    ['a last id past what JavaScript takes for a number', 'UPDATE sqlite_sequence SET seq = 9223372036854775807'],
    ['a count of losses past that', "INSERT INTO gaps VALUES ('damaged', 0, 9223372036854775807, 0, 0, 0)"],
  ])('with %s', (_, sql) => {
    restartWith((folder) => {
      const file = new DatabaseSync(database(folder));
      file.exec(sql);
      file.close();
    });
    expect(books.missing).toBe(0);
    expect(books.gaps).toEqual([]);
  });

  test('of which that shows only in writing', () => {
    fill();
    books.disk = 'malformed';
    books.append('metrics');
    expect(books.spool.status().state).toBe(3);
    books.disk = 'well';
    books.pass(6_000);
    books.append('metrics');
    expect(books.log.join()).toContain('set aside as spool.db.damaged');
    expect(books.spool.status().state).toBe(0);
    books.drain();
    books.check();
    expect(books.gaps).toEqual([]);
  });

  test('with values of another type: a row is left out and counted where that is sent', () => {
    restartWith((folder) => {
      const file = new DatabaseSync(database(folder), { defensive: false });
      file.exec(`PRAGMA writable_schema = ON;
        UPDATE sqlite_schema SET sql = replace(replace(sql, 'thinned INTEGER', 'thinned ANY'), 'offset INTEGER', 'offset ANY');
        PRAGMA writable_schema = RESET;
        UPDATE records SET thinned = 'x' WHERE id % 2 = 0; UPDATE records SET clock_offset = '' WHERE id % 10 = 0`);
      file.close();
    });
    expect(books.lost).toBe(11);
  });
});

describe('a damaged ledger costs nothing while the file is whole', () => {
  test.each([...damageNames, 'gone'])('%s', (how) => {
    fill();
    books.restart();
    books.crash((folder) => {
      if (how === 'gone') rmSync(ledger(folder));
      else damageFile(folder, { name: 'spool.ledger', how, below: (end) => Math.floor(end / 2) });
    });
    books.append('metrics');
    books.drain();
    books.check();
    expect(books.gaps).toEqual([]);
  });

  test('with the file damaged too, the count is said to be unknown', () => {
    fill();
    books.restart();
    books.crash((folder) => {
      rmSync(ledger(folder));
      writeFileSync(database(folder), 'garbage');
    });
    books.drain();
    expect(books.lost).toBe(-1);
  });

  test('written in every crash that may come', () => {
    // Many more lines than the ledger begins with, so that it is written anew.
    for (let round = 0; round < 30; round += 1) {
      for (let count = 0; count < 50; count += 1) books.append('metrics');
      for (let count = 0; count < 50; count += 1) {
        books.send('metrics', false, { maxPoints: 1, maxBytes: 1 });
        books.ack();
      }
      books.crash();
    }
    books.crash((folder) => writeFileSync(database(folder), 'garbage'));
    books.drain();
    books.check();
  });
});

describe('a file that is not to be touched', () => {
  test('of a newer version is set aside as it is, and what it holds counts as lost', () => {
    fill();
    books.restart();
    books.crash((folder) => {
      const newer = new DatabaseSync(database(folder));
      newer.exec('PRAGMA user_version = 99');
      newer.close();
    });
    const aside = new DatabaseSync(`${database(books.folder)}.damaged`, { readOnly: true });
    expect(aside.prepare('PRAGMA user_version').get()).toEqual({ user_version: 99 });
    expect(aside.prepare('SELECT count(*) AS count FROM records').get()).toEqual({ count: 110 });
    aside.close();
    books.drain();
    books.check();
    expect(books.lost).toBe(110);
  });

  test('of version 1 is taken over with all that is in it', () => {
    fill();
    books.restart();
    books.crash((folder) => {
      rmSync(ledger(folder));
      const old = new DatabaseSync(database(folder));
      old.function('body_checksum', (body) => crc32(String(body)));
      old.exec(`UPDATE records SET crc = body_checksum(body); ALTER TABLE gaps DROP COLUMN crc;
        UPDATE meta SET value = substr(value, 1, 16) WHERE key = 'epoch'; PRAGMA user_version = 1`);
      old.close();
    });
    books.drain();
    books.check();
    expect(books.gaps).toEqual([]);
    expect(books.delivered).toHaveLength(120);
  });

  test('that another agent uses is left to it', () => {
    fill();
    expect(books.intrude()).toBeInstanceOf(SpoolLocked);
    books.drain();
    books.check();
    expect(books.gaps).toEqual([]);
  });
});

describe('a replacement that is cut short', () => {
  test('before the old file was moved away is begun again', () => {
    fill();
    books.restart();
    books.crash((folder) => {
      cpSync(database(folder), `${database(folder)}.new`);
      writeFileSync(database(folder), 'garbage');
    });
    books.drain();
    books.check();
    expect(readdirSync(books.folder)).not.toContain('spool.db.new');
    expect(books.lost).toBe(110);
  });

  test('after that is ended', () => {
    fill();
    books.restart();
    books.crash((folder) => renameSync(database(folder), `${database(folder)}.new`));
    books.drain();
    books.check();
    expect(books.gaps).toEqual([]);
  });
});

describe('a disk that takes nothing', () => {
  test.each(['full', 'failing'] as const)(
    '%s: data waits in memory, is sent from there, and nothing is lost',
    (disk) => {
      fill();
      books.disk = disk;
      books.append('metrics');
      expect(books.spool.status().state).toBe(3);
      for (let count = 0; count < 50; count += 1) books.append('events');
      books.send('events', false);
      books.ack();
      books.disk = 'well';
      books.pass(6_000);
      books.append('metrics');
      expect(books.spool.status().state).toBe(0);
      books.crash();
      books.drain();
      books.check();
      expect(books.gaps).toEqual([]);
    },
  );

  test('what is in memory when the process ends is counted as interrupted', () => {
    fill();
    books.disk = 'full';
    for (let count = 0; count < 30; count += 1) books.append('metrics', { count: 2 });
    books.crash();
    books.disk = 'well';
    books.pass(6_000);
    books.append('metrics');
    books.drain();
    books.check();
    expect(books.gaps).toMatchObject([{ reason: 'interrupted', lane: 'metrics', points: 60 }]);
  });

  test('what is in the file is sent while the disk is full', () => {
    fill();
    books.disk = 'full';
    books.append('metrics');
    books.pass(6_000);
    books.drain();
    books.check();
    expect(books.missing).toBe(0);
  });
});
