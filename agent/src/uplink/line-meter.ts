/** Bytes of the connections to the collector: TCP payload with TLS, those that came to nothing included. */
/** The part of a socket that is looked at. */
interface Counted {
  readonly bytesRead: number;
  readonly bytesWritten: number;
  once(event: 'close', listener: () => void): unknown;
}

export class LineMeter {
  readonly #open = new Set<Counted>();
  #sent = 0;
  #received = 0;

  /** Counts a connection from now to its end. */
  watch(socket: Counted): void {
    this.#open.add(socket);
    socket.once('close', () => {
      if (!this.#open.delete(socket)) return;
      this.#sent += socket.bytesWritten;
      this.#received += socket.bytesRead;
    });
  }

  get sent(): number {
    let sum = this.#sent;
    for (const { bytesWritten } of this.#open) sum += bytesWritten;
    return sum;
  }

  get received(): number {
    let sum = this.#received;
    for (const { bytesRead } of this.#open) sum += bytesRead;
    return sum;
  }
}
