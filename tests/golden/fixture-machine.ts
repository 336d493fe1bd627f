/** A captured machine as files: `tests/fixtures/machines/linux-debian-12-vm`. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';

const machine = join(import.meta.dirname, '../fixtures/machines/linux-debian-12-vm');

/** The text of one of the machine's files; throws when there is none. */
export function fixture(path: string): string {
  return readFileSync(join(machine, path), 'utf8');
}

/** The machine's files in a folder of their own, where they can move on from one state to the next. */
export class FixtureMachine {
  readonly root = mkdtempSync(join(tmpdir(), 'vonggac-machine-'));

  /** Files are overwritten in place, so that probes that keep them open see the new state, as on a real machine. */
  show(state: 'first' | 'second'): void {
    const source = join(machine, state);
    for (const entry of readdirSync(source, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue;
      const file = join(entry.parentPath, entry.name);
      const target = join(this.root, relative(source, file));
      mkdirSync(dirname(target), { recursive: true });
      writeFileSync(target, readFileSync(file));
    }
  }

  remove(): void {
    rmSync(this.root, { recursive: true });
  }
}
