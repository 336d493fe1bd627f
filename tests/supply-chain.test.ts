/** What comes from others: few, recent enough, without code that runs at installation; and one door to other programs. */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

interface LockedPackage {
  readonly version?: string;
  readonly dev?: boolean;
  readonly link?: boolean;
  readonly hasInstallScript?: boolean;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly license?: string;
}

const root = join(import.meta.dirname, '..');
const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
  packages: Readonly<Record<string, LockedPackage>>;
};

function versionOf(name: string): number[] {
  const version = lock.packages[`node_modules/${name}`]?.version ?? '0.0.0';
  return version.split('.').map(Number);
}

/** Whether `have` is at least `wanted`. */
function atLeast(have: readonly number[], wanted: readonly number[]): boolean {
  for (const [index, part] of wanted.entries()) {
    const own = have[index] ?? 0;
    if (own !== part) return own > part;
  }
  return true;
}

test.each([
  // Fragments without end: CVE-2026-62389.
  ['ws', [8, 21, 1]],
  // Command injection from /etc/network/interfaces: CVE-2026-50289.
  ['systeminformation', [5, 31, 7]],
] as const)('%s is at least %j', (name, wanted) => {
  expect(atLeast(versionOf(name), wanted)).toBe(true);
});

test('only the package that brings Node runs a script when it is installed', () => {
  const scripted = Object.entries(lock.packages).filter(([, found]) => found.hasInstallScript === true);
  expect(scripted.map(([path]) => path)).toEqual(['node_modules/node']);
});

test('the lock file names no server', () => {
  expect(readFileSync(join(root, 'package-lock.json'), 'utf8')).not.toMatch(/"resolved": "http/);
});

test('the agent needs few packages of others', () => {
  const { dependencies = {} } = lock.packages.agent ?? {};
  const names = Object.keys(dependencies).filter((name) => !name.startsWith('@vonggac/'));
  expect(names.sort()).toEqual(['node-cron', 'systeminformation', 'ws', 'yaml', 'zod']);
  for (const name of names) expect(Object.keys(lock.packages[`node_modules/${name}`]?.dependencies ?? {})).toEqual([]);
});

describe('programs are started in one place', () => {
  const sources = globSync('agent/src/**/*.ts', { cwd: root }).filter((file) => !file.endsWith('.test.ts'));
  const read = (file: string) => readFileSync(join(root, file), 'utf8');

  test('of the agent, with fixed paths and without a shell', () => {
    const doors = sources.filter((file) =>
      /child_process|worker_threads|node:cluster|process\.binding|dlopen/.test(read(file)),
    );
    expect(doors).toEqual(['agent/src/system/run-command.ts']);
    expect(read('agent/src/system/run-command.ts')).not.toMatch(/shell: true|exec\(/);
  });

  test('and no text becomes code', () => {
    for (const file of sources)
      expect(read(file), file).not.toMatch(/\beval\(|new Function\(|node:vm|runInThisContext/);
  });
});
