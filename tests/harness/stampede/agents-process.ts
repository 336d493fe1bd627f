/**
 * Many agents in one process: each with the agent's own uplink, delivery and backoff, its own key and its own TLS
 * connection; only what it measures is made up and its queue is in memory.
 */
import { createPrivateKey } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import { AgentKeys } from '../../../agent/src/agent-keys.ts';
import type { Logger } from '../../../agent/src/log.ts';
import { Backoff } from '../../../agent/src/uplink/backoff.ts';
import { LineMeter } from '../../../agent/src/uplink/line-meter.ts';
import { TokenBucket } from '../../../agent/src/uplink/token-bucket.ts';
import { Uplink } from '../../../agent/src/uplink/uplink.ts';
import { MemorySpool } from './memory-spool.ts';
import { readingsOf } from './readings.ts';

export interface SimulatedIdentity {
  readonly agent: string;
  readonly unit: string;
  /** PKCS8, PEM. */
  readonly key: string;
}

export type AgentsOrder =
  | {
      readonly order: 'start';
      readonly identities: readonly SimulatedIdentity[];
      readonly address: string;
      readonly pin: string;
      readonly everyMs: number;
    }
  /** The first `agents` of this process find history in their queues: a record each `everyMs` of so many hours. */
  | { readonly order: 'remember'; readonly agents: number; readonly hours: number }
  | { readonly order: 'stop' };

/** Since the report before. */
export interface AgentsReport {
  readonly open: number;
  /** Sessions opened, by when; milliseconds since 1970. */
  readonly opened: readonly number[];
  /** Attempts that came to nothing. */
  readonly failed: number;
  /** Records that wait or are on their way. */
  readonly waiting: number;
  /** Agents with history. */
  readonly behind: number;
  /** Milliseconds from the sending of a reading to its ack. */
  readonly liveAcks: readonly number[];
}

const reportEveryMs = 250;
const measureEveryMs = 100;
/** What an agent's line gives to history, as by default. */
const historyBytesPerSecond = 8_000;
/** A queue this long is history, not what has gathered since the last ack. */
const behindRecords = 10;

interface SimulatedAgent {
  readonly number: number;
  readonly uplink: Uplink;
  readonly spool: MemorySpool;
  state: string;
  nextAt: number;
}

const silent: Logger = { debug() {}, info() {}, warn() {}, error() {} };
const agents: SimulatedAgent[] = [];
let everyMs = 60_000;
let opened: number[] = [];
let failed = 0;
let liveAcks: number[] = [];

function monotonic(): number {
  return performance.now();
}

function addAgent({ agent, unit, key }: SimulatedIdentity, to: { address: string; pin: string }): void {
  const spool = new MemorySpool((ms) => liveAcks.push(ms));
  const started = Date.now();
  const uplink = new Uplink({
    identity: { agent, unit, class: 'pc', addresses: [to.address], pins: [to.pin] },
    keys: new AgentKeys(createPrivateKey(key), { folder: '/nowhere', logger: silent }),
    spool,
    meter: new LineMeter(),
    pace: () => ({ state: 'normal', everyMs: 0, history: true }),
    historyShare: new TokenBucket({ bytesPerSecond: () => historyBytesPerSecond, monotonic }),
    backoff: new Backoff(Math.random),
    logger: silent,
    now: Date.now,
    monotonic,
    machine: { hostname: agent, platform: 'linux', version: 'simulated', started, booted: started },
    onConfig: () => undefined,
    onState: () => stateChanged(simulated),
  });
  const nextAt = monotonic() + Math.random() * everyMs;
  const simulated = { number: agents.length, uplink, spool, state: 'stopped', nextAt };
  agents.push(simulated);
}

function stateChanged(agent: SimulatedAgent): void {
  const { state } = agent.uplink.status();
  if (state === 'open') opened.push(Date.now());
  if (state === 'waiting' && agent.state !== 'open') failed += 1;
  agent.state = state;
}

function measure(): void {
  const now = monotonic();
  for (const agent of agents) {
    if (agent.nextAt > now) continue;
    agent.nextAt += everyMs;
    agent.spool.append(readingsOf(agent.number, Date.now()));
    agent.uplink.pump();
  }
}

function remember(agent: SimulatedAgent, hours: number): void {
  const to = Date.now();
  const records = Math.floor((hours * 3_600_000) / everyMs);
  const pointsOf = (index: number) => readingsOf(agent.number, to - (records - index) * everyMs);
  agent.spool.remember({ records, pointsOf });
}

function report(): void {
  const message: AgentsReport = {
    open: agents.filter(({ state }) => state === 'open').length,
    opened,
    failed,
    waiting: agents.reduce((sum, { spool }) => sum + spool.size, 0),
    behind: agents.filter(({ spool }) => spool.size > behindRecords).length,
    liveAcks,
  };
  opened = [];
  failed = 0;
  liveAcks = [];
  process.send?.(message);
}

process.on('message', (order: AgentsOrder) => {
  if (order.order === 'stop') process.exit(0);
  if (order.order === 'remember') {
    for (const agent of agents.slice(0, order.agents)) remember(agent, order.hours);
    return;
  }
  everyMs = order.everyMs;
  for (const identity of order.identities) addAgent(identity, order);
  // As after a power cut of the whole province: all at once.
  for (const { uplink } of agents) uplink.start();
  setInterval(measure, measureEveryMs);
  setInterval(report, reportEveryMs);
});
process.on('disconnect', () => process.exit(0));
