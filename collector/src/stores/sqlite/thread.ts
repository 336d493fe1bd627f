import { Worker } from 'node:worker_threads';

interface Call<Reply> {
  readonly resolve: (reply: Reply) => void;
  readonly reject: (error: Error) => void;
}

/** A thread that answers each message with one message, in order. It is started by the first call and after a crash. */
export class Thread<Request, Reply> {
  readonly #script: URL;
  readonly #settings: unknown;
  #running: { worker: Worker; calls: Call<Reply>[] } | undefined;

  /** `settings` becomes the thread's `workerData`. */
  constructor(script: URL, settings: unknown) {
    this.#script = script;
    this.#settings = settings;
  }

  /** Rejects when the thread ends before it has answered. `transfer` lists buffers to hand over instead of copying. */
  call(request: Request, transfer: readonly ArrayBuffer[] = []): Promise<Reply> {
    const { worker, calls } = this.#running ?? this.#start();
    return new Promise((resolve, reject) => {
      worker.postMessage(request, transfer);
      calls.push({ resolve, reject });
    });
  }

  /** Ends the thread at once; calls under way reject. */
  async stop(): Promise<void> {
    const running = this.#running;
    this.#running = undefined;
    await running?.worker.terminate();
  }

  #start(): { worker: Worker; calls: Call<Reply>[] } {
    const worker = new Worker(this.#script, { workerData: this.#settings });
    const calls: Call<Reply>[] = [];
    const running = { worker, calls };
    this.#running = running;
    let failure = new Error('the thread was stopped');
    worker.on('message', (reply: Reply) => calls.shift()?.resolve(reply));
    worker.on('error', (error) => {
      failure = new Error(`the thread failed: ${(error as Error).message}`, { cause: error });
    });
    worker.on('exit', () => {
      if (this.#running === running) this.#running = undefined;
      for (const call of calls.splice(0)) call.reject(failure);
    });
    return running;
  }
}
