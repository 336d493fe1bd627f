import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { EventEmitter } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import type { TLSSocket } from 'node:tls';
import { type CollectorMessage, closeName, helloTranscript, rekeyTranscript } from '@vonggac/shared';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { WebSocket } from 'ws';
import type { Ingest } from '../ingest/ingest.ts';
import { LiveState } from '../live/live-state.ts';
import { createMetrics } from '../metrics.ts';
import { type AgentRecord, Agents } from '../registry/agents.ts';
import type { AuditEvent } from '../registry/audit-entry.ts';
import { openRegistry } from '../registry/database.ts';
import { Units } from '../registry/units.ts';
import { AgentMeter } from './agent-meter.ts';
import { KeyRotation } from './key-rotation.ts';
import { GatewayLimits } from './limits.ts';
import { Session } from './session.ts';

const exporter = Buffer.alloc(32, 7);
const keyDays = 365;
const day = 86_400_000;

class FakeSocket extends EventEmitter {
  readonly OPEN = 1;
  readyState = 1;
  bufferedAmount = 0;
  readonly sent: CollectorMessage[] = [];
  closedAs: string | undefined;

  send(text: string): void {
    this.sent.push(JSON.parse(text) as CollectorMessage);
  }

  close(code: number): void {
    this.readyState = 2;
    this.closedAs = closeName(code);
  }

  terminate(): void {
    this.readyState = 3;
  }

  ping(question: Buffer): void {
    this.emit('asked', question);
  }
}

class FakeTls extends EventEmitter {
  readonly remoteAddress = '10.0.0.9';
  exportKeyingMaterial(): Buffer {
    return exporter;
  }
}

let folder: string;
let database: DatabaseSync;
let agents: Agents;
let live: LiveState;
let audited: Omit<AuditEvent, 'at'>[];
let rotation: KeyRotation;
let key: KeyObject;
let agent: AgentRecord;

beforeEach(() => {
  vi.useFakeTimers({ now: Date.UTC(2026, 6, 1) });
  folder = mkdtempSync(join(tmpdir(), 'vonggac-session-'));
  database = openRegistry(folder);
  new Units(database).ensure({ code: 'DV', name: 'Đơn vị', parent: undefined }, Date.now());
  agents = new Agents(database);
  live = new LiveState(() => Date.now());
  audited = [];
  const audit = { append: ({ at: _, ...event }: AuditEvent) => void audited.push(event) as never };
  rotation = new KeyRotation({ agents, audit, keyDays, now: () => Date.now() });
  key = newKey();
  const machine = { hostname: 'h', unit: 'DV', class: 'pc', platform: 'linux', version: '1', codeId: 'c' } as const;
  agent = agents.add({ ...machine, publicKey: publicOf(key), enrolledAt: Date.now() });
  live.put(agent);
});

afterEach(() => {
  vi.useRealTimers();
  database.close();
  rmSync(folder, { recursive: true });
});

function newKey(): KeyObject {
  return generateKeyPairSync('ed25519').privateKey;
}

function publicOf(privateKey: KeyObject): string {
  return String(privateKey.export({ format: 'jwk' }).x);
}

/** The agent's end of a connection. */
class Peer {
  readonly socket = new FakeSocket();
  readonly tls = new FakeTls();
  readonly #nonce: string;

  constructor() {
    const limits = GatewayLimits.parse({});
    const monotonic = () => Date.now();
    const session = new Session(
      { socket: this.socket as unknown as WebSocket, tls: this.tls as unknown as TLSSocket },
      {
        agents,
        ingest: { write: async () => ({ status: 'stored' }) } as unknown as Ingest,
        live,
        clocks: { take: () => undefined },
        history: { charge: () => 0 },
        metrics: createMetrics(),
        logger: pino({ level: 'silent' }),
        now: () => Date.now(),
        monotonic,
        limits,
        meterOf: () => new AgentMeter(limits, monotonic),
        keys: rotation,
        config: (of) => ({
          type: 'config',
          revision: 0,
          schedules: {},
          ...(rotation.isDue(of) && { rotateKey: true }),
        }),
        arrived: (arrived) => arrived.open(),
        opened: () => undefined,
        closed: (closed, how) => closed.agentId !== undefined && live.disconnected(closed.agentId, how),
      },
    );
    session.start();
    const challenge = this.last('challenge');
    this.#nonce = String(challenge?.nonce);
  }

  last(type: string): Record<string, unknown> | undefined {
    return this.socket.sent.findLast((message) => message.type === type);
  }

  say(message: object): void {
    const bytes = Buffer.from(JSON.stringify(message));
    this.tls.emit('data', bytes);
    this.socket.emit('message', bytes, false);
  }

  hello(signer: KeyObject, more: object = {}): this {
    const parts = { agent: agent.id, nonce: this.#nonce, exporter: exporter.toString('base64url') };
    const signature = sign(null, helloTranscript(parts), signer).toString('base64url');
    const now = Date.now();
    const said = { epoch: 'e', version: '1', hostname: 'h', platform: 'linux', time: now, started: now, booted: now };
    this.say({ type: 'hello', agent: agent.id, ...said, ...more, signature });
    return this;
  }

  rekey(next: KeyObject, signer = next): void {
    const publicKey = publicOf(next);
    const parts = { agent: agent.id, nonce: this.#nonce, exporter: exporter.toString('base64url'), publicKey };
    const signature = sign(null, rekeyTranscript(parts), signer).toString('base64url');
    this.say({ type: 'rekey', publicKey, signature });
  }

  /** How the collector took the hello of this key. */
  static entry(signer: KeyObject): string {
    const { socket } = new Peer().hello(signer);
    return socket.closedAs ?? 'welcome';
  }
}

describe('an authenticated agent that falls silent', () => {
  test('is closed after two and a half heartbeats and called down exactly once', () => {
    const states: string[] = [];
    live.subscribe((change) => change.kind === 'state' && states.push(change.agent.state));
    const { socket } = new Peer().hello(key);
    for (let second = 0; second < 600; second += 1) {
      vi.advanceTimersByTime(1_000);
      live.tick();
      if (second === 23) expect(socket.closedAs).toBeUndefined();
      if (second === 26) expect(socket.closedAs).toBe('silent');
    }
    expect(states).toEqual(['online', 'late', 'offline']);
  });

  test('but answers in time stays up', () => {
    const peer = new Peer().hello(key);
    for (let second = 0; second < 600; second += 10) {
      peer.say({ type: 'ping', sent: Date.now() });
      vi.advanceTimersByTime(10_000);
      live.tick();
    }
    expect(live.get(agent.id)?.state).toBe('online');
  });
});

describe('the way that an agent comes by', () => {
  const way = { kind: 'relay', address: '10.1.1.1:8444' } as const;

  test('is kept as it last told, also across a restart', () => {
    new Peer().hello(key, { way });
    expect(live.get(agent.id)?.record.way).toEqual(way);
    expect(agents.get(agent.id)?.way).toEqual(way);
    new Peer().hello(key, { way: { kind: 'direct', address: '[2001:db8::1]:8443' } });
    expect(agents.get(agent.id)?.way).toEqual({ kind: 'direct', address: '[2001:db8::1]:8443' });
    // One of an older version tells nothing.
    new Peer().hello(key);
    expect(agents.get(agent.id)?.way).toBeUndefined();
  });

  test.each([
    { kind: 'tunnel', address: '10.1.1.1:8444' },
    { kind: 'via', address: '10.1.1.1 8444' },
    { kind: 'via', address: `${'a'.repeat(300)}:1` },
    'direct',
  ])('%j is no hello', (bad) => {
    expect(new Peer().hello(key, { way: bad }).socket.closedAs).toBe('invalidFrame');
    expect(agents.get(agent.id)?.way).toBeUndefined();
  });
});

describe('how an agent left', () => {
  const lost = (peer: Peer, code: string) => peer.tls.emit('error', Object.assign(new Error(code), { code }));

  test.each<[what: string, end: (peer: Peer) => void, departure: string]>([
    ['it says goodbye', (peer) => peer.say({ type: 'goodbye', reason: 'shutdown' }), 'shutdown'],
    ['its process dies', () => undefined, 'closed'],
    ['its machine resets the connection', (peer) => lost(peer, 'ECONNRESET'), 'closed'],
    ['the way to it is gone', (peer) => lost(peer, 'ETIMEDOUT'), 'silent'],
    ['it sends what it must not', (peer) => peer.say({ type: 'hello' }), 'dropped'],
  ])('%s', (_, end, departure) => {
    const peer = new Peer().hello(key);
    end(peer);
    peer.socket.emit('close', 1006);
    expect(live.get(agent.id)?.departure).toBe(departure);
  });

  test('it tells when its process and its machine started, by the collector’s clock', () => {
    new Peer().hello(key);
    const { life } = live.get(agent.id) ?? {};
    expect(life?.bootedAt).toBeLessThanOrEqual(life?.startedAt ?? 0);
    expect(life?.startedAt).toBeLessThanOrEqual(Date.now());
  });
});

describe('a new key', () => {
  let next: KeyObject;
  beforeEach(() => {
    next = newKey();
  });

  /** The registry has changed in another process. */
  function ask(): void {
    agents.askForKey(agent.id, Date.now());
    live.put(agents.get(agent.id) ?? agent);
  }

  test('is asked for when a person says so, or when the old one is old', () => {
    expect(new Peer().hello(key).last('config')).not.toHaveProperty('rotateKey');
    ask();
    expect(new Peer().hello(key).last('config')).toMatchObject({ rotateKey: true });
    agents.changeKey(agent.id, publicOf(next), Date.now());
    agents.dropPreviousKey(agent.id);
    vi.setSystemTime(Date.now() + keyDays * day - 1);
    expect(new Peer().hello(next).last('config')).not.toHaveProperty('rotateKey');
    vi.setSystemTime(Date.now() + 1);
    expect(new Peer().hello(next).last('config')).toMatchObject({ rotateKey: true });
  });

  test('is taken; the old one is good until the new one is seen, and refused from then on', () => {
    ask();
    const peer = new Peer().hello(key);
    peer.rekey(next);
    expect(peer.last('rekeyed')).toEqual({ type: 'rekeyed', publicKey: publicOf(next) });
    expect(audited).toMatchObject([{ action: 'agent.rekey', subject: agent.id, source: '10.0.0.9' }]);
    expect(Peer.entry(key)).toBe('welcome');
    expect(Peer.entry(next)).toBe('welcome');
    expect(Peer.entry(key)).toBe('badSignature');
    expect(new Peer().hello(next).last('config')).not.toHaveProperty('rotateKey');
  });

  test('that the agent says is in its place ends the old one at once', () => {
    ask();
    const peer = new Peer().hello(key);
    peer.rekey(next);
    peer.say({ type: 'rekeyed', publicKey: publicOf(next) });
    expect(peer.socket.closedAs).toBeUndefined();
    expect(Peer.entry(key)).toBe('badSignature');
    expect(Peer.entry(next)).toBe('welcome');
  });

  test('whose answer got lost is asked for again, and the same one is answered the same', () => {
    ask();
    new Peer().hello(key).rekey(next);
    const again = new Peer().hello(key);
    expect(again.last('config')).toMatchObject({ rotateKey: true });
    again.rekey(next);
    expect(again.last('rekeyed')).toEqual({ type: 'rekeyed', publicKey: publicOf(next) });
    expect(audited).toHaveLength(1);
  });

  test('that the agent has lost is followed by another', () => {
    ask();
    new Peer().hello(key).rekey(newKey());
    new Peer().hello(key).rekey(next);
    expect(Peer.entry(next)).toBe('welcome');
    expect(Peer.entry(key)).toBe('badSignature');
  });

  test.each<[string, (peer: Peer) => void]>([
    ['not asked for', (peer) => peer.rekey(next)],
    [
      'signed by the old key',
      (peer) => {
        ask();
        peer.rekey(next, key);
      },
    ],
    [
      'the same as the old one',
      (peer) => {
        ask();
        peer.rekey(key);
      },
    ],
    [
      'of another agent',
      (peer) => {
        agents.add({ ...agent, publicKey: publicOf(next), codeId: 'c' });
        ask();
        peer.rekey(next);
      },
    ],
    [
      'no key',
      (peer) => {
        ask();
        peer.say({ type: 'rekey', publicKey: 'AAAA', signature: 'AAAA' });
      },
    ],
    [
      'said to be in place without having been sent',
      (peer) => peer.say({ type: 'rekeyed', publicKey: publicOf(next) }),
    ],
  ])('that is %s changes nothing', (_, misbehave) => {
    const peer = new Peer().hello(key);
    misbehave(peer);
    expect(peer.socket.closedAs).toBe('unexpectedMessage');
    expect(agents.get(agent.id)).toMatchObject({ publicKey: publicOf(key), previousPublicKey: undefined });
    expect(audited).toEqual([]);
  });

  test('agents that are connected are told a few at a time', () => {
    const due = Array.from({ length: 25 }, (_, i) => ({ ...agent, id: `a-${i}`, rotateKeyAskedAt: 1 }));
    rotation.look([...due, agent, { ...agent, id: 'a-x', rotateKeyAskedAt: 1, revokedAt: 2 }]);
    rotation.look(due);
    expect([10, 10, 10, 10].map((most) => rotation.next(most).length)).toEqual([10, 10, 5, 0]);
  });
});

test('a hello that is not finished by a welcome may not be followed by anything', () => {
  const peer = new Peer();
  peer.say({ type: 'ping', sent: 1 });
  expect(peer.socket.closedAs).toBe('unexpectedMessage');
});
