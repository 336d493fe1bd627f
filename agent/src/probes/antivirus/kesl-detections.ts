/**
 * What Kaspersky Endpoint Security for Linux found. Source: `kesl-control -E`, which reads its database of events. It is
 * started every few minutes, and as soon as the file of the database changes. The form of the database itself is the
 * maker's own; to the system's log KESL writes only when told to, in a form that no page shows.
 * https://support.kaspersky.com/KES4Linux/12.1.0/en-US/264027.htm
 */
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod/mini';
import type { RunCommand } from '../../system/run-command.ts';
import { categoryOf } from './detection-category.ts';
import { parseDate } from './labelled-lines.ts';
import type { DetectionSource, MalwareDetection } from './product-status.ts';

const program = '/opt/kaspersky/kesl/bin/kesl-control';
/** Where it is unless another place was set; what SQLite has not yet put into it is beside it. */
const database = '/var/opt/kaspersky/kesl/private/storage/events.db';
/** The newest, newest first. */
const args = ['-E', '--query', "EventType=='ThreatDetected'", '-n', '200', '--reverse'];
const everySeconds = 300;
/** At the very first time, and when its database was made anew. */
const firstAgeMs = 86_400_000;
const severities = ['low', 'medium', 'high', 'critical'] as const;

/** Numbers of events grow; a smaller newest one means another database. */
const Cursor = z.object({ lastEvent: z.int() });

export interface KeslEvent {
  readonly id: number;
  readonly detection: MalwareDetection;
}

export function keslDetections(options: { root: string; runCommand: RunCommand }): DetectionSource {
  return {
    name: 'kesl',
    everySeconds,
    mark: () => markOf([database, `${database}-wal`].map((path) => join(options.root, path))),
    async read(before, { time }, signal) {
      if (!existsSync(join(options.root, program))) return { detections: [], cursor: before };
      const { stdout, exitCode } = await options.runCommand(program, args, {
        timeoutMs: 15_000,
        exitCodes: [0, 64],
        signal,
      });
      // 64: it does not run, and tells what it found when it does.
      if (exitCode === 64) return { detections: [], cursor: before };
      const events = parseKeslEvents(stdout, time);
      const newest = Math.max(-1, ...events.map((event) => event.id));
      const parsed = Cursor.safeParse(before);
      const last = parsed.success && newest >= parsed.data.lastEvent ? parsed.data.lastEvent : undefined;
      const isNew = ({ id, detection }: KeslEvent) =>
        last === undefined ? time - detection.time <= firstAgeMs : id > last;
      const detections = events.filter(isNew).map((event) => event.detection);
      return { detections, cursor: newest === last || newest < 0 ? before : { lastEvent: newest } };
    },
  };
}

function markOf(paths: readonly string[]): string | undefined {
  try {
    const stats = paths.flatMap((path) => statSync(path, { bigint: true, throwIfNoEntry: false }) ?? []);
    return stats.map(({ size, mtimeNs }) => `${size} ${mtimeNs}`).join();
  } catch {
    return undefined;
  }
}

/** Blocks of `Key=Value` lines with an empty line between them; the oldest comes first in the result. */
export function parseKeslEvents(text: string, now: number): KeslEvent[] {
  return text
    .split(/\r?\n\s*\n/)
    .flatMap((block) => parseEvent(block, now) ?? [])
    .sort((one, other) => one.id - other.id);
}

function parseEvent(block: string, now: number): KeslEvent | undefined {
  const values = new Map<string, string>();
  for (const [, key, value] of block.matchAll(/^[ \t]*(\w{1,40})=(.*)$/gm)) {
    if (key !== undefined && value !== undefined) values.set(key, value.trim());
  }
  const id = /^\d{1,15}$/.exec(values.get('EventId') ?? '')?.[0];
  const name = values.get('DetectName');
  if (id === undefined || !name || values.get('EventType') !== 'ThreatDetected') return undefined;
  const object = values.get('FileName') ?? values.get('ObjectName');
  const sha256 = /^[0-9a-f]{64}$/i.exec(values.get('Sha256Hash') ?? '')?.[0];
  const date = values.get('Date');
  return {
    id: Number(id),
    detection: {
      // With its date: a database made anew counts from the beginning.
      id: `kesl-${id}-${(date ?? '').replace(/\D/g, '')}`,
      // Which time zone is not said.
      time: parseDate(date, 'local') ?? now,
      product: 'kesl',
      name,
      severity: severities.find((severity) => severity === values.get('DangerLevel')?.toLowerCase()) ?? 'unknown',
      category: categoryOf(`${name} ${values.get('DetectType') ?? ''}`),
      object,
      objectKind: object?.startsWith('/') ? 'file' : undefined,
      action: 'detected',
      sha256: sha256?.toLowerCase(),
      origin: 'unknown',
    },
  };
}
