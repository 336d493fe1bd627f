/**
 * Looks for input that does what no input may: another exception than agreed, a wrong answer, a collector that ends,
 * hangs or keeps memory.
 *
 *   npm run fuzz                        thirty seconds
 *   npm run fuzz -- --minutes 60        as long as told
 *   npm run fuzz -- --seed S            the inputs of an earlier run
 *   npm run fuzz -- --seed S --input N  one input of the readers, and what comes of it
 */
import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { temporaryFolder } from '../harness/program.ts';
import { ReaderFuzz, readerInput, tryReader } from './fuzz-readers.ts';
import { WireFuzz } from './fuzz-wire.ts';
import type { Failure, Tally } from './tally.ts';

const readersMs = 300;
const wireMs = 1_500;
const reportEveryMs = 5_000;
const shownAtMost = 2_000;
const failures = join(import.meta.dirname, '../../.cache/fuzz');

const { values } = parseArgs({
  options: {
    seed: { type: 'string' },
    input: { type: 'string' },
    minutes: { type: 'string' },
    seconds: { type: 'string' },
    'readers-only': { type: 'boolean' },
  },
});
const seed = values.seed ?? randomBytes(4).toString('hex');
const lengthMs = values.minutes === undefined ? 1_000 * Number(values.seconds ?? 30) : 60_000 * Number(values.minutes);

if (!(lengthMs > 0)) {
  console.error(`"${values.minutes ?? values.seconds}" is no length of time: write a number`);
  process.exit(2);
}

let isInterrupted = false;
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    isInterrupted = true;
  });
}

/** One input again, for whoever looks for the cause. */
function replay(index: number): number {
  const { reader, bytes } = readerInput(seed, index);
  const result = tryReader(reader, bytes);
  console.log(`${reader.name}, ${bytes.length} bytes: ${bytes.toString('base64').slice(0, shownAtMost)}`);
  console.log('problem' in result ? result.problem : result.outcome);
  return 'problem' in result ? 1 : 0;
}

function report(name: string, tally: Tally, seconds: number): void {
  const rate = Math.round(tally.inputs / Math.max(seconds, 1));
  console.log(
    `  ${name.padEnd(8)} ${tally.inputs.toLocaleString('en')} inputs, ${rate.toLocaleString('en')}/s: ${tally}`,
  );
}

function explain({ target, index, problem, bytes }: Failure): void {
  mkdirSync(failures, { recursive: true });
  const file = join(failures, `${seed}-${target}-${index}.base64`);
  const text = bytes.toString('base64');
  writeFileSync(file, `${text}\n`);
  console.log(`FAILED: ${target}, input ${index} of seed ${seed}: ${problem}`);
  console.log(`the input is in ${file}: ${text.length > shownAtMost ? `${text.slice(0, shownAtMost)}…` : text}`);
}

async function fuzz(): Promise<number> {
  console.log(`fuzzing with seed ${seed} for ${lengthMs / 1_000} s`);
  const folder = temporaryFolder();
  const readerFuzz = new ReaderFuzz(seed);
  const wireFuzz = values['readers-only'] ? undefined : new WireFuzz(seed, folder.path);
  let reportAt = reportEveryMs;
  try {
    await wireFuzz?.start();
    const startedAt = performance.now();
    for (;;) {
      const failure = readerFuzz.run(readersMs) ?? (await wireFuzz?.run(wireMs));
      // Ctrl-C reaches the collector too.
      if (failure && !isInterrupted) {
        explain(failure);
        return 1;
      }
      const elapsedMs = performance.now() - startedAt;
      const isOver = elapsedMs >= lengthMs || isInterrupted;
      if (elapsedMs < reportAt && !isOver) continue;
      reportAt = elapsedMs + reportEveryMs;
      console.log(`${Math.round(elapsedMs / 1_000)} s`);
      report('readers', readerFuzz.tally, elapsedMs / 1_000);
      if (wireFuzz) {
        report('wire', wireFuzz.tally, elapsedMs / 1_000);
        console.log(`  slowest ack of the honest agent: ${wireFuzz.slowestAckMs} ms`);
      }
      if (isOver) return 0;
    }
  } finally {
    await wireFuzz?.stop();
    folder.remove();
  }
}

process.exitCode = values.input === undefined ? await fuzz() : replay(Number(values.input));
