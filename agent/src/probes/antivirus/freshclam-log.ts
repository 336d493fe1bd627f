/** Source: freshclam's log: when signatures were last asked for, and with what result. */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

export interface UpdateReading {
  /** Start of the last attempt, milliseconds since 1970. */
  readonly attempt: number | undefined;
  /** Of the last attempt that has ended. */
  readonly succeeded: boolean | undefined;
  /** ClamAV itself is too old for what comes from now on. */
  readonly isOutdated: boolean;
}

/** A run writes up to 5 KB. */
const tailBytes = 64 * 1024;

/** Throws when the log cannot be read. */
export function readFreshclamLog(path: string): UpdateReading {
  const descriptor = openSync(path, 'r');
  try {
    const { size } = fstatSync(descriptor);
    const buffer = Buffer.alloc(Math.min(size, tailBytes));
    const length = readSync(descriptor, buffer, 0, buffer.length, size - buffer.length);
    return parseFreshclamLog(buffer.toString('utf8', 0, length));
  } finally {
    closeSync(descriptor);
  }
}

/** Two messages can stand on one line; therefore texts are looked for anywhere. */
export function parseFreshclamLog(text: string): UpdateReading {
  const starts = [...text.matchAll(/ClamAV update process started at (\w{3} \w{3} [ \d]\d \d\d:\d\d:\d\d \d{4})/g)];
  const attempt = Date.parse(starts.at(-1)?.[1] ?? '');
  let succeeded: boolean | undefined;
  let isOutdated = false;
  for (const [index, start] of starts.entries()) {
    const run = text.slice(start.index, starts[index + 1]?.index);
    const hasFailed = /ERROR: (?:Database update process failed|Update failed)/.test(run);
    const isDone = /(?:database is up-to-date|updated) \(version:/.test(run);
    if (hasFailed || isDone) succeeded = !hasFailed;
    isOutdated = run.includes('ClamAV installation is OUTDATED');
  }
  return { attempt: Number.isNaN(attempt) ? undefined : attempt, succeeded, isOutdated };
}
