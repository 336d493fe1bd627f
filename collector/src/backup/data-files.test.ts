import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import { Collector } from '../collector.ts';
import { loadConfig } from '../config.ts';
import { databases, formatOf, neededFiles, unknownFiles } from './data-files.ts';

test('every file of a running collector is either backed up or left out on purpose', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'vonggac-files-'));
  const config = loadConfig({
    file: undefined,
    environment: {},
    flags: { data: folder, 'agents.port': 0, 'agents.host': '127.0.0.1', 'console.port': 0 },
  });
  const collector = new Collector(config, { logger: pino({ enabled: false }), now: Date.now });
  try {
    await collector.start();
    expect(unknownFiles(folder), 'name it in data-files.ts').toEqual([]);
  } finally {
    await collector.stop();
    rmSync(folder, { recursive: true });
  }
});

test('each file is named once, and the registry is read last', () => {
  const names = databases.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  expect(names.at(-1)).toBe('collector.db');
  for (const name of neededFiles) expect(formatOf(name)).toBeDefined();
});
