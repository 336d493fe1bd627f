/** A machine whose battery is dead starts in another year, and is told the time before it can reach the collector. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { monotonicMs } from '../../agent/src/system/monotonic.ts';
import { readJournal } from '../chaos/journal.ts';
import { readBooks, settle } from '../chaos/settle.ts';
import { System } from '../chaos/system.ts';
import { noOddClock } from '../harness/odd-clock.ts';
import { temporaryFolder, until } from '../harness/program.ts';

const tenYears = 315_360_000;
const missing = noOddClock();
if (missing !== undefined) console.warn(`the test of wrong clocks is left out: ${missing}`);

const folder = temporaryFolder();
const system = new System({ folder: folder.path, seed: '1', roles: ['odd-clock'], influxd: undefined });

afterEach(async () => {
  await system.remove();
  folder.remove();
});

test.skipIf(missing !== undefined)('what it measured before is stored at the time at which it was', async () => {
  const epoch = Date.now() - monotonicMs();
  const [agent] = system.agents;
  if (!agent) throw new Error('there is no agent');
  const measures = async (ticks: number) => {
    const before = readJournal(agent.journal).length;
    await until('readings', () => readJournal(agent.journal).length >= before + 2 * ticks, 30_000);
  };
  await system.start();
  await system.collector.stop();
  await agent.stop('SIGKILL');
  // The machine has restarted: what was known of its clock is worth nothing.
  rmSync(join(agent.folder, 'clock.json'));
  agent.clock?.set(-tenYears);
  agent.start();
  await measures(4);
  agent.clock?.set(0);
  await measures(4);
  await system.collector.start();

  const signal = new AbortController().signal;
  expect(await settle(system, { endedAt: Date.now(), signal })).toEqual([]);
  const [books] = (await readBooks(system, epoch)).values();
  expect(books).toMatchObject({ lost: 0, gaps: 0, duplicated: 0, altered: 0, misplaced: 0 });
  const offTime = readJournal(agent.journal).filter(
    (entry) => entry.kind === 'begun' && Math.abs(entry.time - epoch - entry.monotonic) > 1_000 * (tenYears / 2),
  );
  expect(offTime.length).toBeGreaterThan(2);
});
