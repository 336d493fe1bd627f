/** Asks until there is a decision: a person may have to accept the machine, or the collector is busy. */
import type { Identity } from '../identity.ts';
import { WrongCollector } from '../uplink/connect.ts';
import { type EnrolmentAnswer, EnrolmentRefused } from './enrol.ts';

interface Options {
  readonly ask: () => Promise<EnrolmentAnswer>;
  readonly sleep: (ms: number) => Promise<void>;
  /** Gives numbers from 0 to below 1. */
  readonly random: () => number;
  /** Told once each, until something else is to be told. */
  readonly say: {
    readonly pending: (id: string) => void;
    readonly busy: (seconds: number) => void;
    readonly lost: (problem: string) => void;
  };
}

/**
 * Throws EnrolmentRefused, WrongCollector, or the error of the network at the first time; a line that fails while the
 * machine waits is no reason to give up.
 */
export async function enrolUntilDecided({ ask, sleep, random, say }: Options): Promise<Identity> {
  let told = '';
  let retryMs: number | undefined;
  const tell = (what: string, speak: () => void) => {
    if (told !== what) speak();
    told = what;
  };
  for (;;) {
    try {
      const answer = await ask();
      if (answer.kind === 'granted') return answer.identity;
      retryMs = answer.retryMs;
      if (answer.kind === 'pending') tell(answer.id, () => say.pending(answer.id));
      else tell('busy', () => say.busy(Math.ceil(answer.retryMs / 1_000)));
    } catch (error) {
      const isFinal = error instanceof EnrolmentRefused || error instanceof WrongCollector;
      if (isFinal || retryMs === undefined) throw error;
      tell('lost', () => say.lost((error as Error).message));
    }
    // Never earlier than told, and not together with the others that were told the same.
    await sleep(retryMs * (1 + random() / 4));
  }
}
