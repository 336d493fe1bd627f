/** The thread that writes `series.db`: one request at a time, in order. */
import { parentPort, workerData } from 'node:worker_threads';
import type { WriterRequest, WriterSettings } from './messages.ts';
import { SqliteWriter } from './writer.ts';

const writer = new SqliteWriter(workerData as WriterSettings);
parentPort?.on('message', (request: WriterRequest) => parentPort?.postMessage(writer.handle(request)));
