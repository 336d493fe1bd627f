import { pino } from 'pino';
import { beforeEach, describe, expect, test } from 'vitest';
import type { Sighting } from '../incidents/incident.ts';
import type { AgentRecord } from '../registry/agents.ts';
import { AgentSessions, type Speaker } from './agent-sessions.ts';
import { type Claim, CloneAlarm } from './clone-alarm.ts';
import { awayMs, Holders } from './holders.ts';

const record: AgentRecord = {
  id: 'a-1',
  hostname: 'may-1',
  unit: 'DV',
  class: 'pc',
  publicKey: 'k',
  platform: 'linux',
  version: '1',
  enrolledAt: 0,
  lastSeen: undefined,
  revokedAt: undefined,
  keySince: 0,
  previousPublicKey: undefined,
  rotateKeyAskedAt: undefined,
  hardware: [],
  addresses: [],
};

let now: number;
let reports: Sighting[];
let closedIncidents: Set<number>;
let sessions: AgentSessions<FakeSession>;

class FakeSession implements Speaker {
  readonly claim: Claim;
  state = 'arriving';
  /** Settles the question for a sign of life. */
  answer: (isAlive: boolean) => Promise<void> = () => Promise.reject(new Error('nobody asked'));
  asked = 0;

  constructor(started: number, changes: Partial<Claim> = {}) {
    const address = `10.0.0.${started}`;
    this.claim = { agent: record, address, hostname: 'h', epoch: 'e', started, booted: 1, hardware: [], ...changes };
  }

  arrive(): this {
    sessions.arrive(this, this.claim);
    return this;
  }

  open(): void {
    this.state = 'open';
  }

  /** As a session does: its end is told. */
  close(name: string): void {
    if (this.isOver) return;
    this.state = name;
    sessions.left(this, record.id);
  }

  get isOver(): boolean {
    return this.state !== 'arriving' && this.state !== 'open';
  }

  signOfLife(): Promise<boolean> {
    this.asked += 1;
    const { promise, resolve } = Promise.withResolvers<boolean>();
    this.answer = async (isAlive) => {
      resolve(isAlive);
      await promise;
      await Promise.resolve();
    };
    return promise;
  }
}

beforeEach(() => {
  now = 1_000;
  reports = [];
  closedIncidents = new Set();
  const logger = pino({ level: 'silent' });
  const clock = { now: () => now, monotonic: () => now };
  const incidents = {
    report(sighting: Sighting) {
      reports.push(sighting);
      return { id: 1 };
    },
  };
  sessions = new AgentSessions({
    logger,
    holders: new Holders({ ...clock, isClosed: (incident) => closedIncidents.has(incident) }),
    alarm: new CloneAlarm({ ...clock, logger, incidents }),
  });
});

const seen = () => reports.map(({ evidence }) => evidence.what);

test('the first one in is let in at once', () => {
  const first = new FakeSession(1).arrive();
  expect(first.state).toBe('open');
  expect(sessions.of('a-1')).toBe(first);
  expect(sessions.size).toBe(1);
});

test('a cut line: the agent comes back, the old connection is mute, nobody alarms', async () => {
  const old = new FakeSession(1).arrive();
  const back = new FakeSession(1).arrive();
  expect([old.state, back.state]).toEqual(['open', 'arriving']);
  await old.answer(false);
  expect([old.state, back.state]).toEqual(['replaced', 'open']);
  expect(reports).toEqual([]);
  expect(sessions.of('a-1')).toBe(back);
});

test('the old connection ends by itself meanwhile: the newcomer is let in, nobody alarms', async () => {
  const old = new FakeSession(1).arrive();
  const back = new FakeSession(1).arrive();
  old.close('code 1006');
  await old.answer(false);
  expect(back.state).toBe('open');
  expect(reports).toEqual([]);
});

test('a restarted agent gets the place of the one that was killed', async () => {
  const old = new FakeSession(1).arrive();
  const restarted = new FakeSession(2).arrive();
  await old.answer(false);
  expect(restarted.state).toBe('open');
  expect(reports).toEqual([]);
});

describe('two machines with one key', () => {
  let first: FakeSession;
  let second: FakeSession;

  beforeEach(async () => {
    first = new FakeSession(1, { hardware: ['board-1'] }).arrive();
    second = new FakeSession(2, { hostname: '<b>evil</b>', hardware: ['board-2'] }).arrive();
    await first.answer(true);
  });

  test('the second is refused, the first goes on, and both are in the evidence', () => {
    expect([first.state, second.state]).toEqual(['open', 'cloned']);
    expect(reports).toMatchObject([
      {
        kind: 'clone',
        subject: 'a-1',
        unit: 'DV',
        evidence: {
          at: now,
          what: 'second-holder',
          facts: { address: '10.0.0.2', hostname: '<b>evil</b>', other_address: '10.0.0.1', hardware: 'other' },
        },
      },
    ]);
  });

  test('it is refused without a question as long as the first is there', () => {
    now += 60_000;
    const again = new FakeSession(2).arrive();
    expect(again.state).toBe('cloned');
    expect(first.asked).toBe(1);
    expect(seen()).toEqual(['second-holder', 'former-holder']);
  });

  test('it cannot slip in while the first is away for a moment; the first and its restarts can', () => {
    first.close('goodbye');
    expect(new FakeSession(2).arrive().state).toBe('cloned');
    const back = new FakeSession(1).arrive();
    expect(back.state).toBe('open');
    back.close('goodbye');
    expect(new FakeSession(3).arrive().state).toBe('open');
  });

  test('it may take over when the first is gone for good; then the first is the one that is refused', () => {
    first.close('goodbye');
    now += awayMs;
    const successor = new FakeSession(2).arrive();
    expect(successor.state).toBe('open');
    expect(new FakeSession(1).arrive().state).toBe('cloned');
    expect(successor.state).toBe('open');
    expect(seen()).toContain('took-over');
  });

  test('a person who closes the incident lets whoever comes first in', () => {
    first.close('goodbye');
    closedIncidents.add(1);
    expect(new FakeSession(2).arrive().state).toBe('open');
  });

  test('what hammers at the door is counted, not written each time', () => {
    for (let attempt = 0; attempt < 1_000; attempt += 1) {
      now += 10;
      new FakeSession(2).arrive();
    }
    now += 10_000;
    new FakeSession(2).arrive();
    expect(reports.length).toBeLessThan(4);
    expect(reports.reduce((sum, { times = 1 }) => sum + times, 0)).toBe(1_002);
  });
});

test('one that gets in while the other is away for a moment keeps the place: they never report in turns', () => {
  const a = new FakeSession(1).arrive();
  a.close('code 1006');
  const b = new FakeSession(2).arrive();
  expect(b.state).toBe('open');
  for (let turn = 0; turn < 20; turn += 1) {
    b.close('code 1006');
    expect(new FakeSession(1).arrive().state).toBe('cloned');
    now += 30_000;
    sessions.of('a-1')?.close('code 1006');
    expect(new FakeSession(2).arrive().state).toBe('open');
  }
  expect(seen()[0]).toBe('former-holder');
});

test('only the newest of those that wait goes on waiting', async () => {
  const old = new FakeSession(1).arrive();
  const [earlier, later] = [new FakeSession(1).arrive(), new FakeSession(1).arrive()];
  expect([earlier.state, later.state]).toEqual(['replaced', 'arriving']);
  expect(old.asked).toBe(1);
  await old.answer(false);
  expect([old.state, later.state]).toEqual(['replaced', 'open']);
});

test('when the one that waits has gone, nothing is done to the other', async () => {
  const old = new FakeSession(1).arrive();
  const newcomer = new FakeSession(1).arrive();
  newcomer.close('code 1006');
  await old.answer(false);
  expect(old.state).toBe('open');
});

test('a revoked agent loses the session that is open and the one that waits', async () => {
  const old = new FakeSession(1).arrive();
  const newcomer = new FakeSession(2).arrive();
  sessions.revoke('a-1');
  expect([old.state, newcomer.state]).toEqual(['revoked', 'revoked']);
  await old.answer(false);
  expect(sessions.size).toBe(0);
});

describe('hardware', () => {
  function arriveWith(before: string[], told: string[]): FakeSession {
    return new FakeSession(1, { agent: { ...record, hardware: before }, hardware: told }).arrive();
  }

  test.each([
    ['nothing known before', [], ['x']],
    ['nothing told', ['x'], []],
    ['one part changed', ['x', 'y'], ['y', 'z']],
  ])('%s alarms nobody', (_, before, told) => {
    expect(arriveWith(before, told).state).toBe('open');
    expect(reports).toEqual([]);
  });

  test('nothing in common raises an alarm, and the agent is served', () => {
    expect(arriveWith(['x', 'y'], ['z']).state).toBe('open');
    expect(seen()).toEqual(['hardware-changed']);
  });
});
