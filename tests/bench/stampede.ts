/**
 * What a province of agents does to a collector that comes back:
 * `npm run bench:stampede -- [--agents 10000] [--backlog-hours 2] [--backlog-agents 1000] [--every 60] [--json]`.
 *
 * All agents connect at once, the collector is killed and started, told to stop and started, and in the end a part of the
 * agents find hours of history in their queues at the same moment. Agents are the real uplink with a real key over real
 * TLS, in processes of 2,500 on this very machine: what they cost is in the figures.
 */
import { parseArgs } from 'node:util';
import { temporaryFolder } from '../harness/program.ts';
import { Stampede } from '../harness/stampede/stampede.ts';

const goals = {
  seconds: 60,
  live_ack_p99_ms: 1_000,
  called_down: 0,
} as const;

const { values: flags } = parseArgs({
  options: {
    agents: { type: 'string', default: '10000' },
    'backlog-hours': { type: 'string', default: '2' },
    'backlog-agents': { type: 'string', default: '1000' },
    every: { type: 'string', default: '60' },
    json: { type: 'boolean', default: false },
  },
});

const folder = temporaryFolder();
const agents = Number(flags.agents);
const stampede = new Stampede({
  folder: folder.path,
  agents,
  everyMs: 1_000 * Number(flags.every),
  ...(!flags.json && { progress: (text) => console.error(text) }),
});
try {
  const first = await stampede.start();
  await stampede.settle();
  const killed = await stampede.restart('SIGKILL');
  await stampede.settle();
  const restarted = await stampede.restart('SIGTERM');
  const figures = {
    agents,
    first,
    killed,
    restarted,
    backlog: await stampede.drain({
      agents: Math.min(agents, Number(flags['backlog-agents'])),
      hours: Number(flags['backlog-hours']),
    }),
    goals,
  };
  console.log(flags.json ? JSON.stringify(figures) : JSON.stringify(figures, undefined, 2));
} finally {
  await stampede.stop();
  folder.remove();
}
