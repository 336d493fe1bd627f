/**
 * The agent with one probe: the numbered one. Everything else is the program as it is installed, composed as
 * `vonggac-agent run` does it.
 *
 *   node agent-process.ts --data FOLDER --address HOST:PORT --journal FILE --channels N --spool-bytes N
 *
 * SIGUSR2: measure no more, go on delivering. SIGTERM: stop, with a goodbye.
 */
import { flushCompileCache } from 'node:module';
import { parseArgs } from 'node:util';
import { Agent } from '../../agent/src/agent.ts';
import { loadAgentConfig } from '../../agent/src/config.ts';
import { loadIdentity } from '../../agent/src/identity.ts';
import { createLogger } from '../../agent/src/log.ts';
import type { Probe } from '../../agent/src/probes/probe.ts';
import type { ProbesOptions } from '../../agent/src/probes/registry.ts';
import { monotonicMs } from '../../agent/src/system/monotonic.ts';
import { Journal, readJournal } from './journal.ts';
import { eventsOf, readingsOf } from './numbered.ts';

const { values } = parseArgs({
  options: {
    data: { type: 'string', default: '' },
    address: { type: 'string', default: '' },
    journal: { type: 'string', default: '' },
    channels: { type: 'string', default: '' },
    'spool-bytes': { type: 'string', default: '' },
  },
});
const identity = loadIdentity(values.data);
if (!identity) throw new Error(`no identity in ${values.data}`);
const file = { folder: values.data, file: undefined, address: values.address, logLevel: undefined };
const config = { ...(await loadAgentConfig(file)), spoolBytes: Number(values['spool-bytes']) };
const journal = new Journal(values.journal);
let nextSeq = readJournal(values.journal).reduce((most, { seq }) => Math.max(most, seq), 0) + 1;
let isQuiet = false;

function numberedProbe({ status, protection }: ProbesOptions): Probe {
  return {
    name: 'numbered',
    cadence: '* * * * * *',
    // As what measures a machine does.
    atStart: true,
    timeoutMs: 5_000,
    collect({ time }) {
      if (isQuiet) return Promise.resolve({ status: 'not-here', reason: 'the run is over' });
      const tick = { agent: identity?.agent ?? '', seq: nextSeq, time };
      nextSeq += 1;
      journal.write({ kind: 'begun', seq: tick.seq, time, monotonic: monotonicMs() });
      const events = eventsOf(tick);
      if (events.length > 0) protection.onDetections(events);
      // No other probe runs, so from here to the spool there are only microtasks.
      setImmediate(() => {
        const { spool, runsMissed: missed } = status();
        const { state: spoolState, lostPoints } = spool;
        journal.write({ kind: 'kept', seq: tick.seq, spoolState, lostPoints, missed });
      });
      return Promise.resolve({ status: 'measured', points: readingsOf(tick, Number(values.channels)) });
    },
  };
}

const agent = new Agent({
  config,
  identity,
  logger: createLogger({
    write: (line) => void process.stderr.write(line),
    pretty: false,
    level: config.log_level,
    now: Date.now,
  }),
  now: Date.now,
  monotonic: monotonicMs,
  random: Math.random,
  inventoryProgram: { command: process.execPath, args: [] },
  createProbes: (options) => [numberedProbe(options)],
});

process.on('SIGUSR2', () => {
  isQuiet = true;
});
const stopSignal = new Promise<void>((resolve) => process.once('SIGTERM', () => resolve()));
agent.start();
// For the next start; a process that is killed would not leave it behind.
flushCompileCache();
await stopSignal;
await agent.stop('stop');
journal.close();
