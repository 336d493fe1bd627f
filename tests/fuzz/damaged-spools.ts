/** Spools of every size and state, damaged in every way: each must start at once and tell exactly what it has lost. */
import { damageFile, damageNames } from '../../agent/src/spool/testing/damage.ts';
import { SpoolBooks } from '../../agent/src/spool/testing/spool-books.ts';
import { Random } from './random.ts';

/** Which files of a spool are damaged together. */
const targets = [
  ['spool.db'],
  ['spool.db'],
  ['spool.db-wal'],
  ['spool.db', 'spool.db-wal'],
  ['spool.ledger'],
  ['spool.db', 'spool.ledger'],
] as const;

export interface Outcome {
  readonly spool: number;
  /** What was done to it. */
  readonly damage: string;
  readonly startMs: number;
  readonly owed: number;
  readonly recovered: number;
  /** Counted as lost; -1 when it said that it does not know. */
  readonly lost: number;
  readonly problem?: string;
}

/** The `spool`th of those that come from this seed. */
export function damageSpool(seed: string, spool: number): Outcome {
  const random = new Random(`${seed} ${spool}`);
  const below = (end: number) => random.below(Math.max(end, 1));
  const [first, ...rest] = targets;
  const files = random.pick([first, ...rest]);
  const how = damageNames[spool % damageNames.length] ?? '';
  const books = new SpoolBooks({ maxBytes: random.chance(0.2) ? 15_000 : 1_000_000 });
  try {
    fill(books, random);
    const delivered = books.delivered.length;
    const told = books.lost;
    let started = 0;
    books.crash((folder) => {
      for (const name of files) damageFile(folder, { name, how, below });
      started = performance.now();
    });
    const startMs = performance.now() - started;
    // At once, what is measured now is kept.
    books.append('metrics');
    const outcome = { spool, damage: `${how} ${files.join(' ')}`, startMs, owed: books.missing - 1 };
    const isLedgerDamaged = files.some((name) => name === 'spool.ledger');
    const problem = outcomeOf(books, isLedgerDamaged);
    const lost = books.lost < 0 ? -1 : books.lost - told;
    return {
      ...outcome,
      recovered: books.delivered.length - delivered - 1,
      lost,
      ...(problem !== undefined && { problem }),
    };
  } finally {
    books.remove();
  }
}

/** Readings and events, some delivered, some of that not yet forgotten; now and then the log is taken into the file. */
function fill(books: SpoolBooks, random: Random): void {
  const text = 'x'.repeat(random.pick([1, 30, 200]));
  for (let round = random.below(12); round >= 0; round -= 1) {
    for (let count = random.below(25); count > 0; count -= 1) {
      books.append(random.chance(0.2) ? 'events' : 'metrics', { count: 1 + random.below(3), text });
    }
    if (random.chance(0.4)) books.send('metrics', random.chance(0.5), { maxPoints: 20, maxBytes: 20_000 });
    if (random.chance(0.4)) books.send('events', true);
    if (random.chance(0.6)) books.ack();
    if (random.chance(0.15)) books.restart();
  }
}

function outcomeOf(books: SpoolBooks, isLedgerDamaged: boolean): string | undefined {
  try {
    if (books.spool.status().state === 3) return `it takes nothing: ${books.log.at(-1)}`;
    books.drain();
    // Without the ledger a count may be unknown; it may not be wrong in silence.
    if (!(isLedgerDamaged && books.lost === -1)) books.check();
    return undefined;
  } catch (error) {
    const { message } = error as Error;
    // Without the ledger nobody knows what was delivered but not forgotten; it is sent again, or given up again.
    if (isLedgerDamaged && (/was sent again$/.test(message) || books.lost > books.missing)) return undefined;
    return message;
  }
}
