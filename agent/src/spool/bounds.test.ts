/** In which order a spool that is too small gives up what it holds. */
import fc from 'fast-check';
import { afterEach, expect, test } from 'vitest';
import { SpoolBooks } from './testing/spool-books.ts';

let books: SpoolBooks | undefined;
afterEach(() => {
  books?.remove();
  books = undefined;
});

test('events outlive metrics: none is given up while there is a reading left', { timeout: 120_000 }, () => {
  const lanes = fc.array(fc.constantFrom('events' as const, 'metrics' as const), { minLength: 50, maxLength: 300 });
  fc.assert(
    fc.property(lanes, fc.integer({ min: 2_000, max: 20_000 }), (appended, maxBytes) => {
      const spool = new SpoolBooks({ maxBytes });
      books = spool;
      const events: number[] = [];
      for (const lane of appended) {
        spool.append(lane);
        if (lane === 'events') events.push(spool.appended);
      }
      spool.restart();
      spool.drain();
      spool.check();
      const delivered = new Set(spool.delivered);
      const lostEvents = events.filter((event) => !delivered.has(event));
      // What came after the last event was given up is not looked at.
      const readings = [...delivered].filter((value) => !events.includes(value) && value < (lostEvents.at(-1) ?? 0));
      if (lostEvents.length > 0) expect(readings).toEqual([]);
      // The oldest go first.
      expect(events.slice(0, lostEvents.length)).toEqual(lostEvents);
      spool.remove();
      books = undefined;
    }),
    { numRuns: 25 },
  );
});

test('of the oldest readings every second goes first, then the oldest, and all of it is counted by reason', () => {
  books = new SpoolBooks({ maxBytes: 20_000 });
  while (books.spool.status().lostPoints === 0) books.append('metrics');
  const { appended } = books;
  books.restart();
  books.drain();
  books.check();
  expect(books.gaps).toMatchObject([{ reason: 'thinned', lane: 'metrics' }]);
  const missing = Array.from({ length: appended }, (_, index) => index + 1).filter(
    (value) => !books?.delivered.includes(value),
  );
  expect(missing).toEqual(missing.map((_, index) => 2 * (index + 1)));

  books.remove();
  books = new SpoolBooks({ maxBytes: 20_000 });
  for (let count = 0; count < 1_000; count += 1) books.append('metrics');
  books.drain();
  books.check();
  expect(books.gaps.map(({ reason }) => reason).sort()).toEqual(['overflow', 'thinned']);
});

test('what is on its way is not given up, and so never counted when it arrives', () => {
  books = new SpoolBooks({ maxBytes: 20_000 });
  for (let count = 0; count < 60; count += 1) books.append('metrics');
  books.send('metrics', true);
  for (let count = 0; count < 1_000; count += 1) books.append('metrics');
  books.ack();
  expect(books.delivered.length).toBeGreaterThan(20);
  books.drain();
  books.check();
});
