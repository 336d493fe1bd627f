/** `runtime.json`: tells commands on this machine where the running collector listens. A crash leaves it behind. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';

const Runtime = z.object({
  pid: z.int(),
  agentsPort: z.int(),
  consoleUrl: z.url(),
  /** Of the certificate of a console with TLS. */
  consoleFingerprint: z.string().optional(),
});
export type Runtime = z.infer<typeof Runtime>;

export function writeRuntimeFile(folder: string, runtime: Omit<Runtime, 'pid'>): void {
  writeFileSync(fileIn(folder), `${JSON.stringify({ pid: process.pid, ...runtime })}\n`);
}

export function removeRuntimeFile(folder: string): void {
  rmSync(fileIn(folder), { force: true });
}

/** Undefined when no collector has written one that makes sense. */
export function readRuntimeFile(folder: string): Runtime | undefined {
  try {
    return Runtime.parse(JSON.parse(readFileSync(fileIn(folder), 'utf8')));
  } catch {
    return undefined;
  }
}

function fileIn(folder: string): string {
  return join(folder, 'runtime.json');
}
