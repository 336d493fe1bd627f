import { expect, test } from 'vitest';
import { type SelfState, selfProblems } from './self-problem.ts';

const gigabyte = 1_024 ** 3;
const day = 86_400_000;
const now = Date.UTC(2026, 10, 23);

const well: SelfState = {
  storeTrouble: undefined,
  disk: { freeBytes: 50 * gigabyte, totalBytes: 100 * gigabyte },
  loop: { p99Ms: 20, maxMs: 200 },
  ingestLagMs: 30,
  heapShare: 0.3,
  certificates: [
    { name: 'root', validTo: now + 3_000 * day },
    { name: 'agents-port', validTo: now + 60 * day },
    { name: 'console', validTo: now + 60 * day },
  ],
  now,
};

function disk(freeBytes: number, totalBytes = 100 * gigabyte): Partial<SelfState> {
  return { disk: { freeBytes, totalBytes } };
}

function certificate(name: string, days: number): Partial<SelfState> {
  return { certificates: [{ name, validTo: now + days * day }] };
}

test('a collector that does well has no problem', () => {
  expect(selfProblems(well)).toEqual([]);
  expect(selfProblems({ ...well, disk: undefined, certificates: [] })).toEqual([]);
});

test.each<[string, Partial<SelfState>, string, string]>([
  ['a store that is away', { storeTrouble: 'no answer' }, 'store critical', 'the store takes no data: no answer'],
  ['a full disk', disk(99 * 1_048_576), 'disk critical', 'the disk of the data folder is full: 99 MB free'],
  ['a disk that fills up', disk(4 * gigabyte), 'disk warning', 'the disk of the data folder fills up: 4096 MB free'],
  ['a small disk', disk(gigabyte - 1, gigabyte), 'disk warning', 'the disk of the data folder fills up: 1023 MB free'],
  [
    'one long stop',
    { loop: { p99Ms: 20, maxMs: 12_000 } },
    'event-loop critical',
    'the collector was stuck for 12000 ms within the last minute',
  ],
  [
    'a loop that is always late',
    { loop: { p99Ms: 1_500, maxMs: 2_000 } },
    'event-loop critical',
    'the collector was stuck for 2000 ms within the last minute',
  ],
  ['readings that wait', { ingestLagMs: 12_345 }, 'ingest critical', 'readings wait 12 s for the store'],
  ['little memory', { heapShare: 0.95 }, 'memory warning', 'the collector uses 95 % of the memory that it may use'],
  [
    'a leaf that does not renew itself',
    certificate('agents-port', 13),
    'certificate warning',
    'the certificate agents-port ends in 13 days',
  ],
  ['an old root', certificate('root', 100), 'certificate warning', 'the certificate root ends in 100 days'],
  [
    'the last month of the console',
    certificate('console', 29),
    'certificate warning',
    'the certificate console ends in 29 days',
  ],
  [
    'a console that browsers refuse',
    certificate('console', -1),
    'certificate critical',
    'the certificate console has ended',
  ],
])('%s is told, with what to do', (_, change, what, text) => {
  const [problem, ...others] = selfProblems({ ...well, ...change });
  expect([`${problem?.code} ${problem?.severity}`, problem?.text, others]).toEqual([what, text, []]);
  expect(problem?.action).toMatch(/^.{10}/);
});

test('several at once are all told', () => {
  const problems = selfProblems({ ...well, ...disk(0), storeTrouble: 'disk full', heapShare: 0.99 });
  expect(problems.map(({ code }) => code)).toEqual(['store', 'disk', 'memory']);
});
