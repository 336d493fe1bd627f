import { Devices } from '../../connectivity/devices.ts';
import { LinkDays } from '../../connectivity/link-days.ts';
import { LinkLedger } from '../../connectivity/link-ledger.ts';
import type { ServiceStatus } from '../../connectivity/service-watch.ts';
import type { ConnectivityParts } from '../scope.ts';

/** Real files, opened when a test first needs them, and shared services as the test sets them. */
export class TestConnectivity implements ConnectivityParts {
  readonly #folder: string;
  #ledger: LinkLedger | undefined;
  #devices: Devices | undefined;
  serviceStatuses: readonly ServiceStatus[] = [];
  links: ConnectivityParts['links'] = { now: () => undefined };
  readonly services = { all: () => [...this.serviceStatuses] };

  constructor(folder: string) {
    this.#folder = folder;
  }

  get ledger(): LinkLedger {
    this.#ledger ??= new LinkLedger(this.#folder);
    return this.#ledger;
  }

  get days(): LinkDays {
    return new LinkDays(this.ledger.database);
  }

  get devices(): Devices {
    this.#devices ??= new Devices(this.#folder, () => 'Test Vendor');
    return this.#devices;
  }

  stop(): void {
    this.#ledger?.stop();
    this.#devices?.stop();
  }
}
