import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Outage } from './outage.ts';
import { OutageLedger } from './outage-ledger.ts';

let folder: string;
let ledger: OutageLedger;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vonggac-outages-'));
  ledger = new OutageLedger(folder);
});

afterEach(() => {
  ledger.stop();
  rmSync(folder, { recursive: true });
});

function add(agent: string, unit: string, beganAt: number, endedAt?: number): Outage {
  const evidence = [{ at: beganAt, what: 'silence', facts: {} }];
  const common = { hostname: agent, class: 'server', verdict: 'unknown', confidence: 'low', evidence } as const;
  const opened = ledger.open({ ...common, agent, unit, beganAt });
  const outage = { ...opened, endedAt };
  ledger.save(outage);
  return outage;
}

test('what was kept is there again, word for word', () => {
  const opened = add('a', 'U', 1_000, 2_000);
  const changed: Outage = {
    ...opened,
    verdict: 'machine-lost',
    confidence: 'high',
    revisions: [{ at: 2_000, from: 'unknown', to: 'machine-lost', why: 'machine-started' }],
    incident: 7,
  };
  ledger.save(changed);
  ledger.stop();
  ledger = new OutageLedger(folder);
  expect(ledger.get(opened.id)).toEqual(changed);
});

test('one outage of an agent is open at most', () => {
  add('a', 'U', 1_000);
  expect(() => add('a', 'U', 2_000)).toThrow('UNIQUE');
});

test('they are found by agent, unit, incident, state and time, newest first', () => {
  const first = add('a', 'U', 1_000, 2_000);
  const second = add('b', 'V', 1_500, 1_600);
  const third = add('a', 'V', 5_000);
  ledger.save({ ...second, incident: 3 });
  const ids = (query: Parameters<OutageLedger['list']>[0]) => ledger.list(query).map(({ id }) => id);
  expect(ids({})).toEqual([third.id, second.id, first.id]);
  expect(ids({ agents: new Set(['a']) })).toEqual([third.id, first.id]);
  expect(ids({ units: new Set(['V']) })).toEqual([third.id, second.id]);
  expect(ids({ units: new Set() })).toEqual([]);
  expect(ids({ incident: 3 })).toEqual([second.id]);
  expect(ids({ state: 'open' })).toEqual([third.id]);
  expect(ids({ state: 'closed' })).toEqual([second.id, first.id]);
  expect(ids({ from: 1_600, to: 5_000 })).toEqual([first.id]);
  expect(ids({ from: 9_000 })).toEqual([third.id]);
  expect(ids({ before: third.id, limit: 1 })).toEqual([second.id]);
});

test('one gap is open at most; it is found by every time that it touches', () => {
  expect(ledger.openGap('stopped', 1_000)).toBe(true);
  expect(ledger.openGap('cut-off', 1_500)).toBe(false);
  expect(ledger.gaps(3_000, 4_000)).toMatchObject([{ cause: 'stopped', from: 1_000, to: undefined }]);
  ledger.endGap(2_000);
  expect(ledger.gaps(2_000, 4_000)).toEqual([]);
  expect(ledger.gaps(0, 1_001)).toHaveLength(1);
});

test('a gap that turns out to be none is withdrawn once it has ended, and counts no more', () => {
  const wrong = { cause: 'cut-off', from: 1_000 } as const;
  const told = { at: 9_000, why: 'without power: A' };
  ledger.openGap('cut-off', 1_000);
  expect(ledger.withdrawGap(wrong, told)).toBe(false);
  ledger.endGap(2_000);
  expect(ledger.withdrawGap({ ...wrong, cause: 'stopped' }, told)).toBe(false);
  expect(ledger.withdrawGap(wrong, told)).toBe(true);
  expect(ledger.withdrawGap(wrong, told)).toBe(false);
  expect(ledger.gaps(0, 10_000)).toEqual([]);
});

test('what is older than it is kept for is forgotten, what is open is not', () => {
  const year = 366 * 86_400_000;
  add('a', 'U', 1_000, 2_000);
  const open = add('b', 'U', 1_000);
  ledger.forgetOld(2 * year);
  expect(ledger.list({}).map(({ id }) => id)).toEqual([open.id]);
});

test('several changes that belong together are all made or none', () => {
  const work = () => {
    add('a', 'U', 1_000);
    throw new Error('disk full');
  };
  expect(() => ledger.together(work)).toThrow('disk full');
  expect(ledger.list({})).toEqual([]);
});
