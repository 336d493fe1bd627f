import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { protectionParsers } from './protection-readers.ts';

const probes = new URL('../../agent/src/probes/', import.meta.url);
const folders = ['antivirus', 'posture'] as const;
const files = folders.flatMap((folder) =>
  readdirSync(new URL(`${folder}/`, probes))
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
    .map((name) => `${folder}/${name}`),
);

/** They ask, put together and remember; what they read goes through the parsers, or is a file of the kernel's or our own. */
const withoutParsers: readonly string[] = [
  ...['antivirus', 'clamav', 'clamav-detections', 'command-reader-linux', 'cursor-file', 'defender-events-windows'],
  ...['event-channel-windows', 'found-windows', 'generic-linux', 'generic-windows', 'log-tail', 'malware'],
  ...['product-status', 'protection', 'read-failure', 'readers-linux', 'readers-windows', 'recent-events'],
].map((name) => `antivirus/${name}.ts`);
const partsOfPosture: readonly string[] = [
  ...['encryption-linux', 'exposure-linux', 'firewall-linux', 'first-seen', 'linux', 'posture', 'reboot-linux'],
  ...['support-linux', 'updates-linux', 'windows'],
].map((name) => `posture/${name}.ts`);

test('every file that parses what protection products and settings say is fuzzed', () => {
  const fuzzed = new Set(protectionParsers.map(({ file }) => file));
  expect([...fuzzed, ...withoutParsers, ...partsOfPosture].sort()).toEqual(files.sort());
});

test('no file with a parser is said to have none', () => {
  const hidden = [...withoutParsers, ...partsOfPosture].filter((file) =>
    /^export function (?:parse|count|decode)\w*\(/m.test(readFileSync(new URL(file, probes), 'utf8')),
  );
  expect(hidden).toEqual([]);
});
