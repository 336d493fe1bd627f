/** The thread that makes a backup, so that hashing and copying hold up nobody. */
import { parentPort } from 'node:worker_threads';
import { type BackupOrder, makeBackup } from './make-backup.ts';
import { readPassphrase } from './passphrase.ts';

export type WorkerOrder = Pick<BackupOrder, 'data' | 'file' | 'series' | 'by'> & {
  readonly passphraseFile: string | undefined;
};

export type WorkerReply = { readonly bytes: number } | { readonly problem: string };

async function answer({ passphraseFile, ...order }: WorkerOrder): Promise<WorkerReply> {
  try {
    const passphrase = readPassphrase(passphraseFile);
    const { bytes } = await makeBackup({ ...order, passphrase, force: false, now: Date.now });
    return { bytes };
  } catch (error) {
    return { problem: (error as Error).message };
  }
}

parentPort?.on('message', (order: WorkerOrder) => {
  void answer(order).then((reply) => parentPort?.postMessage(reply));
});
