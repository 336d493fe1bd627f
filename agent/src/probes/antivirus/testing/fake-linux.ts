/** A folder that stands for `/` of a Linux machine, with processes. */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

export class FakeLinux {
  readonly root = mkdtempSync(join(tmpdir(), 'vonggac-linux-'));

  constructor() {
    this.write('proc/uptime', '100000.00 90000.00\n');
  }

  write(path: string, content: string | Buffer): string {
    const file = join(this.root, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
    return file;
  }

  remove(path: string): void {
    rmSync(join(this.root, path), { recursive: true });
  }

  /** A process that was started `ageSeconds` ago and has these files of fdinfo. */
  run(
    pid: number,
    options: { name: string; program?: string; words?: readonly string[]; ageSeconds?: number; fdinfo?: string },
  ): void {
    const { name, program = `/usr/bin/${name}`, words = [], ageSeconds = 50_000, fdinfo = '' } = options;
    this.write(`proc/${pid}/comm`, `${name}\n`);
    this.write(`proc/${pid}/cmdline`, [program, ...words, ''].join('\0'));
    const ticks = (100_000 - ageSeconds) * 100;
    this.write(`proc/${pid}/stat`, `${pid} (${name}) S 1 ${'0 '.repeat(17)}${ticks} 0 0\n`);
    this.write(`proc/${pid}/fdinfo/3`, fdinfo);
    symlinkSync(program, join(this.root, `proc/${pid}/exe`));
  }

  end(pid: number): void {
    this.remove(`proc/${pid}`);
  }

  close(): void {
    rmSync(this.root, { recursive: true });
  }
}

/** fdinfo of an on-access scanner. */
export const marks = {
  prevents:
    'fanotify flags:34 event-flags:8000\nfanotify ino:20e14d sdev:fe00000 mflags:0 mask:8030000 ignored_mask:0\n',
  watches:
    'fanotify flags:34 event-flags:8000\nfanotify ino:20e14d sdev:fe00000 mflags:0 mask:8000020 ignored_mask:0\n',
} as const;
