/**
 * `audit.head`: how far the audit log has come, in a file of its own, so that entries cut off at the end are missed.
 * It may lag behind the log by what was written at the moment of a crash; it is never ahead of it.
 */
import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';

const AuditHead = z.strictObject({ log: z.string(), seq: z.int().min(0), hash: z.string() });
export type AuditHead = z.infer<typeof AuditHead>;

function fileIn(folder: string): string {
  return join(folder, 'audit.head');
}

/** Undefined when the file is not there or is not readable as one. */
export function readAuditHead(folder: string): AuditHead | undefined {
  try {
    return AuditHead.parse(JSON.parse(readFileSync(fileIn(folder), 'utf8')));
  } catch {
    return undefined;
  }
}

/** Replaces the file as a whole. The caller holds the log's lock, or two processes would put the older one last. */
export function writeAuditHead(folder: string, head: AuditHead): void {
  const temporary = `${fileIn(folder)}.new`;
  const descriptor = openSync(temporary, 'w', 0o600);
  try {
    writeSync(descriptor, `${JSON.stringify(head)}\n`);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  renameSync(temporary, fileIn(folder));
}
