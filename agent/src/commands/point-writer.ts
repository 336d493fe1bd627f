import type { Writable } from 'node:stream';
import type { Point } from '@vonggac/shared';

/** Writes points as lines; while nobody reads it keeps the newest ones. */
export class PointWriter {
  readonly #stream: Writable;
  readonly #maxWaiting: number;
  #waiting: string[] = [];
  #isFull = false;
  #dropped = 0;

  constructor(stream: Writable, options: { maxWaiting: number; onDropped: (count: number) => void }) {
    this.#stream = stream;
    this.#maxWaiting = options.maxWaiting;
    stream.on('drain', () => {
      this.#isFull = false;
      this.#flush();
      if (this.#dropped > 0) options.onDropped(this.#dropped);
      this.#dropped = 0;
    });
  }

  write(points: readonly Point[]): void {
    for (const point of points) this.#waiting.push(`${JSON.stringify({ point })}\n`);
    this.#flush();
    const tooMany = this.#waiting.length - this.#maxWaiting;
    if (tooMany <= 0) return;
    this.#waiting.splice(0, tooMany);
    this.#dropped += tooMany;
  }

  #flush(): void {
    if (this.#isFull || this.#waiting.length === 0) return;
    const lines = this.#waiting.join('');
    this.#waiting = [];
    this.#isFull = !this.#stream.write(lines);
  }
}
