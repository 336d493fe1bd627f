import { OutageLedger } from '../../outages/outage-ledger.ts';
import type { OutageParts } from '../scope.ts';

/** A real file, opened when a test first needs it. */
export class TestOutages implements OutageParts {
  readonly #folder: string;
  #ledger: OutageLedger | undefined;

  constructor(folder: string) {
    this.#folder = folder;
  }

  get ledger(): OutageLedger {
    this.#ledger ??= new OutageLedger(this.#folder);
    return this.#ledger;
  }

  stop(): void {
    this.#ledger?.stop();
  }
}
