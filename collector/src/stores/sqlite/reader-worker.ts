/** The thread that answers queries on `series.db`: one at a time, in order. */
import { parentPort, workerData } from 'node:worker_threads';
import { QueryError } from '../store.ts';
import { troubleOf } from './database-file.ts';
import type { ReaderReply, ReaderRequest, ReaderSettings } from './messages.ts';
import { SqliteReader } from './reader.ts';

const reader = new SqliteReader(workerData as ReaderSettings);

function answer({ query }: ReaderRequest): ReaderReply {
  try {
    return { status: 'done', result: reader.query(query) };
  } catch (error) {
    const message = (error as Error).message;
    if (error instanceof QueryError) return { status: 'failed', cause: error.reason, message };
    // The next query opens the file anew.
    reader.close();
    return { status: 'failed', cause: troubleOf(error) === 'damaged' ? 'damaged' : 'unavailable', message };
  }
}

parentPort?.on('message', (request: ReaderRequest) => parentPort?.postMessage(answer(request)));
