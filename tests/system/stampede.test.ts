/** Agents that all come back at once, with history or without. The figures at 10,000 come from `npm run bench:stampede`. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { temporaryFolder } from '../harness/program.ts';
import { Stampede } from '../harness/stampede/stampede.ts';

const agents = 300;

const folder = temporaryFolder();
// Each measures every ten seconds, so that they are as busy as two thousand PCs.
const stampede = new Stampede({ folder: folder.path, agents, everyMs: 10_000 });

beforeAll(async () => {
  await stampede.start();
}, 300_000);

afterAll(async () => {
  await stampede.stop();
  folder.remove();
});

test('all come back to a collector that was killed, spread over time, and none is called down', async () => {
  const back = await stampede.restart('SIGKILL');
  console.log(JSON.stringify(back));
  expect(back.called_down).toBe(0);
  expect(back.seconds_after_start).toBeLessThan(180);
}, 600_000);

test('and to one that was restarted', async () => {
  const back = await stampede.restart('SIGTERM');
  console.log(JSON.stringify(back));
  expect(back.called_down).toBe(0);
}, 600_000);

test('history drains while new readings are acknowledged all the time', async () => {
  const drained = await stampede.drain({ agents: 150, hours: 1 });
  console.log(JSON.stringify(drained));
  expect(drained.called_down).toBe(0);
  // 150 agents, 360 records of 8 points each; what was measured meanwhile comes on top.
  expect(drained.points).toBeGreaterThanOrEqual(150 * 360 * 8);
  expect(drained.live_ack_ms.count).toBeGreaterThan(30);
  expect(drained.live_ack_ms.p99).toBeLessThan(3_000);
}, 600_000);
