/** The agent's uplink against a collector that behaves well, badly or not at all. */
import { createPrivateKey, randomInt } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Config, closeCodes, limits, point, type Rekey } from '@vonggac/shared';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { AgentKeys } from '../../agent/src/agent-keys.ts';
import { makeKey, publicKeyText } from '../../agent/src/identity.ts';
import { createLogger, type Logger } from '../../agent/src/log.ts';
import { Spool } from '../../agent/src/spool/spool.ts';
import { Backoff } from '../../agent/src/uplink/backoff.ts';
import { Uplink } from '../../agent/src/uplink/uplink.ts';
import { temporaryFolder, until } from '../harness/program.ts';
import { StubCollector, welcome, welcomeAndAck } from '../harness/stub-collector.ts';
import { unlimited } from '../harness/unlimited.ts';

let folder: ReturnType<typeof temporaryFolder>;
let collector: StubCollector;
let spool: Spool;
let uplink: Uplink;
let agentKeys: AgentKeys;
let monotonicLead: number;
let log: string[];
let logger: Logger;
let configs: Config[];

beforeEach(async () => {
  folder = temporaryFolder();
  collector = new StubCollector();
  await collector.start(join(folder.path, 'collector'));
  monotonicLead = 0;
  log = [];
  configs = [];
  logger = createLogger({ write: (line) => log.push(line), pretty: false, level: 'debug', now: Date.now });
  spool = new Spool({ folder: folder.path, maxBytes: 1_000_000, maxAgeMs: 86_400_000, now: Date.now, logger });
  spool.start();
  agentKeys = new AgentKeys(makeKey(), { folder: folder.path, logger });
  uplink = new Uplink({
    identity: {
      agent: 'a-1',
      unit: 'DV',
      class: 'pc',
      addresses: [collector.address],
      pins: [collector.pin],
    },
    keys: agentKeys,
    spool,
    ...unlimited(),
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
    const { beats } = collector;
    await until('a sign of life', () => collector.beats > beats || collector.connections > 1);
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
      },
      keys: new AgentKeys(makeKey(), { folder: folder.path, logger }),
      spool,
      ...unlimited(),
      backoff: new Backoff(() => 0),
      logger,
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

function randomText(length: number): string {
  return String.fromCharCode(...Array.from({ length }, () => randomInt(0x4e00, 0x9fff)));
}

test('no frame is larger than the collector takes, however much waits in the spool', async () => {
  const points = Array.from({ length: 3_000 }, (_, i) =>
    point('filesystem', {
      time: Date.now() - i * 1_000,
      // So random that deflating alone does not make it fit.
      tags: { mount: randomText(240), type: 'ext4' },
      fields: { used_percent: i % 100 },
    }),
  );
  const tooLong = point('filesystem', {
    time: Date.now(),
    tags: { mount: 'x'.repeat(300), type: 'x' },
    fields: points[0]?.fields ?? {},
  });
  spool.append('metrics', { points: [...points, tooLong], offset: undefined });
  uplink.start();
  await until('empty spool', () => spool.status().records === 0);
  const batches = collector.received.filter((message) => message.type === 'batch');
  expect(batches.length).toBeGreaterThan(3);
  expect(Math.max(...collector.frameBytes)).toBeLessThanOrEqual(limits.frame);
  const series = batches.flatMap(({ data }) => data.filter(([measurement]) => measurement === 3));
  expect(new Set(series.map(([, , tags]) => tags[0])).size).toBe(3_000);
  const gaps = batches.flatMap(({ data }) => data.filter(([measurement]) => measurement === 9));
  expect(gaps).toMatchObject([[9, 3, ['unsendable', 'metrics'], [expect.any(Number)], expect.arrayContaining([1])]]);
  expect(spool.status().lostPoints).toBe(1);
});

describe('a new key', () => {
  let keys: string[];

  /** A collector that asks for a new key, and says `answer` to it. */
  function askFor(answer: (rekey: Rekey, send: (message: object) => void) => void): void {
    keys = [];
    collector.answer = (message, send) => {
      welcomeAndAck(message, send);
      if (message.type === 'hello') send({ type: 'config', revision: 1, schedules: {}, rotateKey: true });
      if (message.type !== 'rekey') return;
      keys.push(message.publicKey);
      answer(message, send);
    };
  }

  const onDisk = (name: string) => createPrivateKey(readFileSync(join(folder.path, name)));

  test('is made, sent, put in its place, and the collector is told', async () => {
    askFor((rekey, send) => send({ type: 'rekeyed', publicKey: rekey.publicKey }));
    uplink.start();
    await until('the last word', () => collector.count('rekeyed') === 1);
    expect(publicKeyText(onDisk('agent-key.pem'))).toBe(keys[0]);
    expect(existsSync(join(folder.path, 'agent-key-next.pem'))).toBe(false);
    expect(configs).toEqual([{ type: 'config', revision: 1, schedules: {} }]);
    expect(uplink.status().state).toBe('open');
  });

  test('whose answer got lost is sent again, the same', async () => {
    askFor((rekey, send) => {
      if (collector.connections === 1) return collector.cut();
      send({ type: 'rekeyed', publicKey: rekey.publicKey });
    });
    uplink.start();
    await until('the last word', () => collector.count('rekeyed') === 1);
    expect(keys).toEqual([keys[0], keys[0]]);
    expect(publicKeyText(onDisk('agent-key.pem'))).toBe(keys[0]);
  });

  test('that the agent never made is not taken', async () => {
    const stranger = publicKeyText(makeKey());
    askFor((_, send) => send({ type: 'rekeyed', publicKey: stranger }));
    uplink.start();
    await until('a second connection', () => collector.connections === 2);
    expect(existsSync(join(folder.path, 'agent-key.pem'))).toBe(false);
  });

  test('is tried when the collector refuses the old one', async () => {
    collector.answer = (message, send) => {
      if (collector.connections === 1) return collector.cut(closeCodes.badSignature.code);
      welcomeAndAck(message, send);
    };
    const next = agentKeys.prepare();
    uplink.start();
    await opened();
    expect(collector.connections).toBe(2);
    expect(next && publicKeyText(next)).toBe(publicKeyText(onDisk('agent-key.pem')));
  });
});

test('a clock that was set is measured anew within seconds, though nothing else is to be said', async () => {
  uplink.start();
  await until('the first ping', () => collector.count('ping') === 1);
  // Less than what makes an idle agent speak.
  monotonicLead += 3_000;
  await until('another ping', () => collector.count('ping') === 2, 30_000);
});
