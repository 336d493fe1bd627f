/** A thousand of the spools that `npm run fuzz:spools` damages. */
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Program, until } from '../harness/program.ts';

/** `VONGGAC_TEST_SEED` takes other ones; so does `npm run fuzz:spools`. */
const seed = process.env.VONGGAC_TEST_SEED ?? 'ci-1';

test('a thousand damaged spools start at once and count exactly what they lost', { timeout: 400_000 }, async () => {
  const spools = new Program([join(import.meta.dirname, '../fuzz/spools.ts'), '--seed', seed]);
  spools.start();
  await until('the spools', () => !spools.running, 300_000);
  const code = await spools.stop();
  expect(code, spools.output).toBe(0);
  const summary = spools.output.trim().split('\n').at(-1) ?? '';
  process.stdout.write(`damaged spools: ${summary}\n`);
  expect(summary).toMatch(/^1000 spools, 0 failed/);
});
