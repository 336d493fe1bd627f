import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** As a whole or not at all: others may read it at any moment. */
export function replaceFile(file: string, { content, mode = 0o666 }: { content: string; mode?: number }): void {
  const temporary = join(dirname(file), `.${basename(file)}.new`);
  try {
    writeFileSync(temporary, content, { mode, flush: true });
    renameSync(temporary, file);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

/** What a person needs of `EACCES: permission denied, mkdir '/x'`. */
export function fileProblem(error: unknown): string {
  return (error as Error).message.replace(/^[A-Z0-9]+: |, [a-z]+ '.*$/g, '');
}
