/**
 * Damages spools and counts what comes of it.
 *
 *   npm run fuzz:spools                          a thousand
 *   npm run fuzz:spools -- --spools 20000        as many as told
 *   npm run fuzz:spools -- --seed S --spool N    one of an earlier run again
 *
 * Its last line is the summary; it ends with 1 when a spool did not start, was slow or counted wrongly.
 */
import { randomBytes } from 'node:crypto';
import { parseArgs } from 'node:util';
import { damageSpool, type Outcome } from './damaged-spools.ts';

/** What is promised in docs/promises.md. */
const slowestStartMs = 2_000;

const { values } = parseArgs({
  options: { seed: { type: 'string' }, spools: { type: 'string' }, spool: { type: 'string' } },
});
const seed = values.seed ?? randomBytes(4).toString('hex');
const count = Number(values.spools ?? 1_000);
if (!(Number.isInteger(count) && count > 0)) {
  console.error(`"${values.spools}" is no number of spools`);
  process.exit(2);
}

console.log(`seed ${seed}`);
const numbers =
  values.spool === undefined ? Array.from({ length: count }, (_, index) => index) : [Number(values.spool)];
const outcomes: Outcome[] = [];
for (const number of numbers) {
  const first = damageSpool(seed, number);
  // The machine may have been held up: the same damage is done again, and only what is slow twice is slow.
  const outcome = first.problem === undefined && first.startMs > slowestStartMs ? damageSpool(seed, number) : first;
  outcomes.push(outcome);
  if (outcome.problem !== undefined || values.spool !== undefined) console.log(JSON.stringify(outcome));
}

const sum = (of: (outcome: Outcome) => number) => outcomes.reduce((total, outcome) => total + of(outcome), 0);
const failed = outcomes.filter(({ problem, startMs }) => problem !== undefined || startMs > slowestStartMs);
const slowest = Math.max(...outcomes.map(({ startMs }) => startMs));
const unknown = outcomes.filter(({ lost }) => lost < 0);
console.log(
  [
    `${outcomes.length} spools, ${failed.length} failed`,
    `${sum(({ owed }) => owed)} points owed`,
    `${sum(({ recovered }) => recovered)} recovered`,
    `${sum(({ lost }) => Math.max(lost, 0))} counted as lost`,
    `${unknown.length} spools of which file and ledger were damaged said that they do not know`,
    `slowest start ${Math.round(slowest)} ms`,
  ].join('; '),
);
process.exitCode = failed.length > 0 ? 1 : 0;
