import { CommandError } from '../../system/run-command.ts';
import type { ReadState } from './product-status.ts';

/** What a reading that threw says of itself. */
export function failedRead(error: unknown): { readState: ReadState; problem: string } {
  const problem = error instanceof Error ? error.message : String(error);
  const failure = error instanceof CommandError ? error.failure : undefined;
  const isKnown = failure === 'timeout' || failure === 'denied';
  return { readState: isKnown ? failure : 'error', problem };
}
