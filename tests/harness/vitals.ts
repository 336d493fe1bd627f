/** An eye on a Node program from outside: what memory it holds and how late its event loop runs. */
import { readFileSync, rmSync } from 'node:fs';
import { type Program, until } from './program.ts';

export interface Vitals {
  /** Bytes that live after a garbage collection: heap and buffers. */
  readonly live: number;
  readonly rss: number;
  /** Event-loop delay since the last look, milliseconds. */
  readonly p99: number;
  readonly max: number;
}

/** Runs in the program: on SIGUSR2 it collects garbage and writes its vitals. */
const eye = `
import { isMainThread } from 'node:worker_threads';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { writeFileSync, renameSync } from 'node:fs';
if (isMainThread) {
  const delay = monitorEventLoopDelay({ resolution: 10 });
  delay.enable();
  process.on('SIGUSR2', () => {
    const p99 = delay.percentile(99) / 1e6, max = delay.max / 1e6;
    const file = process.env.VONGGAC_TEST_VITALS;
    globalThis.gc(); globalThis.gc();
    const { heapUsed, external, rss } = process.memoryUsage();
    writeFileSync(file + '.new', JSON.stringify({ live: heapUsed + external, rss, p99, max }));
    renameSync(file + '.new', file);
    delay.reset();
  });
}`;

/** The environment of a program that is to be watched through `file`. */
export function watched(file: string): Record<string, string> {
  return {
    VONGGAC_TEST_VITALS: file,
    NODE_OPTIONS: `--expose-gc --import=data:text/javascript,${encodeURIComponent(eye)}`,
  };
}

export async function readVitals(program: Program, file: string): Promise<Vitals> {
  rmSync(file, { force: true });
  program.signal('SIGUSR2');
  return until('the vitals', () => {
    try {
      return JSON.parse(readFileSync(file, 'utf8')) as Vitals;
    } catch {
      return undefined;
    }
  });
}
