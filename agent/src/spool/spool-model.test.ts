/** Anything that can happen to a spool, in any order, against an array of what it owes. */
import fc from 'fast-check';
import { afterEach, expect, test } from 'vitest';
import { SpoolLocked } from './spool-format.ts';
import { damageFile, damageNames } from './testing/damage.ts';
import { SpoolBooks } from './testing/spool-books.ts';

/** More of them: `VONGGAC_SPOOL_RUNS=5000 npx vitest run --project unit spool-model`. */
const numRuns = Number(process.env.VONGGAC_SPOOL_RUNS ?? 60);

const lane = fc.constantFrom('events' as const, 'metrics' as const);
/** Numbers to draw from, so that a damage is made again from its seed. */
const seed = fc.integer({ min: 1, max: 2 ** 31 - 1 });

const operation = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.record({ do: fc.constant('append' as const), lane, count: fc.integer({ min: 1, max: 40 }) }),
  },
  { weight: 8, arbitrary: fc.record({ do: fc.constant('send' as const), lane, stored: fc.boolean() }) },
  { weight: 6, arbitrary: fc.constant({ do: 'ack' as const }) },
  { weight: 2, arbitrary: fc.constant({ do: 'release' as const }) },
  { weight: 2, arbitrary: fc.constant({ do: 'restart' as const }) },
  { weight: 2, arbitrary: fc.constant({ do: 'crash' as const }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('crash between' as const), writes: fc.integer({ min: 1, max: 6 }) }),
  },
  { weight: 1, arbitrary: fc.constant({ do: 'lose log' as const }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('damage' as const),
      files: fc.constantFrom(['spool.db'], ['spool.db-wal'], ['spool.db', 'spool.db-wal']),
      how: fc.constantFrom(...damageNames),
      seed,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('disk' as const),
      is: fc.constantFrom('full' as const, 'failing' as const, 'malformed' as const),
    }),
  },
  { weight: 3, arbitrary: fc.constant({ do: 'disk' as const, is: 'well' as const }) },
  { weight: 1, arbitrary: fc.constant({ do: 'intrude' as const }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.constantFrom(6_000, 3_700_000, 8 * 86_400_000) }),
  },
);
type Operation = typeof operation extends fc.Arbitrary<infer T> ? T : never;

/** Runs that once went wrong, and the bytes of their spools. */
const examples: [Operation[], number][] = [
  [
    // Between what was given up in the file and its line in the ledger; then the file gets it back, and loses its own count.
    [
      { do: 'append', lane: 'metrics', count: 1 },
      { do: 'wait', ms: 8 * 86_400_000 },
      { do: 'crash between', writes: 4 },
      { do: 'append', lane: 'events', count: 1 },
      { do: 'send', lane: 'events', stored: true },
      { do: 'damage', files: ['spool.db'], how: 'flipBits', seed: 1 },
      { do: 'damage', files: ['spool.db-wal'], how: 'flipBits', seed: 1 },
    ],
    12_000,
  ],
  [
    // Between the file, which was brought together with a ledger that knew of more, and that ledger.
    [
      { do: 'crash between', writes: 6 },
      { do: 'append', lane: 'events', count: 1 },
      { do: 'disk', is: 'full' },
      { do: 'append', lane: 'events', count: 1 },
      { do: 'crash between', writes: 6 },
      { do: 'append', lane: 'events', count: 1 },
      { do: 'append', lane: 'events', count: 1 },
      { do: 'disk', is: 'well' },
      { do: 'send', lane: 'events', stored: false },
      { do: 'append', lane: 'events', count: 1 },
    ],
    12_000,
  ],
  [
    // The same with nothing in memory.
    [
      { do: 'disk', is: 'full' },
      { do: 'append', lane: 'events', count: 1 },
      { do: 'crash between', writes: 5 },
      { do: 'append', lane: 'events', count: 1 },
      { do: 'restart' },
    ],
    12_000,
  ],
  [
    // The end of the log that is lost is a record that came from memory, with an id below the file's last.
    [
      { do: 'disk', is: 'failing' },
      { do: 'append', lane: 'events', count: 1 },
      { do: 'disk', is: 'well' },
      { do: 'append', lane: 'events', count: 1 },
      { do: 'damage', files: ['spool.db', 'spool.db-wal'], how: 'append', seed: 1 },
      { do: 'damage', files: ['spool.db', 'spool.db-wal'], how: 'swapPages', seed: 1 },
    ],
    12_000,
  ],
  [
    // SQLite finds no fault with the file until it writes.
    [
      { do: 'disk', is: 'full' },
      { do: 'append', lane: 'events', count: 1 },
      { do: 'damage', files: ['spool.db'], how: 'flipBits', seed: 1 },
      { do: 'damage', files: ['spool.db'], how: 'flipBits', seed: 2089076880 },
      { do: 'append', lane: 'events', count: 1 },
      { do: 'restart' },
      { do: 'append', lane: 'events', count: 1 },
    ],
    12_000,
  ],
];

let intrusions = 0;
let books: SpoolBooks | undefined;
afterEach(() => {
  books?.remove();
  books = undefined;
});

function drawFrom(from: number): (end: number) => number {
  let state = from;
  return (end) => {
    // xorshift32
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % end;
  };
}

function carryOut(spool: SpoolBooks, operation: Operation): void {
  switch (operation.do) {
    case 'append':
      spool.append(operation.lane, operation);
      break;
    case 'send':
      spool.send(operation.lane, operation.stored, { maxPoints: 60, maxBytes: 100_000 });
      break;
    case 'ack':
      spool.ack();
      break;
    case 'release':
      spool.release();
      break;
    case 'restart':
      spool.disk = 'well';
      spool.restart();
      break;
    case 'crash':
      spool.crash();
      break;
    case 'crash between':
      spool.armCrash(operation.writes);
      break;
    case 'lose log':
      spool.crash((folder) => damageFile(folder, { name: 'spool.db-wal', how: 'empty', below: drawFrom(1) }));
      break;
    case 'damage': {
      const { files, how } = operation;
      const below = drawFrom(operation.seed);
      spool.crash((folder) => {
        for (const name of files) damageFile(folder, { name, how, below });
      });
      break;
    }
    case 'disk':
      spool.disk = operation.is;
      if (operation.is === 'well') spool.pass(6_000);
      break;
    case 'intrude':
      // A disk that fails takes the lock away with the file. Each waits a second for the lock.
      if (spool.disk === 'well' && spool.spool.status().state < 3 && intrusions++ < 2)
        expect(spool.intrude()).toBeInstanceOf(SpoolLocked);
      break;
    case 'wait':
      spool.pass(operation.ms);
      break;
  }
  spool.crashed();
}

test('whatever happens, each value is delivered once or counted as lost', { timeout: 600_000 }, () => {
  const operations = fc.array(operation, { minLength: 5, maxLength: 60, size: 'max' });
  fc.assert(
    fc.property(operations, fc.constantFrom(12_000, 60_000, 1_000_000), (run, maxBytes) => {
      const spool = new SpoolBooks({ maxBytes });
      books = spool;
      for (const each of run) carryOut(spool, each);
      spool.disk = 'well';
      spool.pass(6_000);
      spool.append('metrics');
      spool.restart();
      spool.drain();
      spool.check();
      spool.remove();
      books = undefined;
    }),
    { numRuns, examples },
  );
});
