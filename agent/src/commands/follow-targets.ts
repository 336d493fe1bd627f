import { PushedTarget } from '@vonggac/shared';
import * as z from 'zod/mini';
import { cleanText } from '../probes/clean-text.ts';
import { createMonitor, thisMachine } from '../probes/connectivity/connectivity.ts';
import { pushedTargets, type Target } from '../probes/connectivity/target.ts';
import { exitCodes } from './command.ts';
import { LineReader } from './line-reader.ts';
import { PointWriter } from './point-writer.ts';

const maxFollowed = 2_000;
/** 2,000 targets at their longest. */
const maxLineLength = 4 * 1_048_576;
const maxWaitingPoints = 10_000;
const summaryEveryMs = 60_000;

const Line = z.object({ targets: z.array(PushedTarget).check(z.maxLength(maxFollowed)) });

/**
 * `probe connectivity --follow`: the agent's measuring for another program. Each line of standard input,
 * `{"targets":[…]}` as the collector pushes them, replaces the targets; each line of standard output is
 * `{"point":{…}}`. Ends when standard input does.
 */
export async function followTargets(): Promise<number> {
  const complain = (text: string) => void process.stderr.write(`${text}\n`);
  const writer = new PointWriter(process.stdout, {
    maxWaiting: maxWaitingPoints,
    onDropped: (count) => complain(`${count} points dropped: standard output was not read`),
  });
  const monitor = createMonitor({ outside: thisMachine(), onEvents: (points) => writer.write(points) });
  // Nobody listens any more.
  process.stdout.on('error', () => process.stdin.destroy());
  const summaries = setInterval(() => writer.write(monitor.takeSummaries(Date.now()).points), summaryEveryMs);
  monitor.start();
  const reader = new LineReader(maxLineLength);
  try {
    for await (const chunk of process.stdin.setEncoding('utf8')) {
      for (const line of reader.add(String(chunk))) {
        try {
          monitor.setTargets(readLine(line));
        } catch (error) {
          complain(`targets not taken, the last good ones stay: ${cleanText((error as Error).message)}`);
        }
      }
    }
  } catch (error) {
    // It was destroyed above.
    if ((error as NodeJS.ErrnoException).code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error;
  } finally {
    clearInterval(summaries);
    monitor.stop();
  }
  return exitCodes.done;
}

/** Throws with what is wrong, in one line. */
export function readLine(line: string | undefined): Target[] {
  if (line === undefined) throw new Error(`the line has more than ${maxLineLength} characters`);
  const parsed = Line.safeParse(JSON.parse(line));
  if (parsed.success) return pushedTargets(parsed.data.targets);
  const [issue] = parsed.error.issues;
  throw new Error(`${issue?.path.join('.') || 'the line'}: ${issue?.message}`);
}
