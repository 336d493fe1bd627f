/** The agent's uplink against a collector that behaves well, badly or not at all. */
import { join } from 'node:path';
import { type Config, closeCodes, point } from '@vonggac/shared';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { makeKey } from '../../agent/src/identity.ts';
import { createLogger } from '../../agent/src/log.ts';
import { Spool } from '../../agent/src/spool/spool.ts';
import { Backoff } from '../../agent/src/uplink/backoff.ts';
import { Uplink } from '../../agent/src/uplink/uplink.ts';
import { temporaryFolder, until } from '../harness/program.ts';
import { StubCollector, welcome, welcomeAndAck } from '../harness/stub-collector.ts';

let folder: ReturnType<typeof temporaryFolder>;
let collector: StubCollector;
let spool: Spool;
let uplink: Uplink;
let monotonicLead: number;
let log: string[];
let configs: Config[];

beforeEach(async () => {
  folder = temporaryFolder();
  collector = new StubCollector();
  await collector.start(join(folder.path, 'collector'));
  monotonicLead = 0;
  log = [];
  configs = [];
  const logger = createLogger({ write: (line) => log.push(line), pretty: false, level: 'debug', now: Date.now });
  spool = new Spool({ folder: folder.path, maxBytes: 1_000_000, maxAgeMs: 86_400_000, now: Date.now, logger });
  spool.start();
  uplink = new Uplink({
    identity: {
      agent: 'a-1',
      unit: 'DV',
      class: 'pc',
      addresses: [collector.address],
      pins: [collector.pin],
      privateKey: makeKey(),
    },
    spool,
    backoff: new Backoff(() => 0),
    logger,
    now: Date.now,
    monotonic: () => performance.now() + monotonicLead,
    machine: { hostname: 'h', platform: 'linux', version: '0', started: 1, booted: 1 },
    onConfig: (config) => configs.push(config),
    onState: () => undefined,
  });
});

afterEach(async () => {
  await uplink.stop('stop');
  spool.stop();
  await collector.stop();
  folder.remove();
});

function measure(value: number): void {
  const points = [point('cpu', { time: Date.now(), tags: {}, fields: { usage_percent: value } })];
  spool.append('metrics', { points, offset: undefined });
  uplink.pump();
}

const opened = () => until('an open session', () => uplink.status().state === 'open');

test('delivers, forgets what was acknowledged, and says goodbye', async () => {
  uplink.start();
  await opened();
  for (const value of [1, 2, 3]) measure(value);
  await until('empty spool', () => spool.status().records === 0);
  expect(collector.count('batch')).toBe(3);
  expect(uplink.status().sentBytes).toBeGreaterThan(500);
  await uplink.stop('stop');
  await until('the close', () => collector.closes.length > 0);
  expect(collector.received.at(-1)).toEqual({ type: 'goodbye', reason: 'stop' });
  expect(collector.closes).toEqual([closeCodes.normal.code]);
});

test('sends no more than the window allows without an ack', async () => {
  collector.answer = welcome;
  uplink.start();
  await opened();
  for (const value of [1, 2, 3, 4]) measure(value);
  await until('two batches', () => collector.count('batch') === 2);
  expect(spool.status().records).toBe(4);
});

test('an ack that says retry keeps the data; what is new goes on being sent', async () => {
  collector.answer = (message, send) => {
    welcome(message, send);
    if (message.type === 'batch') send({ type: 'ack', seq: message.seq, retry: 60_000 });
  };
  uplink.start();
  await opened();
  for (const value of [1, 2, 3]) measure(value);
  await until('three batches', () => collector.count('batch') === 3);
  expect(spool.status().records).toBe(3);
  collector.answer = welcomeAndAck;
  monotonicLead += 61_000;
  measure(4);
  await until('everything', () => spool.status().records === 0);
});

test('no ack for three minutes on a connection that is otherwise alive: connects anew and sends again', async () => {
  collector.answer = (message, send) => (collector.connections === 1 ? welcome : welcomeAndAck)(message, send);
  uplink.start();
  await opened();
  measure(1);
  await until('the batch', () => collector.count('batch') === 1);
  // Kept alive by pings meanwhile, as the check for a dead line would strike first otherwise.
  for (let minute = 0; minute < 4; minute += 1) {
    monotonicLead += 50_000;
    const pings = collector.count('ping');
    await until('a ping', () => collector.count('ping') > pings || collector.connections > 1);
  }
  await until('a second connection', () => collector.connections === 2);
  await until('empty spool', () => spool.status().records === 0);
});

test('a line that died without a word is noticed within a minute', async () => {
  collector.answer = (message, send) => {
    if (message.type === 'hello') welcome(message, send);
  };
  uplink.start();
  await opened();
  monotonicLead += 61_000;
  await until('a second connection', () => collector.connections === 2);
});

describe('a collector that is not what it should be', () => {
  test.each<[string, (send: (message: object | string | Buffer) => void) => void]>([
    ['an unknown message', (send) => send({ type: 'exec', command: 'id' })],
    ['no JSON', (send) => send('{')],
    ['a binary frame', (send) => send(Buffer.from('x'))],
    ['a second welcome', (send) => send({ type: 'welcome', session: 's', time: 1, window: 1 })],
    ['a second challenge', (send) => send({ type: 'challenge', nonce: 'eA', time: 1 })],
    ['a window without end', (send) => send({ type: 'welcome', session: 's', time: 1, window: 1e9 })],
  ])('that sends %s is left, and tried again', async (_, misbehave) => {
    let times = 0;
    collector.answer = (message, send) => {
      welcomeAndAck(message, send);
      if (message.type === 'ping' && times++ === 0) misbehave(send);
    };
    uplink.start();
    await until('a second connection', () => collector.connections === 2);
    expect(log.some((line) => line.includes('cannot use a message'))).toBe(true);
    await opened();
  });

  test('acks for what was never sent change nothing', async () => {
    collector.answer = (message, send) => {
      welcome(message, send);
      if (message.type === 'batch') for (const seq of [0, 999, message.seq + 1]) send({ type: 'ack', seq });
    };
    uplink.start();
    await opened();
    measure(1);
    await until('the batch', () => collector.count('batch') === 1);
    expect(spool.status().records).toBe(1);
  });

  test('with another authority hears nothing from the agent', async () => {
    const stranger = new StubCollector();
    await stranger.start(join(folder.path, 'stranger'));
    await uplink.stop('stop');
    const misled = new Uplink({
      identity: {
        agent: 'a-1',
        unit: 'DV',
        class: 'pc',
        addresses: [stranger.address],
        pins: [collector.pin],
        privateKey: makeKey(),
      },
      spool,
      backoff: new Backoff(() => 0),
      logger: createLogger({ write: (line) => log.push(line), pretty: false, level: 'debug', now: Date.now }),
      now: Date.now,
      monotonic: () => performance.now(),
      machine: { hostname: 'h', platform: 'linux', version: '0', started: 1, booted: 1 },
      onConfig: () => undefined,
      onState: () => undefined,
    });
    misled.start();
    await until('the refusal', () => misled.status().problem?.includes('authority'));
    await misled.stop('stop');
    expect(stranger.connections).toBe(0);
    await stranger.stop();
  });
});

test('pushed settings reach the agent', async () => {
  const config: Config = { type: 'config', revision: 1, schedules: { cpu: '*/30 * * * * *' } };
  collector.answer = (message, send) => {
    welcomeAndAck(message, send);
    if (message.type === 'hello') send(config);
  };
  uplink.start();
  await until('the settings', () => configs.length > 0);
  expect(configs).toEqual([config]);
});
