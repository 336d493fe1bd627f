import { mkdtempSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ProcFile } from './proc-file.ts';

let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vonggac-proc-file-'));
  path = join(folder, 'stat');
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

describe('ProcFile', () => {
  it('reads what the file holds now, each time from its start', () => {
    writeFileSync(path, 'first');
    const file = new ProcFile(path);
    expect(file.read()).toBe('first');
    writeFileSync(path, 'and then');
    expect(file.read()).toBe('and then');
    writeFileSync(path, '2');
    expect(file.read()).toBe('2');
  });

  it('reads files longer than its buffer, and short ones after them', () => {
    const long = 'cpu đ\n'.repeat(20_000);
    writeFileSync(path, long);
    const file = new ProcFile(path);
    expect(file.read()).toBe(long);
    writeFileSync(path, 'short');
    expect(file.read()).toBe('short');
  });

  it('refuses a file that cannot be what was meant', () => {
    writeFileSync(path, '');
    truncateSync(path, 5 * 1024 * 1024);
    expect(() => new ProcFile(path).read()).toThrow('is larger than 4194304 bytes');
  });

  it('throws when there is no such file, and finds it once there is', () => {
    const file = new ProcFile(path);
    expect(() => file.read()).toThrow('ENOENT');
    writeFileSync(path, 'here');
    expect(file.read()).toBe('here');
  });

  it('opens the file anew after it failed', () => {
    writeFileSync(path, '');
    truncateSync(path, 5 * 1024 * 1024);
    const file = new ProcFile(path);
    expect(() => file.read()).toThrow();
    writeFileSync(join(folder, 'new'), 'replaced');
    renameSync(join(folder, 'new'), path);
    expect(file.read()).toBe('replaced');
  });

  it('reads the kernel', () => {
    const file = new ProcFile('/proc/uptime');
    expect(file.read()).toMatch(/^\d+\.\d\d \d+\.\d\d\n$/);
    expect(file.read()).toMatch(/^\d+\.\d\d \d+\.\d\d\n$/);
  });
});
