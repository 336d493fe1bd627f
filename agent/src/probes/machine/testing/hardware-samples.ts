/** The samples of `tests/fixtures/hardware`; see its README for where they come from. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const samples = new URL('../../../../../tests/fixtures/hardware/', import.meta.url);

export function sample(name: string): string {
  return readFileSync(new URL(name, samples), 'utf8');
}

/** A folder that stands for `/`, in which devices come and go. */
export class SampleRoot {
  readonly path = mkdtempSync(join(tmpdir(), 'vonggac-hardware-'));

  /** Lays out a `.tree.txt`. */
  add(name: string): this {
    for (const line of sample(name).trimEnd().split('\n')) {
      const [, path = '', sign, content = ''] = /^(\S+) (=|->) ?(.*)$/.exec(line) ?? [];
      if (sign === '->') this.link(path, content);
      else this.write(path, content.replaceAll('\\n', '\n'));
    }
    return this;
  }

  write(path: string, content: string): void {
    const file = join(this.path, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, `${content}\n`);
  }

  link(path: string, target: string): void {
    mkdirSync(dirname(join(this.path, path)), { recursive: true });
    symlinkSync(target, join(this.path, path));
  }

  remove(path = '.'): void {
    rmSync(join(this.path, path), { recursive: true });
  }
}
