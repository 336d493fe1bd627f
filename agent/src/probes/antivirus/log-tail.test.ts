import {
  appendFileSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { LogCursor, LogTail } from './log-tail.ts';

let folder: string;
let log: string;
let tail: LogTail;
let cursor: LogCursor | undefined;
let clock: number;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vonggac-log-tail-'));
  log = join(folder, 'clamav.log');
  tail = new LogTail(log);
  cursor = undefined;
  clock = 1_795_000_000;
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Changes a file at a moment of its own, so that no two have the same time of modification. */
function change(path: string, make: () => void): void {
  make();
  clock += 1;
  utimesSync(path, clock, clock);
}

const append = (text: string) => change(log, () => appendFileSync(log, text));

/** Everything that is new, through what a cursor is in the file that keeps it. */
function readAll(): string[] {
  const lines: string[] = [];
  for (;;) {
    const found = tail.read(cursor);
    if (!found) return lines;
    const isFirst = cursor === undefined;
    cursor = LogCursor.parse(JSON.parse(JSON.stringify(found.cursor)));
    lines.push(...found.lines);
    if (isFirst) continue;
  }
}

describe('a log', () => {
  test('gives what was added, in whole lines', () => {
    append('a\nb\n');
    expect(readAll()).toEqual(['a', 'b']);
    append('c\nhalf');
    expect(readAll()).toEqual(['c']);
    append(' of it\n');
    expect(readAll()).toEqual(['half of it']);
    expect(readAll()).toEqual([]);
  });

  test('that comes later is read from its beginning; what was rotated away before is history', () => {
    change(`${log}.1`, () => writeFileSync(`${log}.1`, 'old\n'));
    expect(readAll()).toEqual([]);
    append('new\n');
    expect(readAll()).toEqual(['new']);
  });

  test('that is empty or missing is told of a new name beside it', () => {
    const settle = () => utimesSync(folder, 1_000, 1_000);
    settle();
    for (const content of ['a', 'b']) {
      expect(readAll()).toEqual([]);
      settle();
      expect(readAll()).toEqual([]);
      change(`${log}.1`, () => writeFileSync(`${log}.1`, `${content}\n`));
      expect(readAll()).toEqual([content]);
      rmSync(`${log}.1`);
      writeFileSync(log, '');
    }
  });

  test('renamed: the rest of the old one, then the new one', () => {
    append('a\n');
    readAll();
    append('b\n');
    renameSync(log, `${log}.1`);
    append('c\n');
    expect(readAll()).toEqual(['b', 'c']);
  });

  test('renamed under a writer that goes on for a while', () => {
    append('a\n');
    readAll();
    renameSync(log, `${log}.1`);
    change(log, () => writeFileSync(log, ''));
    change(`${log}.1`, () => appendFileSync(`${log}.1`, 'b\n'));
    expect(readAll()).toEqual(['b']);
    change(`${log}.1`, () => appendFileSync(`${log}.1`, 'c\n'));
    append('d\n');
    expect(readAll()).toEqual(['c', 'd']);
  });

  test('copied and emptied, twice, while nobody read', () => {
    append('a\n');
    readAll();
    append('b\n');
    for (const [line, name] of [
      ['c\n', '.2'],
      ['d\n', '.1'],
    ] as const) {
      change(`${log}${name}`, () => copyFileSync(log, `${log}${name}`));
      change(log, () => truncateSync(log, 0));
      append(line);
    }
    expect(readAll()).toEqual(['b', 'c', 'd']);
  });

  test('emptied right after it was made, and filled again', () => {
    append('');
    readAll();
    append('a\n');
    change(`${log}.1`, () => copyFileSync(log, `${log}.1`));
    change(log, () => truncateSync(log, 0));
    append('b\n');
    expect(readAll()).toEqual(['a', 'b']);
  });

  test('copied but not emptied is read on', () => {
    append('a\n');
    readAll();
    change(`${log}.1`, () => copyFileSync(log, `${log}.1`));
    append('b\n');
    expect(readAll()).toEqual(['b']);
    append('c\n');
    expect(readAll()).toEqual(['c']);
  });

  test('truncated without a copy, and grown beyond where reading stopped', () => {
    append('a\n');
    readAll();
    change(log, () => truncateSync(log, 0));
    append('longer than before\n');
    expect(readAll()).toEqual(['longer than before']);
  });

  test('replaced by an edited copy: read on where the text is still the same', () => {
    append('a\nb\n');
    readAll();
    change(`${log}.new`, () => writeFileSync(`${log}.new`, 'a\nb\nc\n'));
    renameSync(`${log}.new`, log);
    expect(readAll()).toEqual(['c']);
  });

  test('compressed when rotated: what was in it is lost, the rest is not', () => {
    append('a\n');
    readAll();
    append('b\n');
    renameSync(log, `${log}.1.gz`);
    append('c\n');
    expect(readAll()).toEqual(['c']);
  });

  test('of another program with a similar name is left alone', () => {
    readAll();
    change(join(folder, 'clamav.logs'), () => writeFileSync(join(folder, 'clamav.logs'), 'x\n'));
    change(join(folder, 'clamav-milter.log'), () => writeFileSync(join(folder, 'clamav-milter.log'), 'x\n'));
    expect(readAll()).toEqual([]);
  });

  test('that is removed and comes again', () => {
    append('a\n');
    readAll();
    rmSync(log);
    expect(readAll()).toEqual([]);
    append('b\n');
    expect(readAll()).toEqual(['b']);
  });

  test('longer than what is read at once: nothing is missed', () => {
    readAll();
    const lines = Array.from({ length: 30_000 }, (_, index) => `line ${index} ${'x'.repeat(index % 40)}`);
    append(`${lines.join('\n')}\n`);
    expect(readAll()).toEqual(lines);
  });

  test('with a line that is no line of a log: passed over', () => {
    readAll();
    append(`a\n${'x'.repeat(700_000)}\nb\n`);
    expect(readAll().filter((line) => !line.startsWith('x'))).toEqual(['a', 'b']);
  });

  test('of the first look: the last lines of a long one', () => {
    append(`${'x'.repeat(99)}\n`.repeat(10_000));
    append('last\n');
    const lines = readAll();
    expect(lines.length).toBeLessThan(3_000);
    expect(lines.at(-1)).toBe('last');
    expect(new Set(lines.slice(0, -1))).toEqual(new Set(['x'.repeat(99)]));
  });

  test('that cannot be read is an error, not silence', () => {
    mkdirSync(log);
    expect(() => tail.read(undefined)).toThrow('EISDIR');
  });
});

/** What a writer and an administrator do to a log, and a reader that crashes. */
const operations = [
  'append',
  'append',
  'append half',
  'read',
  'rename',
  'rename and go on',
  'copy and truncate',
  'copy',
  'replace',
  'restart',
  'crash',
] as const;

describe('against an array', () => {
  test('every line once, in its order, however the log is rotated; after a crash what was not yet kept comes again', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...operations), { minLength: 1, maxLength: 40 }), (steps) => {
        rmSync(folder, { recursive: true });
        folder = mkdtempSync(join(tmpdir(), 'vonggac-log-tail-'));
        log = join(folder, 'clamav.log');
        tail = new LogTail(log);
        clock = 1_795_000_000;
        cursor = tail.read(undefined)?.cursor;
        const written: string[] = [];
        const kept: string[] = [];
        let rotations = 0;
        let half = '';
        /** Where the writer writes: a name that moves with the file. */
        let target = log;
        const write = (text: string) => change(target, () => appendFileSync(target, text));
        const rotated = () => {
          rotations += 1;
          return `${log}.${rotations}`;
        };
        for (const step of steps) {
          switch (step) {
            case 'append':
              write(`line ${written.length}\n`);
              written.push(`${half}line ${written.length}`);
              half = '';
              break;
            case 'append half':
              if (half === '') write('half ');
              if (half === '') half = 'half ';
              break;
            case 'read':
              kept.push(...readAll());
              break;
            case 'crash': {
              // Read, not kept: the cursor stays as well.
              const found = tail.read(cursor);
              tail = new LogTail(log);
              if (found) expect(tail.read(cursor)).toEqual(found);
              break;
            }
            case 'restart':
              tail = new LogTail(log);
              break;
            case 'rename':
            case 'rename and go on':
              // A program ends its line before it opens another file.
              if (target !== log || half !== '' || !existsSync(log)) break;
              target = rotated();
              renameSync(log, target);
              change(log, () => writeFileSync(log, ''));
              if (step === 'rename') target = log;
              break;
            case 'copy and truncate': {
              if (target !== log || half !== '' || !existsSync(log)) break;
              const copy = rotated();
              change(copy, () => copyFileSync(log, copy));
              change(log, () => truncateSync(log, 0));
              break;
            }
            case 'copy': {
              if (target !== log || !existsSync(log)) break;
              const copy = join(folder, `copy-${clock}`);
              change(copy, () => copyFileSync(log, copy));
              break;
            }
            case 'replace': {
              if (target !== log || !existsSync(log)) break;
              const copy = join(folder, `copy-${clock}`);
              copyFileSync(log, copy);
              renameSync(copy, log);
              change(log, () => undefined);
              break;
            }
          }
          // It opens the new file at its next line.
          if (target !== log && step === 'append') target = log;
        }
        if (half !== '') {
          write('end\n');
          written.push(`${half}end`);
        }
        kept.push(...readAll());
        expect(kept).toEqual(written);
      }),
      { numRuns: 300 },
    );
  });
});
