/**
 * A real clamd in a folder of its own, with one signature: the SHA-256 of the test file of EICAR. The text of that file
 * stands here in two halves, so that no scanner takes this one for it.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, closeSync, existsSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { until } from './program.ts';

const eicar = ['X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD', '-ANTIVIRUS-TEST-FILE!$H+H*'].join('');
const programs = { clamd: '/usr/sbin/clamd', clamdscan: '/usr/bin/clamdscan', clamonacc: '/usr/sbin/clamonacc' };
/** As clamd names it: signatures that its makers have not signed have this ending. */
export const threat = 'Eicar-Test-Signature';

export const missingClamav = ['clamd', 'clamdscan'].some((name) => !existsSync(programs[name as 'clamd']))
  ? 'clamav-daemon and clamdscan are not installed'
  : undefined;

export class Clamav {
  readonly config: string;
  readonly databases: string;
  readonly log: string;
  /** Watched by clamonacc. */
  readonly watched: string;
  readonly #folder: string;
  readonly #children = new Map<'clamd' | 'clamonacc', ChildProcess>();

  constructor(folder: string) {
    this.#folder = folder;
    this.config = join(folder, 'clamd.conf');
    this.databases = join(folder, 'databases');
    this.log = join(folder, 'clamd.log');
    this.watched = join(folder, 'watched');
    for (const path of [folder, this.databases, this.watched]) {
      mkdirSync(path, { recursive: true });
      chmodSync(path, 0o755);
    }
    const hash = createHash('sha256').update(eicar).digest('hex');
    writeFileSync(join(this.databases, 'eicar.hsb'), `${hash}:${eicar.length}:${threat}:73\n`);
    const lines = [
      `LocalSocket ${join(folder, 'clamd.sock')}`,
      `DatabaseDirectory ${this.databases}`,
      `LogFile ${this.log}`,
      `TemporaryDirectory ${folder}`,
      'LogTime yes',
      'ExtendedDetectionInfo yes',
      'Foreground yes',
      `OnAccessIncludePath ${this.watched}`,
      'OnAccessPrevention yes',
      // clamd itself runs as root here, and must be able to open what it is to judge.
      'OnAccessExcludeRootUID yes',
    ];
    writeFileSync(this.config, `${lines.join('\n')}\n`);
    // No run of freshclam is to be found but what a test writes there.
    writeFileSync(join(folder, 'freshclam.conf'), `UpdateLogFile ${join(folder, 'freshclam.log')}\n`);
  }

  /** Starts clamd and waits until it answers. */
  async start(): Promise<void> {
    const child = this.#start('clamd', ['--config-file', this.config]);
    await until('clamd to listen', () => {
      if (child.exitCode !== null)
        throw new Error(`clamd ended with ${child.exitCode}: ${readFileSync(this.log, 'utf8')}`);
      return spawnSync(programs.clamdscan, ['--config-file', this.config, '--ping', '1']).status === 0;
    });
  }

  /** Starts clamd, which is to give up; returns its exit code. */
  async startInVain(): Promise<number | null> {
    const child = this.#start('clamd', ['--config-file', this.config]);
    return until('clamd to give up', () => child.exitCode ?? undefined);
  }

  /** Starts the on-access scanner; false where the kernel has no fanotify permission events for it. */
  async startOnAccess(): Promise<boolean> {
    const log = join(this.#folder, 'clamonacc.log');
    const child = this.#start('clamonacc', ['--foreground', '--config-file', this.config, `--log=${log}`]);
    return until('clamonacc to watch', () => {
      if (child.exitCode !== null) return 'no';
      return existsSync(log) && readFileSync(log, 'utf8').includes('watching') ? 'yes' : undefined;
    }).then((answer) => answer === 'yes');
  }

  async stop(name: 'clamd' | 'clamonacc' = 'clamd'): Promise<void> {
    const child = this.#children.get(name);
    this.#children.delete(name);
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGTERM');
    const deadline = setTimeout(() => child.kill('SIGKILL'), 10_000);
    await ended;
    clearTimeout(deadline);
  }

  async stopAll(): Promise<void> {
    // In this order: clamonacc without its clamd holds up whoever opens a watched file.
    await this.stop('clamonacc');
    await this.stop('clamd');
  }

  /** Writes the test file of EICAR and returns its path. */
  infect(name: string, folder = this.#folder): string {
    const file = join(folder, name);
    writeFileSync(file, eicar);
    return file;
  }

  /** Has clamd look at the file; returns what clamdscan says. */
  scan(file: string): string {
    return spawnSync(programs.clamdscan, ['--config-file', this.config, file], { encoding: 'utf8' }).stdout;
  }

  /** Whether somebody who is not root gets to see what is in the file. */
  openAsSomebody(file: string): boolean {
    return spawnSync('/bin/cat', [file], { uid: 65_534, gid: 65_534, encoding: 'utf8' }).stdout !== '';
  }

  #start(name: 'clamd' | 'clamonacc', args: readonly string[]): ChildProcess {
    const output = openSync(join(this.#folder, `${name}.out`), 'a');
    const child = spawn(programs[name], args, { stdio: ['ignore', output, output] });
    closeSync(output);
    this.#children.set(name, child);
    return child;
  }
}
