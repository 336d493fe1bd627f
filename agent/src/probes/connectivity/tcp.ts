import { once } from 'node:events';
import { connect, isIP, type LookupFunction, type Socket } from 'node:net';
import type { CheckRun } from './check-run.ts';
import { addressesOf } from './resolve.ts';
import type { Target } from './target.ts';

/** How long one address is tried while there is another one; longer than a satellite takes, unlike Node's 250 ms. */
const tryEachMs = 1_000;

/** Whether a connection can be opened, and how long that takes. */
export async function checkTcp(target: Target, run: CheckRun): Promise<void> {
  const { connectMs } = await openTcp(target, run);
  run.rtts.push(connectMs);
}

/** Opens a connection that is closed when the check is over. `connectMs` is that of the address which answered. */
export async function openTcp(target: Target, run: CheckRun): Promise<{ socket: Socket; connectMs: number }> {
  const addresses = await addressesOf(target, run);
  run.signal.throwIfAborted();
  let startedAt = run.monotonic();
  const socket = connect({
    host: addresses.length === 1 ? (addresses[0] ?? '') : target.address.host,
    port: target.address.port,
    lookup: answerWith(addresses),
    autoSelectFamilyAttemptTimeout: tryEachMs,
  });
  socket.on('connectionAttempt', () => {
    startedAt = run.monotonic();
  });
  ignoreErrors(socket);
  run.signal.addEventListener('abort', () => socket.destroy(), { once: true });
  await once(socket, 'connect', { signal: run.signal });
  if (isIP(target.address.host) === 0 && socket.remoteAddress) run.details.address = socket.remoteAddress;
  return { socket, connectMs: run.monotonic() - startedAt };
}

/** Who waits for something gets the error; one that comes when nobody waits any more must not end the program. */
export function ignoreErrors(emitter: NodeJS.EventEmitter): void {
  emitter.on('error', () => undefined);
}

function answerWith(addresses: readonly string[]): LookupFunction {
  const answers = addresses.map((address) => ({ address, family: isIP(address) }));
  return (_host, _options, callback) => callback(null, answers);
}
