/**
 * Backups that the collector makes by itself, into a folder that it does not create: one that is missing is a share that
 * is not mounted. The names of the files say when they were made; nothing else is remembered, and nothing else in the
 * folder is touched. What was due while the collector did not run is made up for at the start.
 */
import { readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Logger } from 'pino';
import { Gauge, type Registry } from 'prom-client';
import { occurrenceAfter, type Recurrence, readRecurrence } from '../calendar/recurrence.ts';
import type { Zone } from '../calendar/zone.ts';
import type { Incidents } from '../incidents/incidents.ts';
import type { BackupThread } from './backup-thread.ts';
import { workPrefix } from './make-backup.ts';
import type { BackupSettings } from './settings.ts';

const lookEveryMs = 30_000;
/** After a failure; the next regular one may be a week away. */
const retryMs = 3_600_000;
/** What a backup that was cut off left behind. */
const leftoverMs = 86_400_000;
const subject = 'backup';
const ownName = /^vonggac-(\d{4}-\d\d-\d\d)T(\d\d)-(\d\d)-(\d\d)Z\.tar\.gz(\.sealed)?$/;

interface Options {
  readonly settings: BackupSettings;
  readonly zone: Zone;
  readonly maker: Pick<BackupThread, 'make' | 'stop'>;
  readonly incidents: Pick<Incidents, 'report' | 'resolve'>;
  readonly registry: Registry;
  readonly logger: Pick<Logger, 'info' | 'error'>;
  readonly now: () => number;
}

export class ScheduledBackups {
  readonly #options: Options;
  readonly #recurrence: Recurrence;
  /** When the newest was made; at first, since when one is missed. */
  #newest = 0;
  #dueAt = 0;
  #isOverdueTold = false;
  #underWay: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #isStopped = false;

  constructor(options: Options) {
    this.#options = options;
    this.#recurrence = readRecurrence(options.settings.cron, 0);
  }

  start(): void {
    const { registry, now } = this.#options;
    const own = () => this.#own();
    new Gauge({
      name: 'vonggac_backup_last_timestamp_seconds',
      help: 'When the newest scheduled backup was made; 0 when there is none',
      registers: [registry],
      collect() {
        this.set(Math.floor((own().at(-1)?.time ?? 0) / 1_000));
      },
    });
    const newest = own().at(-1);
    // A clock that was wrong once must not put off backups for years.
    this.#newest = Math.min(newest?.time ?? now(), now());
    this.#dueAt = newest ? this.#after(this.#newest) : now();
    this.#timer = setInterval(() => this.look(), lookEveryMs);
    this.look();
  }

  /** Begins one when it is due. Resolves when nothing is under way. */
  look(): Promise<void> {
    const { now } = this.#options;
    if (now() - this.#newest > 2 * this.#period() && !this.#isOverdueTold) {
      this.#isOverdueTold = true;
      this.#tell('backup-overdue', {});
    }
    if (!this.#underWay && now() >= this.#dueAt) {
      this.#underWay = this.#run().finally(() => {
        this.#underWay = undefined;
      });
    }
    return this.#underWay ?? Promise.resolve();
  }

  /** What is under way is broken off: it is made at the next start. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    clearInterval(this.#timer);
    await this.#options.maker.stop();
    await this.#underWay;
  }

  async #run(): Promise<void> {
    const { settings, maker, incidents, logger, now } = this.#options;
    const begun = now();
    this.#removeLeftovers();
    const file = join(settings.folder, nameOf(begun, { sealed: settings.passphrase_file !== undefined }));
    const reply = await maker.make(file);
    if (this.#isStopped) return;
    if ('problem' in reply) {
      logger.error({ file, problem: reply.problem }, 'the backup could not be made');
      this.#tell('backup-failed', { problem: reply.problem });
      this.#dueAt = Math.min(this.#after(now()), now() + retryMs);
      return;
    }
    logger.info({ file, bytes: reply.bytes }, 'backup made');
    this.#newest = begun;
    this.#isOverdueTold = false;
    this.#dueAt = this.#after(Math.max(begun, now()));
    incidents.resolve('backup-failed', subject, now());
    for (const { name } of this.#own().slice(0, -settings.keep)) rmSync(join(settings.folder, name), { force: true });
  }

  #tell(what: 'backup-failed' | 'backup-overdue', facts: Readonly<Record<string, string>>): void {
    const { settings, incidents, now } = this.#options;
    const newest = this.#own().at(-1);
    const last = newest ? { last_backup: new Date(newest.time).toISOString() } : {};
    incidents.report({
      kind: 'backup-failed',
      severity: 'critical',
      subject,
      unit: undefined,
      evidence: { at: now(), what, facts: { folder: settings.folder, ...last, ...facts } },
    });
  }

  #after(time: number): number {
    const { zone } = this.#options;
    return occurrenceAfter(this.#recurrence, { zone, time, notBefore: 0 })?.from ?? Number.POSITIVE_INFINITY;
  }

  #period(): number {
    const next = this.#after(this.#options.now());
    return this.#after(next) - next;
  }

  /** What it made and has not deleted, oldest first. */
  #own(): { name: string; time: number }[] {
    return this.#list()
      .flatMap((name) => {
        const [, day, hours, minutes, seconds] = ownName.exec(name) ?? [];
        return day === undefined ? [] : [{ name, time: Date.parse(`${day}T${hours}:${minutes}:${seconds}Z`) }];
      })
      .sort((one, other) => one.time - other.time);
  }

  #removeLeftovers(): void {
    const { settings, now } = this.#options;
    for (const name of this.#list().filter((found) => found.startsWith(workPrefix))) {
      const folder = join(settings.folder, name);
      const isOld = now() - (statSync(folder, { throwIfNoEntry: false })?.mtimeMs ?? now()) > leftoverMs;
      if (isOld) rmSync(folder, { recursive: true, force: true });
    }
  }

  /** Nothing when it cannot be read; making a backup then says why. */
  #list(): string[] {
    try {
      return readdirSync(this.#options.settings.folder);
    } catch {
      return [];
    }
  }
}

function nameOf(time: number, { sealed }: { sealed: boolean }): string {
  const stamp = new Date(time).toISOString().slice(0, 19).replaceAll(':', '-');
  return `vonggac-${stamp}Z.tar.gz${sealed ? '.sealed' : ''}`;
}
