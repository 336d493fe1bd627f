/**
 * The collector's own checks of the units' edges, done by the agent's program in a process of its own: it knows how to
 * ping, and whatever goes wrong there does not touch the collector. A process that ends is started again, later each
 * time; while it is away nothing is known of the edges, and nothing is called down.
 */
// biome-ignore lint/style/noRestrictedImports: the collector does not ping; the agent's program does
import { type ChildProcess, spawn } from 'node:child_process';
import { type Point, type PushedTarget, TargetScope, targetKinds } from '@vonggac/shared';
import type { Logger } from 'pino';
import * as z from 'zod';
import type { AgentLaunch } from '../agent-program.ts';

const firstRestartMs = 1_000;
const lastRestartMs = 60_000;
/** A process that lived this long was well: the next restart comes soon. */
const wellAfterMs = 60_000;
const stopMs = 2_000;
/** A point with the longest path takes a few thousand. */
const maxLineLength = 65_536;
const maxTextLength = 200;
const complaintEveryMs = 60_000;

const Line = z.object({
  point: z.object({
    measurement: z.literal('connectivity'),
    tags: z.strictObject({ target: z.string().max(64), kind: z.enum(targetKinds), scope: TargetScope }),
    fields: z.record(z.string(), z.union([z.boolean(), z.number(), z.string()])),
    time: z.int(),
  }),
});

interface Options {
  /** Undefined when there is no such program. */
  readonly launch: () => AgentLaunch | undefined;
  readonly onPoint: (point: Point) => void;
  readonly logger: Logger;
  readonly monotonic: () => number;
}

export class EdgeProcess {
  readonly #options: Options;
  #targets: readonly PushedTarget[] = [];
  #child: ChildProcess | undefined;
  #restart: NodeJS.Timeout | undefined;
  #restartMs = firstRestartMs;
  #complainedAt = Number.NEGATIVE_INFINITY;
  #isStopped = true;
  /** How often it had to be started again. */
  restarts = 0;

  constructor(options: Options) {
    this.#options = options;
  }

  get isRunning(): boolean {
    return this.#child !== undefined;
  }

  /** Without targets there is no process. */
  setTargets(targets: readonly PushedTarget[]): void {
    if (JSON.stringify(targets) === JSON.stringify(this.#targets)) return;
    this.#targets = targets;
    if (this.#child) this.#send();
    else if (!this.#isStopped && this.#restart === undefined) this.#start();
  }

  start(): void {
    this.#isStopped = false;
    this.#start();
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    clearTimeout(this.#restart);
    this.#restart = undefined;
    const child = this.#child;
    if (!child) return;
    const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
    child.stdin?.end();
    const deadline = setTimeout(() => child.kill('SIGKILL'), stopMs);
    await ended;
    clearTimeout(deadline);
  }

  #start(): void {
    if (this.#targets.length === 0) return;
    const launch = this.#options.launch();
    if (!launch) return this.#startLater({ problem: 'the program vonggac-agent is not there' });
    const startedAt = this.#options.monotonic();
    const child = spawn(launch.program, [...launch.args, 'probe', 'connectivity', '--follow'], {
      stdio: ['pipe', 'pipe', 'pipe'],
      env: launch.environment,
      // A group of its own, so that Ctrl-C reaches the collector alone, which then ends it.
      detached: true,
    });
    this.#child = child;
    let problem: string | undefined;
    child.once('error', (error) => {
      problem = error.message;
    });
    // It may end while something is written to it; `close` tells.
    child.stdin.on('error', () => undefined);
    readLines(child.stdout, (line) => this.#read(line));
    readLines(child.stderr, (line) => this.#complain(line ?? 'a line that is too long'));
    child.once('close', (code, signal) => {
      this.#child = undefined;
      if (this.#isStopped) return;
      if (this.#options.monotonic() - startedAt >= wellAfterMs) this.#restartMs = firstRestartMs;
      this.#startLater({ problem: problem ?? 'it ended', code, signal });
    });
    this.#send();
  }

  #startLater(why: Readonly<Record<string, unknown>>): void {
    const waitMs = this.#restartMs;
    this.#restartMs = Math.min(lastRestartMs, 2 * waitMs);
    this.restarts += 1;
    this.#options.logger.warn({ ...why, waitMs }, 'edge addresses are not checked, starting again');
    this.#restart = setTimeout(() => {
      this.#restart = undefined;
      this.#start();
    }, waitMs).unref();
  }

  #send(): void {
    this.#child?.stdin?.write(`${JSON.stringify({ targets: this.#targets })}\n`);
  }

  #read(line: string | undefined): void {
    const point = line === undefined ? undefined : parseLine(line);
    if (!point) return this.#complain('a line that is no point');
    const isKnown = this.#targets.some(({ id }) => id === point.tags.target);
    // Others were taken away a moment ago, or are what the machine checks by itself.
    if (isKnown && point.tags.scope === 'edge') this.#options.onPoint(point);
  }

  #complain(problem: string): void {
    const now = this.#options.monotonic();
    if (now - this.#complainedAt < complaintEveryMs) return;
    this.#complainedAt = now;
    this.#options.logger.warn({ problem: problem.slice(0, maxTextLength) }, 'the checks of edge addresses complain');
  }
}

function parseLine(line: string): Point | undefined {
  try {
    return Line.safeParse(JSON.parse(line)).data?.point;
  } catch {
    return undefined;
  }
}

/** Calls `take` with every line; with undefined for one that is too long. */
function readLines(stream: NodeJS.ReadableStream, take: (line: string | undefined) => void): void {
  let rest = '';
  let isSkipping = false;
  stream.setEncoding('utf8');
  stream.on('data', (text: string) => {
    const lines = `${rest}${text}`.split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      take(isSkipping || line.length > maxLineLength ? undefined : line);
      isSkipping = false;
    }
    if (rest.length <= maxLineLength) return;
    rest = '';
    isSkipping = true;
  });
}
