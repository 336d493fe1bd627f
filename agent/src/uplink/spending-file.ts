/** `spending.json`: what was spent of the day's bytes, so that a restart does not give them again. */
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod/mini';

const SpendingFile = z.object({
  /** Days since 1970, in Vietnam. */
  day: z.int(),
  /** Bytes. */
  used: z.int().check(z.nonnegative()),
});
type SpendingFile = z.infer<typeof SpendingFile>;

function fileIn(folder: string): string {
  return join(folder, 'spending.json');
}

/** Undefined when there is none, or it is damaged. */
export function readSpending(folder: string): SpendingFile | undefined {
  try {
    const parsed = SpendingFile.safeParse(JSON.parse(readFileSync(fileIn(folder), 'utf8')));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}

/** Never throws: at worst a restart begins the day anew, and the spool reports the state of the disk. */
export function writeSpending(folder: string, spending: SpendingFile): void {
  try {
    const fresh = `${fileIn(folder)}.new`;
    writeFileSync(fresh, JSON.stringify(spending), { mode: 0o600 });
    renameSync(fresh, fileIn(folder));
  } catch {
    // The comment above says why.
  }
}
