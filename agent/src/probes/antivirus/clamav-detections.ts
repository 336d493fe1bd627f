/**
 * What ClamAV found on Linux. clamd's log names every find; clamonacc's adds which of them the kernel asked about, and it
 * alone speaks when clamd has no log file.
 */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import * as z from 'zod/mini';
import { readClamavConfig } from './clamav-config.ts';
import { type Find, parseFind } from './clamav-log.ts';
import { categoryOf } from './detection-category.ts';
import { LogCursor, LogTail } from './log-tail.ts';
import type { ProcessesLinux } from './processes-linux.ts';
import type { DetectionSource, MalwareDetection } from './product-status.ts';

const Cursor = z.object({ clamd: z.optional(LogCursor), clamonacc: z.optional(LogCursor) });
type Cursor = z.infer<typeof Cursor>;

interface Options {
  readonly root: string;
  /** Where clamd.conf is, instead of the usual places. */
  readonly configPaths: readonly string[];
  readonly processes: ProcessesLinux;
}

const usualClamonaccLog = '/var/log/clamav/clamonacc.log';
/** How often to look whether the logs are still where they were. */
const lookAgainMs = 60_000;
/** Of a log that is seen for the first time, only what is news. */
const firstAgeMs = 86_400_000;
/** The same file with the same name again within this time is the same detection: on-access scanners ask at each opening. */
const sameMs = 600_000;
const rememberedFinds = 1_000;

export function clamavDetections(options: Options): DetectionSource {
  const recent = new RecentFinds();
  let logs: Logs | undefined;
  return {
    name: 'clamav',
    everySeconds: 0,
    async read(before, { time, monotonicMs }) {
      const now = monotonicMs();
      if (!logs || now - logs.foundAt >= lookAgainMs) logs = findLogs(options, { now, last: logs });
      const parsed = Cursor.safeParse(before);
      const cursor: Cursor = parsed.success ? parsed.data : {};
      const clamd = logs.clamd?.tail.read(cursor.clamd);
      const clamonacc = logs.clamonacc?.tail.read(cursor.clamonacc);
      if (!clamd && !clamonacc) return { detections: [], cursor: before };
      const findsOf = (lines: readonly string[] = []) => lines.flatMap((line) => parseFind(line) ?? []);
      const detections = new Map<string, MalwareDetection>();
      for (const find of findsOf(clamd?.lines)) {
        const detection = recent.add(find, { now: time, isFirst: cursor.clamd === undefined });
        if (detection) detections.set(detection.id, detection);
      }
      // Its lines have no time: of what is there before it is first looked at nobody knows how old it is.
      for (const find of cursor.clamonacc === undefined ? [] : findsOf(clamonacc?.lines)) {
        const detection = recent.addOnAccess(find, { now: time, isPrevented: logs.isPrevented });
        if (detection) detections.set(detection.id, detection);
      }
      const after = { clamd: clamd?.cursor ?? cursor.clamd, clamonacc: clamonacc?.cursor ?? cursor.clamonacc };
      return { detections: [...detections.values()], cursor: after };
    },
  };
}

interface Log {
  readonly path: string;
  readonly tail: LogTail;
}

interface Logs {
  readonly foundAt: number;
  readonly clamd: Log | undefined;
  readonly clamonacc: Log | undefined;
  readonly isPrevented: boolean;
}

function findLogs(options: Options, { now, last }: { now: number; last: Logs | undefined }): Logs {
  const { root, configPaths, processes } = options;
  const config = readClamavConfig(root, configPaths);
  const logAt = (path: string, known: Log | undefined): Log =>
    path === known?.path ? known : { path, tail: new LogTail(join(root, path)) };
  return {
    foundAt: now,
    clamd: config?.log === undefined ? undefined : logAt(config.log, last?.clamd),
    clamonacc: config && logAt(clamonaccLog(processes), last?.clamonacc),
    isPrevented: config?.onAccessPrevents === true,
  };
}

/** clamonacc takes the place of its log from its command line only. */
function clamonaccLog(processes: ProcessesLinux): string {
  for (const process of processes.named('clamonacc')) {
    const [, path] = /\0(?:--log[=\0]|-l\0?)(\/[^\0]+)/.exec(processes.commandLine(process)) ?? [];
    if (path !== undefined) return path;
  }
  return usualClamonaccLog;
}

/** What was found in the last minutes, so that what is said twice is told once. */
class RecentFinds {
  readonly #finds = new Map<string, MalwareDetection>();

  /** Undefined when it is known, or history. */
  add(find: Find, { now, isFirst }: { now: number; isFirst: boolean }): MalwareDetection | undefined {
    const time = timeOf(find, now);
    if (isFirst && now - time > firstAgeMs) return undefined;
    if (this.#known(find, time)) return undefined;
    return this.#remember(find, detectionOf(find, time));
  }

  /** Of what clamd has told already this is the second half, under the same id. */
  addOnAccess(find: Find, { now, isPrevented }: { now: number; isPrevented: boolean }): MalwareDetection | undefined {
    const known = this.#known(find, now);
    if (known?.origin === 'realtime') return undefined;
    const detection = known ?? detectionOf(find, now);
    return this.#remember(find, { ...detection, origin: 'realtime', action: isPrevented ? 'blocked' : 'detected' });
  }

  #known(find: Find, time: number): MalwareDetection | undefined {
    const known = this.#finds.get(keyOf(find));
    return known && Math.abs(time - known.time) < sameMs ? known : undefined;
  }

  #remember(find: Find, detection: MalwareDetection): MalwareDetection {
    this.#finds.delete(keyOf(find));
    this.#finds.set(keyOf(find), detection);
    for (const oldest of this.#finds.keys()) {
      if (this.#finds.size <= rememberedFinds) break;
      this.#finds.delete(oldest);
    }
    return detection;
  }
}

function keyOf({ object, name }: Find): string {
  return JSON.stringify([object, name]);
}

/** clamd writes local time without a zone, to the second. */
function timeOf({ stamp }: Find, now: number): number {
  const time = stamp === undefined ? Number.NaN : Date.parse(stamp);
  return Number.isNaN(time) ? now : time;
}

function detectionOf(find: Find, time: number): MalwareDetection {
  const { object, name } = find;
  // Of what the log says alone, so that the same line gives the same id whenever it is read.
  const when = find.stamp ?? `${Math.floor(time / 60_000)}`;
  const id = createHash('sha256')
    .update(JSON.stringify([when, object, name]))
    .digest('hex')
    .slice(0, 32);
  return {
    id: `clamav-${id}`,
    time,
    product: 'clamav',
    name,
    // ClamAV does not rate what it finds.
    severity: 'unknown',
    category: categoryOf(name),
    object,
    objectKind: object.startsWith('/') ? 'file' : undefined,
    action: 'detected',
    origin: 'unknown',
  };
}
