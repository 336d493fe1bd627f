/** The fuzzer for a bounded time, as `npm run fuzz` runs it. */
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Program, until } from '../harness/program.ts';

test('thirty seconds of spoilt bytes find nothing', async () => {
  const fuzz = new Program([join(import.meta.dirname, '../fuzz/fuzz.ts'), '--seconds', '30']);
  fuzz.start();
  await until('the fuzzer to end', () => !fuzz.running, 90_000);
  expect(await fuzz.stop(), fuzz.output).toBe(0);
  expect(fuzz.output).toMatch(/seed \w+/);
});
