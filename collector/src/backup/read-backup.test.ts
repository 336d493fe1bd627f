import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readBackup } from './read-backup.ts';
import { endOfArchive } from './tar.ts';
import { entry, goodEntries, goodManifest, writeByHand } from './testing/hand-made.ts';

let root: string;
let file: string;
let into: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'vonggac-read-'));
  file = join(root, 'b.tar.gz');
  into = join(root, 'into');
  mkdirSync(into);
});

afterEach(() => rmSync(root, { recursive: true }));

function flip(archive: Buffer, { at, bit }: { at: number; bit: number }): Buffer {
  archive[at] = (archive[at] ?? 0) ^ (1 << bit);
  return archive;
}

const files = (name: string, bytes: number, format = 0) => [...goodManifest.files, { name, bytes, format }];

test('what was put in comes out, readable by its owner only', async () => {
  writeByHand(file);
  expect(await readBackup(file, { into })).toEqual(goodManifest);
  expect(readFileSync(join(into, 'trust/ca.pem'), 'utf8')).toBe('trust/ca.pem');
  expect(await readBackup(file, {})).toEqual(goodManifest);
});

describe('refused is', () => {
  test.each([
    ['a name outside of the folder', '../../etc/passwd'],
    ['an absolute name', '/etc/passwd'],
    ['a name with a way up in it', 'trust/../collector.db'],
    ['a file that no collector keeps', 'agent/identity.json'],
  ])('%s', async (_, name) => {
    writeByHand(file, { manifest: { files: files(name, 1) }, entries: [...goodEntries, [name, 'x']] });
    await expect(readBackup(file, { into })).rejects.toThrow('which this version does not know');
    expect(readdirSync(into)).toEqual([]);
    expect(existsSync(join(root, 'etc'))).toBe(false);
  });

  test.each([
    [
      'an entry that the manifest does not name',
      { entries: [...goodEntries, ['../x', 'x']] as const },
      'where SHA256SUMS should be',
    ],
    [
      'an entry under another name',
      { entries: [['../../x', 'x'], ...goodEntries.slice(1)] as const },
      'where trust/ca-key.pem should be',
    ],
    ['an entry that is missing', { entries: goodEntries.slice(1) }, 'where trust/ca-key.pem should be'],
    [
      'an entry of another size',
      { entries: [['trust/ca-key.pem', 'x'], ...goodEntries.slice(1)] as const },
      'another size than its manifest says',
    ],
    ['a file named twice', { manifest: { files: files('collector.db', 1) } }, 'it names collector.db twice'],
    [
      'a backup without the authority',
      { manifest: { files: goodManifest.files.slice(1) } },
      'it lacks trust/ca-key.pem',
    ],
    [
      'a newer format of a database',
      { manifest: { files: files('people.db', 1, 99) } },
      'newer version of Vọng Gác (the format of people.db is 99',
    ],
    [
      'a newer format of backups',
      { manifest: { format: 2, shape: 'new' } },
      'newer version of Vọng Gác (the format of the backup is 2',
    ],
    ['a manifest of another shape', { manifest: { made_at: 'yesterday' } }, 'its manifest is not one'],
    ['a size that no file has', { manifest: { files: files('series.db', -1) } }, 'its manifest is not one'],
    [
      'more than a file of its size can hold',
      { manifest: { files: files('series.db', 2 ** 52) } },
      'which a file of this size cannot hold',
    ],
    ['a list of hashes that is empty', { sums: '' }, 'manifest.json is not what was backed up'],
    ['a list of hashes without end', { sums: 'x'.repeat(65_537) }, 'no backup’s is that long'.replace('’', "'")],
    [
      'something behind the end',
      { end: Buffer.concat([endOfArchive, Buffer.alloc(512)]) },
      'something follows after its end',
    ],
    ['no end', { end: Buffer.alloc(0) }, 'it is cut off'],
  ])('%s', async (_, spoilt, reason) => {
    writeByHand(file, spoilt);
    await expect(readBackup(file, { into })).rejects.toThrow(reason);
    expect(readdirSync(root).sort()).toEqual(['b.tar.gz', 'into']);
  });

  test('whatever one bit was changed', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(), fc.nat(7), async (at, bit) => {
        writeByHand(file, { spoil: (archive) => flip(archive, { at: at % archive.length, bit }) });
        await expect(readBackup(file, {})).rejects.toThrow(`cannot read the backup ${file}: `);
      }),
    );
  });

  test('a byte that changed', async () => {
    writeByHand(file, { spoil: (archive) => archive.fill('y', 5 * 512, 5 * 512 + 1) });
    await expect(readBackup(file, {})).rejects.toThrow('trust/ca.pem is not what was backed up');
  });

  test('a manifest without end', async () => {
    writeFileSync(file, gzipSync(entry('manifest.json', Buffer.alloc(70_000, ' '))));
    await expect(readBackup(file, {})).rejects.toThrow('its manifest.json has 70000 bytes');
  });

  test('a file that was cut off, wherever', async () => {
    writeByHand(file);
    const whole = readFileSync(file);
    for (let bytes = whole.length - 1; bytes > 0; bytes -= 37) {
      truncateSync(file, bytes);
      await expect(readBackup(file, {})).rejects.toThrow(/it is cut off|it is damaged, or not a backup/);
    }
  });

  test.each([
    ['a text', Buffer.from('hello'.repeat(500))],
    ['an empty file', Buffer.alloc(0)],
    ['another gzip file', gzipSync('hello')],
    ['another archive', gzipSync(entry('readme.txt', 'hello'))],
  ])('%s', async (_, content) => {
    writeFileSync(file, content);
    await expect(readBackup(file, {})).rejects.toThrow(/not a backup|it is cut off/);
  });

  test('a file that is not there', async () => {
    await expect(readBackup(join(root, 'other'), {})).rejects.toThrow('there is no such file');
  });
});
