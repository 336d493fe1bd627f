import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ClockFile } from './clock-file.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vonggac-clock-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

function open(boot = 'b-1'): ClockFile {
  return new ClockFile(folder, boot);
}

test('is known again after a restart of the agent, not after one of the machine', () => {
  expect(open().read()).toBeUndefined();
  open().write(1_800_000_000_250);
  expect(open().read()).toBe(1_800_000_000_250);
  expect(open('b-2').read()).toBeUndefined();
});

test('is written when it has changed, not for each little difference', () => {
  const file = open();
  file.write(1_000_000);
  const written = readFileSync(join(folder, 'clock.json'), 'utf8');
  file.write(1_000_150);
  expect(readFileSync(join(folder, 'clock.json'), 'utf8')).toBe(written);
  file.write(1_000_400);
  expect(open().read()).toBe(1_000_400);
});

test.each(['', '{', '{"boot":"b-1"}', '{"boot":"b-1","aheadOfUptime":"soon"}', '[]'])(
  'damaged as %j it says nothing',
  (text) => {
    writeFileSync(join(folder, 'clock.json'), text);
    expect(open().read()).toBeUndefined();
  },
);

test('a machine that does not name its runs keeps nothing, and a folder that cannot be written harms nobody', () => {
  open('').write(5);
  new ClockFile(join(folder, 'none'), 'b-1').write(5);
  expect(open('b-1').read()).toBeUndefined();
});
