import type { Config } from '../config.ts';
import { Thread } from '../stores/sqlite/thread.ts';
import type { WorkerOrder, WorkerReply } from './backup-worker.ts';
import type { BackupSettings } from './settings.ts';

/** Makes backups in a thread that lives as long as one takes. */
export class BackupThread {
  readonly #thread = new Thread<WorkerOrder, WorkerReply>(new URL('backup-worker.ts', import.meta.url), undefined);
  readonly #order: Omit<WorkerOrder, 'file'>;

  constructor({ data, store }: Pick<Config, 'data' | 'store'>, settings: BackupSettings) {
    this.#order = {
      data,
      series: store.kind === 'influx' ? 'influxdb' : settings.series ? 'included' : 'left-out',
      by: { actor: 'vonggac', source: 'schedule' },
      passphraseFile: settings.passphrase_file,
    };
  }

  async make(file: string): Promise<WorkerReply> {
    try {
      return await this.#thread.call({ ...this.#order, file });
    } catch (error) {
      return { problem: (error as Error).message };
    } finally {
      await this.#thread.stop();
    }
  }

  /** What it makes is broken off. */
  stop(): Promise<void> {
    return this.#thread.stop();
  }
}
