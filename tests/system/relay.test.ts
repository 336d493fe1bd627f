/** An agent that cannot reach the collector itself goes by the relay of a gateway, and directly again once that works. */
import { once } from 'node:events';
import { connect, createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { point } from '@vonggac/shared';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { AgentKeys } from '../../agent/src/agent-keys.ts';
import { Relay } from '../../agent/src/gateway/relay.ts';
import { RelayDoor } from '../../agent/src/gateway/relay-door.ts';
import { RelaySettings } from '../../agent/src/gateway/relay-settings.ts';
import { makeKey } from '../../agent/src/identity.ts';
import { createLogger } from '../../agent/src/log.ts';
import { Spool } from '../../agent/src/spool/spool.ts';
import { Backoff } from '../../agent/src/uplink/backoff.ts';
import { Uplink } from '../../agent/src/uplink/uplink.ts';
import { freePort } from '../harness/free-port.ts';
import { temporaryFolder, until } from '../harness/program.ts';
import { StubCollector } from '../harness/stub-collector.ts';
import { unlimited } from '../harness/unlimited.ts';

let folder: ReturnType<typeof temporaryFolder>;
let collector: StubCollector;
let spool: Spool;
let relay: Relay;
let uplink: Uplink;
let monotonicLead: number;
let directPort: number;
let direct: Server | undefined;

function startRelay(listen: string, addresses: readonly string[]): Relay {
  const settings = RelaySettings.parse({ listen });
  const door = new RelayDoor({ settings, interfaces: () => ({}), outlook: () => undefined, monotonic: () => 0 });
  const logger = createLogger({ write: () => undefined, pretty: false, level: 'error', now: Date.now });
  const started = new Relay({ settings, door, addresses, logger });
  started.start();
  return started;
}

function startUplink(identity: { addresses: string[]; pins: string[]; via?: string }, relays: string[]): Uplink {
  const logger = createLogger({ write: () => undefined, pretty: false, level: 'error', now: Date.now });
  const started = new Uplink({
    identity: { agent: 'a-1', unit: 'DV', class: 'pc', ...identity },
    relays: () => relays,
    keys: new AgentKeys(makeKey(), { folder: folder.path, logger }),
    spool,
    ...unlimited(),
    backoff: new Backoff(() => 0),
    logger,
    now: Date.now,
    monotonic: () => performance.now() + monotonicLead,
    machine: { hostname: 'h', platform: 'linux', version: '0', started: 1, booted: 1 },
    onConfig: () => undefined,
    onState: () => undefined,
  });
  started.start();
  return started;
}

/** The direct way, which is closed until then. */
async function openDirectWay(): Promise<void> {
  const to = Number(collector.address.split(':')[1]);
  direct = createServer((socket) => {
    const onward = connect(to, '127.0.0.1');
    for (const end of [socket, onward]) end.on('error', () => undefined);
    socket.pipe(onward).pipe(socket);
  }).listen(directPort, '127.0.0.1');
  await once(direct, 'listening');
}

beforeEach(async () => {
  folder = temporaryFolder();
  collector = new StubCollector();
  await collector.start(join(folder.path, 'collector'));
  monotonicLead = 0;
  directPort = await freePort();
  const logger = createLogger({ write: () => undefined, pretty: false, level: 'error', now: Date.now });
  spool = new Spool({ folder: folder.path, maxBytes: 1_000_000, maxAgeMs: 86_400_000, now: Date.now, logger });
  spool.start();
  relay = startRelay(`127.0.0.1:${await freePort()}`, [collector.address]);
  await until('the relay', () => relay.port);
});

afterEach(async () => {
  await uplink.stop('stop');
  await relay.stop();
  direct?.close();
  spool.stop();
  await collector.stop();
  folder.remove();
});

function measure(value: number): void {
  const points = [point('cpu', { time: Date.now(), tags: {}, fields: { usage_percent: value } })];
  spool.append('metrics', { points, offset: undefined });
  uplink.pump();
}

test('by a relay of the settings while the direct way is closed, and back to it after an hour', async () => {
  const identity = { addresses: [`127.0.0.1:${directPort}`], pins: [collector.pin] };
  uplink = startUplink(identity, [`127.0.0.1:${relay.port}`]);
  await until('a session', () => uplink.status().state === 'open');
  expect(uplink.status().way).toBe('relay');
  measure(1);
  await until('an ack', () => spool.status().records === 0);

  monotonicLead += 3_700_000;
  measure(2);
  await until('an ack', () => spool.status().records === 0);
  // The direct way is tried and does not work: the session goes on.
  await new Promise((resolve) => setTimeout(resolve, 6_000));
  expect([collector.connections, uplink.status().way]).toEqual([1, 'relay']);

  await openDirectWay();
  monotonicLead += 3_700_000;
  measure(3);
  await until('the direct way', () => uplink.status().way === 'direct' && uplink.status().state === 'open');
  expect(collector.received.find((message) => message.type === 'goodbye')).toEqual({
    type: 'goodbye',
    reason: 'restart',
  });
  measure(4);
  await until('an ack', () => spool.status().records === 0);
});

test('by the relay that a person named, and directly when that is gone', async () => {
  await openDirectWay();
  const via = `127.0.0.1:${relay.port}`;
  uplink = startUplink({ addresses: [`127.0.0.1:${directPort}`], pins: [collector.pin], via }, []);
  await until('a session', () => uplink.status().state === 'open');
  expect(uplink.status()).toMatchObject({ way: 'via', address: via });
  await relay.stop();
  await until('the direct way', () => uplink.status().way === 'direct' && uplink.status().state === 'open');
});

test('a relay to another collector is proven wrong, and passed by', async () => {
  const stranger = new StubCollector();
  await stranger.start(join(folder.path, 'stranger'));
  const wrong = startRelay(`127.0.0.1:${await freePort()}`, [stranger.address]);
  await until('the relay', () => wrong.port);
  await openDirectWay();
  const via = `127.0.0.1:${wrong.port}`;
  uplink = startUplink({ addresses: [`127.0.0.1:${directPort}`], pins: [collector.pin], via }, []);
  await until('a session', () => uplink.status().state === 'open');
  expect(uplink.status().way).toBe('direct');
  expect(stranger.received).toEqual([]);
  await wrong.stop();
  await stranger.stop();
});
