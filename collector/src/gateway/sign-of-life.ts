import { randomBytes } from 'node:crypto';
import type { WebSocket } from 'ws';

/** An agent on a bad line answers within a second or two; one that comes back after a cut waits no longer than this. */
export const signOfLifeMs = 3_000;

/**
 * Whether anybody is there at the other end, now. Only the answer to this very question counts: bytes that a dead
 * connection still had under way may arrive for a long time.
 */
export function signOfLife(socket: Pick<WebSocket, 'on' | 'off' | 'once' | 'ping'>): Promise<boolean> {
  const question = randomBytes(8);
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const onPong = (answer: Buffer) => {
    if (question.equals(answer)) end(true);
  };
  const onClose = () => end(false);
  const timer = setTimeout(onClose, signOfLifeMs);
  function end(isAlive: boolean): void {
    clearTimeout(timer);
    socket.off('pong', onPong);
    socket.off('close', onClose);
    resolve(isAlive);
  }
  socket.on('pong', onPong);
  socket.once('close', onClose);
  // What goes wrong is seen by the timer; without a callback, ws throws at a socket that is closing.
  socket.ping(question, false, () => undefined);
  return promise;
}
