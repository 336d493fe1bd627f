import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Admissions, type Applicant } from './admission.ts';
import { Agents } from './agents.ts';
import { CodeUses } from './code-uses.ts';
import { openRegistry } from './database.ts';
import { type EnrolmentCodeRecord, EnrolmentCodes } from './enrolment-codes.ts';
import { PendingEnrolments } from './pending-enrolments.ts';
import { Units } from './units.ts';

const day = 86_400_000;
let folder: string;
let database: DatabaseSync;
let agents: Agents;
let codes: EnrolmentCodes;
let pending: PendingEnrolments;
let uses: CodeUses;
let admissions: Admissions;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vonggac-admission-'));
  database = openRegistry(folder);
  const units = new Units(database);
  for (const code of ['U', 'V']) units.ensure({ code, name: code, parent: undefined }, 0);
  agents = new Agents(database);
  codes = new EnrolmentCodes(database);
  pending = new PendingEnrolments(database, { lifeDays: 7 });
  uses = new CodeUses(database);
  admissions = new Admissions({ agents, codes, pending, uses, maxPending: 3 });
});

afterEach(() => {
  database.close();
  rmSync(folder, { recursive: true });
});

function create(rest: { uses?: number; approve?: boolean; expiresAt?: number } = {}): EnrolmentCodeRecord {
  const code = { unit: 'U', class: 'pc', uses: 1, expiresAt: 100 * day, now: 0, ...rest } as const;
  return codes.create(code).record;
}

function machine(publicKey: string, rest: Partial<Applicant> = {}): Applicant {
  const said = {
    hostname: `host-${publicKey}`,
    platform: 'linux',
    system: 'Debian',
    version: '1',
    addresses: ['10.0.0.2'],
  };
  return { ...said, publicKey, hasPrivateKey: true, address: '10.0.0.1', ...rest };
}

function ask(
  code: EnrolmentCodeRecord,
  publicKey: string,
  { now = 1, ...rest }: Partial<Applicant> & { now?: number } = {},
) {
  // As the gateway does: it looks the code up at each request.
  const record = codes.get(code.id) ?? code;
  return admissions.admit(record, { applicant: machine(publicKey, rest), now });
}

function askedId(code: EnrolmentCodeRecord, publicKey: string, now = 1): string {
  const answer = ask(code, publicKey, { now });
  return answer.kind === 'pending' ? answer.id : answer.kind;
}

function outcomes(code: EnrolmentCodeRecord): string[] {
  return uses.list(code.id, { limit: 100 }).map(({ outcome, hostname }) => `${hostname} ${outcome}`);
}

describe('a code without approval', () => {
  test('gives an identity at once, as often as it says', () => {
    const code = create();
    const answer = ask(code, 'k1');
    expect(answer).toMatchObject({ kind: 'granted', again: false, agent: { unit: 'U', class: 'pc', publicKey: 'k1' } });
    expect(ask(code, 'k2')).toEqual({ kind: 'refused', reason: 'code_used_up' });
    expect(uses.list(code.id, { limit: 9 })).toMatchObject([
      { outcome: 'code_used_up', hostname: 'host-k2', address: '10.0.0.1', agent: undefined },
      { outcome: 'enrolled', agent: answer.kind === 'granted' ? answer.agent.id : '' },
    ]);
  });

  test('gives the same identity again to whoever has the key, in case the answer was lost', () => {
    const code = create();
    const first = ask(code, 'k1');
    expect(ask(code, 'k1')).toEqual({ ...first, again: true });
    expect(ask(code, 'k1', { hasPrivateKey: false })).toEqual({ kind: 'refused', reason: 'key_refused' });
    expect(ask(create(), 'k1')).toEqual({ kind: 'refused', reason: 'key_refused' });
    if (first.kind === 'granted') agents.revoke(first.agent.id, 2);
    expect(ask(code, 'k1')).toEqual({ kind: 'refused', reason: 'key_refused' });
    expect(agents.all()).toHaveLength(1);
  });

  test('is as good for an agent that does not prove its key yet', () => {
    expect(ask(create(), 'k1', { hasPrivateKey: false })).toMatchObject({ kind: 'granted' });
  });

  test('is refused when expired or revoked, which is recorded', () => {
    const expired = create({ expiresAt: 5 });
    expect(ask(expired, 'k1', { now: 5 })).toEqual({ kind: 'refused', reason: 'code_expired' });
    codes.revoke(expired.id, { by: 'an', now: 6 });
    expect(ask(expired, 'k1', { now: 7 })).toEqual({ kind: 'refused', reason: 'code_revoked' });
    expect(outcomes(expired)).toEqual(['host-k1 code_revoked', 'host-k1 code_expired']);
  });
});

describe('a code with approval', () => {
  test('makes the machine wait, and takes one use however often it asks', () => {
    const code = create({ uses: 2, approve: true });
    const id = askedId(code, 'k1');
    expect(ask(code, 'k1', { now: 20_000 })).toEqual({ kind: 'pending', id, askedAt: 1, again: true });
    expect(pending.all(20_000)).toMatchObject([
      { id, code: code.id, unit: 'U', class: 'pc', publicKey: 'k1', hostname: 'host-k1', system: 'Debian' },
    ]);
    expect(pending.all(20_000)).toMatchObject([
      { address: '10.0.0.1', addresses: ['10.0.0.2'], askedAt: 1, lastAskedAt: 20_000 },
    ]);
    expect(codes.get(code.id)?.usesLeft).toBe(1);
    expect(agents.all()).toEqual([]);
  });

  test('wants a proof of the key, at the first time and later', () => {
    const code = create({ uses: 2, approve: true });
    expect(ask(code, 'k1', { hasPrivateKey: false })).toEqual({ kind: 'refused', reason: 'key_refused' });
    ask(code, 'k1');
    expect(ask(code, 'k1', { hasPrivateKey: false })).toEqual({ kind: 'refused', reason: 'key_refused' });
    expect(ask(create({ approve: true }), 'k1')).toEqual({ kind: 'refused', reason: 'key_refused' });
  });

  test('lets in who is accepted, even when the code has expired since', () => {
    const code = create({ approve: true, expiresAt: 10 });
    const agent = pending.accept(askedId(code, 'k1'), { by: 'an', now: 2 });
    expect(agent).toMatchObject({ unit: 'U', class: 'pc', publicKey: 'k1', hostname: 'host-k1', enrolledAt: 2 });
    expect(ask(code, 'k1', { now: 50 })).toEqual({ kind: 'granted', agent, again: true });
    expect(ask(code, 'k1', { now: 50 * day })).toEqual({ kind: 'granted', agent, again: true });
    expect(outcomes(code)).toEqual(['host-k1 accepted', 'host-k1 pending']);
    expect(uses.list(code.id, { limit: 1 })).toMatchObject([{ agent: agent?.id }]);
  });

  test('tells who is refused, and has the use back for the right machine', () => {
    const code = create({ approve: true });
    const id = askedId(code, 'k1');
    expect(ask(code, 'k2')).toEqual({ kind: 'refused', reason: 'code_used_up' });
    expect(pending.refuse(id, { by: 'an', now: 2 })?.hostname).toBe('host-k1');
    expect(ask(code, 'k1', { now: 3 })).toEqual({ kind: 'declined' });
    expect(ask(code, 'k2', { now: 3 })).toMatchObject({ kind: 'pending' });
    expect(outcomes(code).slice(0, 2)).toEqual(['host-k2 pending', 'host-k1 refused']);
  });

  test('is decided once', () => {
    const id = askedId(create({ approve: true }), 'k1');
    expect(pending.accept(id, { by: 'an', now: 2 })).toBeDefined();
    expect(pending.accept(id, { by: 'an', now: 3 })).toBeUndefined();
    expect(pending.refuse(id, { by: 'an', now: 3 })).toBeUndefined();
    expect(pending.accept('p-no', { by: 'an', now: 3 })).toBeUndefined();
  });

  test('refuses the machines that wait when it is revoked', () => {
    const code = create({ uses: 5, approve: true });
    const id = askedId(code, 'k1');
    pending.accept(askedId(code, 'k2'), { by: 'an', now: 2 });
    expect(codes.revoke(code.id, { by: 'an', now: 3 })).toEqual({ refused: 1 });
    expect(pending.accept(id, { by: 'an', now: 4 })).toBeUndefined();
    expect(ask(code, 'k1', { now: 4 })).toEqual({ kind: 'declined' });
    expect(ask(code, 'k2', { now: 4 })).toMatchObject({ kind: 'granted' });
  });

  test('has as many machines waiting as may, over all codes', () => {
    const code = create({ uses: 9, approve: true });
    for (const key of ['k1', 'k2']) ask(code, key);
    ask(create({ approve: true }), 'k3');
    expect(ask(code, 'k4')).toEqual({ kind: 'full' });
    expect(codes.get(code.id)?.usesLeft).toBe(7);
    expect(outcomes(code)[0]).toBe('host-k4 too_many_pending');
    expect(ask(code, 'k1')).toMatchObject({ kind: 'pending', again: true });
  });
});

describe('a machine that nobody decides about', () => {
  test('waits no longer after a week, is told so, and may ask anew later', () => {
    const code = create({ approve: true });
    const id = askedId(code, 'k1');
    const late = 7 * day + 1;
    expect(pending.all(late)).toEqual([]);
    expect(pending.accept(id, { by: 'an', now: late })).toBeUndefined();
    expect([pending.tidy(late), pending.tidy(late)]).toEqual([1, 0]);
    expect(ask(code, 'k1', { now: late })).toEqual({ kind: 'lapsed' });
    expect(codes.get(code.id)?.usesLeft).toBe(1);
    expect(outcomes(code)).toEqual(['host-k1 lapsed', 'host-k1 pending']);
    pending.tidy(2 * late);
    expect(ask(code, 'k1', { now: 2 * late })).toMatchObject({ kind: 'pending', again: false });
  });

  test('asks a hundred times in vain without a single write', () => {
    const code = create({ approve: true });
    ask(code, 'k1');
    const writes = () => (database.prepare('SELECT total_changes() AS n').get() as { n: number }).n;
    const before = writes();
    for (let i = 0; i < 100; i += 1) ask(code, 'k1', { now: 2 + i });
    expect(writes()).toBe(before);
  });
});

describe('the end of a unit', () => {
  test('takes its waiting machines to the successor, even of a code that is used up', () => {
    const code = create({ approve: true });
    const id = askedId(code, 'k1');
    new Units(database).retire('U', { into: 'V', now: 2 * day });
    expect(pending.all(2 * day)).toMatchObject([{ id, unit: 'V' }]);
    expect(pending.accept(id, { by: 'an', now: 2 * day })?.unit).toBe('V');
  });

  test('without a successor refuses them', () => {
    const code = create({ approve: true });
    askedId(code, 'k1');
    expect(new Units(database).retire('U', { now: 2 * day })).toMatchObject({ revokedCodes: 1 });
    expect(ask(code, 'k1', { now: 2 * day })).toEqual({ kind: 'declined' });
  });
});

test('of each code the last thousand uses are kept', () => {
  const [busy, other] = [create(), create()];
  ask(other, 'k');
  for (let i = 0; i < 1_010; i += 1) {
    uses.add(busy.id, { at: i, outcome: 'code_expired', address: 'a', hostname: 'h', agent: undefined });
  }
  const kept = uses.list(busy.id, { limit: 2_000 });
  expect([kept.length, kept[0]?.at, kept.at(-1)?.at]).toEqual([1_000, 1_009, 10]);
  expect(uses.list(busy.id, { before: kept[0]?.id, limit: 1 })).toEqual([kept[1]]);
  expect(uses.list(other.id, { limit: 9 })).toHaveLength(1);
});
