/** The test that other agents fail, with three seeds; `npm run chaos -- --peers` has twenty. */
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { Program, until } from '../harness/program.ts';

const timeoutMs = 10 * 60_000;
const peers = new Program([
  join(import.meta.dirname, '../chaos/chaos.ts'),
  ...['--peers', '--seeds', '3', '--seed', '1', '--json'],
]);

afterEach(async () => {
  await peers.stop();
});

test(
  'collector away for 36 s, agent killed meanwhile: only readings of the seconds in which it did not run are missing',
  async () => {
    peers.start();
    await until('the run to end', () => !peers.running, timeoutMs);
    expect(await peers.stop(), peers.output).toBe(0);
    const total = JSON.parse(peers.output.trim().split('\n').at(-1) ?? '') as object;
    expect(total).toMatchObject({ seeds: 3, unexplained: 0, lost: 0, duplicated: 0 });
    console.log(`peers: ${JSON.stringify(total)}`);
  },
  timeoutMs + 30_000,
);
