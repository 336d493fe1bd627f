import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { CommandError, type RunCommand } from '../../system/run-command.ts';
import { describePath, type Hop, parseTraceroute, tracePath } from './path.ts';

const folder = join(import.meta.dirname, '../../../../tests/fixtures/connectivity/traceroute');

function pathOf(name: string): string {
  return describePath(parseTraceroute(readFileSync(join(folder, `${name}.txt`), 'utf8'))).path;
}

test.each([
  ['linux-2.1-one-hop', '10.77.0.1 0.035'],
  ['linux-2.1', '10.77.0.1 0.038 > 10.78.0.2 0.051'],
  ['linux-2.1-no-answer', '*'],
  ['busybox-1.35', '10.77.0.1 0.005 > * > 10.78.0.2 0.005'],
  ['busybox-1.35-cut', '10.77.0.1 0.005 > * > * > * > 10.77.0.1 70.831'],
  ['windows-en', '10.77.0.1 1 > * > 10.99.0.1 12'],
  ['windows-vi', '10.77.0.1 1 > 10.77.0.1'],
])('%s', (name, path) => {
  expect(pathOf(name)).toBe(path);
});

test('silence at the end is said once', () => {
  const silent: Hop = { address: undefined, rttMs: undefined };
  const hops = [{ address: '10.0.0.1', rttMs: 1 }, silent, silent, silent];
  expect(describePath(hops).path).toBe('10.0.0.1 1 > *');
});

test('what is too long for one field goes on in the second, and is cut between hops after that', () => {
  const hops = Array.from({ length: 20 }, (_, n) => ({
    address: `2001:db8:1111:2222:3333:4444:5555:${n + 100}`,
    rttMs: 123.456,
  }));
  const { path, path_more } = describePath(hops);
  for (const part of [path, path_more ?? '']) {
    expect(part.length).toBeLessThanOrEqual(256);
    expect(part.split(' > ').every((hop) => / 123\.456$/.test(hop))).toBe(true);
  }
});

test('any text gives hops or none', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...' 0123456789.:*\nmsabc'), maxLength: 300 }), (text) => {
      expect(parseTraceroute(text).length).toBeLessThanOrEqual(99);
    }),
  );
});

describe('tracePath', () => {
  const { signal } = new AbortController();

  it('takes the first traceroute that is there', async () => {
    const runCommand: RunCommand = async (command) => {
      if (command === '/usr/bin/traceroute') throw new CommandError('no', { failure: 'not-found' });
      return { exitCode: 0, stdout: ' 1  10.0.0.1  1 ms\n', stderr: '' };
    };
    const hops = await tracePath('10.0.0.9', { platform: 'linux', runCommand, signal });
    expect(hops).toEqual([{ address: '10.0.0.1', rttMs: 1 }]);
  });

  it('says nothing where there is none, or none that works', async () => {
    for (const failure of ['not-found', 'timeout'] as const) {
      const runCommand: RunCommand = () => Promise.reject(new CommandError('no', { failure }));
      expect(await tracePath('10.0.0.9', { platform: 'linux', runCommand, signal })).toBeUndefined();
    }
  });
});
