/** After the last fault: everything has to come through, and then the books are looked at. */
import { until } from '../harness/program.ts';
import { type Books, balance } from './books.ts';
import type { ChaosAgent } from './chaos-agent.ts';
import { readJournal } from './journal.ts';
import { channelName } from './numbered.ts';
import { readStored } from './read-store.ts';
import type { System } from './system.ts';

/** The longest wait of an agent for a sign of life, then of its backoff, and some for a busy machine. */
const settleMs = 300_000;

/** Waits until fresh values of every agent went through and its queue is empty; what was not to be waited for. */
export async function settle(
  system: System,
  { endedAt, signal }: { endedAt: number; signal: AbortSignal },
): Promise<string[]> {
  const waitFor = async (what: string, isGood: (agent: ChaosAgent) => boolean) => {
    const look = () => {
      signal.throwIfAborted();
      return system.agents.every(isGood);
    };
    return until(what, look, settleMs).then(
      () => [],
      () => system.agents.flatMap((agent, index) => (isGood(agent) ? [] : [`agent-${index}: ${what}: in vain`])),
    );
  };
  const isFresh = ({ status }: ChaosAgent) =>
    status?.uplink.state === 'open' && (status.uplink.lastAck ?? 0) > endedAt && status.time > endedAt;
  const stale = await waitFor('an ack after the faults', isFresh);
  for (const agent of system.agents) agent.signal('SIGUSR2');
  const quietAt = Date.now();
  const isEmpty = ({ status }: ChaosAgent) =>
    status !== undefined && status.time > quietAt + 1_000 && status.spool.records === 0;
  return [...stale, ...(await waitFor('an empty queue', isEmpty))];
}

/** Stops the collector and compares what every agent has collected with what the store holds. */
export async function readBooks(system: System, epoch: number): Promise<Map<string, Books>> {
  await system.collector.stop();
  const store = await system.openStore();
  const all = new Map<string, Books>();
  try {
    for (const [index, agent] of system.agents.entries()) {
      const channels = Array.from({ length: agent.channels }, (_, channel) => channelName(channel));
      const collected = {
        agent: agent.id,
        channels,
        journal: readJournal(agent.journal),
        kills: agent.restarts,
        epoch,
      };
      all.set(`agent-${index} (${agent.role})`, balance(collected, await readStored(store, agent.id)));
    }
  } finally {
    await store.stop();
  }
  return all;
}
