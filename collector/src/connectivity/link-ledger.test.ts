import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { LinkDays } from './link-days.ts';
import type { LinkCause, LinkState } from './link-judgement.ts';
import { LinkLedger } from './link-ledger.ts';
import { reportLinks } from './link-report.ts';

const line = { unit: 'DH', link: 'tslcd-1' };
const everything = { from: 0, to: Number.MAX_SAFE_INTEGER, limit: 10_000 };

let folder: string;
let ledger: LinkLedger;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vonggac-links-'));
  ledger = new LinkLedger(folder);
});
afterEach(() => {
  ledger.stop();
  rmSync(folder, { recursive: true });
});

function record(state: LinkState, at: number, cause: LinkCause = 'works', carrier = 'VNPT'): void {
  ledger.record(line, { state, cause, carrier, at, evidence: { at, what: cause, facts: {} } });
}

function told(): string[] {
  return ledger.intervals(everything).map(({ from, to, state, cause }) => `${from}-${to ?? ''} ${state} ${cause}`);
}

test('intervals follow each other; the same again changes nothing', () => {
  record('up', 100);
  record('up', 150);
  record('down', 200, 'line-cut');
  record('up', 300);
  expect(told()).toEqual(['100-200 up works', '200-300 down line-cut', '300- up works']);
  expect(ledger.last(line)).toMatchObject({ state: 'up', from: 300, to: undefined });
  expect(ledger.at(line, 299)).toMatchObject({ state: 'down' });
  expect(ledger.at(line, 99)).toBeUndefined();
});

test('what began before the present interval takes its place, and joins the one before if that is the same', () => {
  record('up', 100);
  record('down', 200, 'line-cut');
  record('degraded', 150, 'loss');
  expect(told()).toEqual(['100-200 up works', '200- degraded loss']);
  record('up', 10);
  expect(told()).toEqual(['100- up works']);
});

test('another carrier begins an interval', () => {
  record('up', 100);
  record('up', 200, 'works', 'Viettel');
  expect(ledger.intervals(everything).map(({ carrier, from }) => [carrier, from])).toEqual([
    ['VNPT', 100],
    ['Viettel', 200],
  ]);
});

test('a line that is taken away ends, and may come back', () => {
  record('up', 100);
  ledger.end(line, 200);
  ledger.end(line, 250);
  expect(told()).toEqual(['100-200 up works']);
  expect(ledger.open()).toEqual([]);
  record('up', 150);
  expect(told()).toEqual(['100-200 up works', '200- up works']);
});

test('what the collector missed is unknown, and a restart within it goes on with it', () => {
  record('up', 100);
  ledger.setAlive(200);
  for (const at of [500, 600]) {
    ledger.stop();
    ledger = new LinkLedger(folder);
    ledger.resume(at);
  }
  expect(told()).toEqual(['100-200 up works', '200- unknown collector-outage']);
  record('down', 650, 'line-cut');
  expect(told()).toEqual(['100-200 up works', '200-650 unknown collector-outage', '650- down line-cut']);
});

test('late evidence changes a cause, or what an unknown time was', () => {
  record('up', 100);
  record('down', 200, 'both-ends-silent');
  record('up', 300);
  record('unknown', 400, 'agents-silent');
  record('up', 500);
  const evidence = { at: 1, what: 'gateway-lost-line', facts: { agent: 'a-1' } };
  const found = { cause: 'line-cut', note: 'the gateway lived', evidence } as const;
  expect(ledger.revise(line, { at: 250, ...found })).toBe(true);
  expect(ledger.revise(line, { at: 430, state: 'down', ...found })).toBe(true);
  expect(ledger.revise(line, { at: 50, ...found })).toBe(false);
  expect(told().slice(1)).toEqual([
    '200-300 down line-cut',
    '300-400 up works',
    '400-430 unknown agents-silent',
    '430-500 down line-cut',
    '500- up works',
  ]);
  expect(ledger.at(line, 250)).toMatchObject({
    revision: 'the gateway lived',
    evidence: [{ what: 'both-ends-silent' }, { what: 'gateway-lost-line', facts: { agent: 'a-1' } }],
  });
});

test('lists by unit and time, some at a time', () => {
  record('up', 100);
  record('down', 200, 'line-cut');
  ledger.record({ unit: 'BT', link: 'x' }, { ...down, at: 150 });
  const ask = (query: Partial<Parameters<LinkLedger['intervals']>[0]>) =>
    ledger.intervals({ ...everything, ...query }).map(({ unit, from }) => `${unit} ${from}`);
  expect(ask({})).toEqual(['BT 150', 'DH 100', 'DH 200']);
  expect(ask({ units: new Set(['BT', 'XX']) })).toEqual(['BT 150']);
  expect(ask({ unit: 'DH', link: 'tslcd-1', after: 100 })).toEqual(['DH 200']);
  expect(ask({ from: 200 })).toEqual(['BT 150', 'DH 200']);
  expect(ask({ to: 150 })).toEqual(['DH 100']);
  expect(ask({ limit: 1 })).toEqual(['BT 150']);
});

const down = {
  state: 'down',
  cause: 'line-cut',
  carrier: '',
  evidence: { at: 0, what: 'x', facts: {} },
} as const;

type Step =
  | { readonly kind: 'record'; readonly state: LinkState; readonly cause: LinkCause; readonly at: number }
  | { readonly kind: 'revise'; readonly state: LinkState | undefined; readonly at: number }
  | { readonly kind: 'end' | 'gap' | 'reopen'; readonly at: number };

const at = fc.integer({ min: 1, max: 40_000 });
const state = fc.constantFrom<LinkState>('up', 'degraded', 'down', 'unknown');
const cause = fc.constantFrom<LinkCause>('works', 'loss', 'line-cut');
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('record' as const), state, cause, at }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('revise' as const), state: fc.option(state, { nil: undefined }), at }),
  },
  fc.record({ kind: fc.constantFrom('end' as const, 'gap' as const, 'reopen' as const), at }),
);

test('whatever happens, intervals cover the time since the first without overlap, and a report adds up', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
      ledger.database.exec('DELETE FROM intervals; DELETE FROM alive;');
      const base = Date.UTC(2026, 10, 9);
      // `end` leaves a gap that nothing belongs to.
      let isEnded = false;
      for (const each of steps) isEnded = apply(each, base) || isEnded;
      const intervals = ledger.intervals(everything);
      for (const [index, interval] of intervals.entries()) {
        const next = intervals[index + 1];
        expect(interval.to ?? Number.POSITIVE_INFINITY).toBeGreaterThan(interval.from);
        if (!next) continue;
        if (isEnded) expect(next.from).toBeGreaterThanOrEqual(interval.to ?? Number.POSITIVE_INFINITY);
        else expect(next.from).toBe(interval.to);
      }
      const now = base + 50_000_000;
      const [report] = reportLinks({ ledger, days: new LinkDays(ledger.database) }, { month: '2026-11', now }).links;
      const covered = intervals.reduce((sum, { from, to = now }) => sum + to - from, 0) / 1_000;
      const total = Object.values(report?.seconds ?? {}).reduce((sum, seconds) => sum + seconds, 0);
      expect(total).toBeCloseTo(covered, 3);
      const ofDays = (report?.days ?? []).flatMap((day) => Object.values(day.seconds));
      expect(ofDays.reduce((sum, seconds) => sum + seconds, 0)).toBeCloseTo(covered, 3);
    }),
    { numRuns: 60 },
  );
});

/** True when the line was taken away. */
function apply(each: Step, base: number): boolean {
  const time = base + each.at * 1_000;
  if (each.kind === 'record') record(each.state, time, each.cause);
  const evidence = { at: time, what: 'late', facts: {} };
  if (each.kind === 'revise') {
    const change = each.state === undefined ? {} : { state: each.state };
    ledger.revise(line, { at: time, ...change, cause: 'line-cut', note: 'late', evidence });
  }
  if (each.kind === 'gap') ledger.gap(time);
  if (each.kind === 'reopen') {
    ledger.setAlive(time);
    ledger.stop();
    ledger = new LinkLedger(folder);
    ledger.resume(time + 5_000);
  }
  if (each.kind === 'end') ledger.end(line, time);
  return each.kind === 'end';
}
