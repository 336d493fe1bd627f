/** A channel by which nothing goes through: people who hear of nothing have to see it somewhere. */
import type { Incidents } from '../incidents/incidents.ts';
import type { Delivery } from './delivery.ts';

/** A relay that restarts is nobody's business. */
const opensAfterMs = 600_000;
const kind = 'collector-trouble';
const prefix = 'notify/';
const maxOpen = 100_000;

interface Options {
  readonly incidents: Pick<Incidents, 'report' | 'resolve' | 'list'>;
  readonly channels: readonly string[];
}

export class ChannelTrouble {
  readonly #options: Options;
  readonly #told = new Set<string>();

  constructor(options: Options) {
    this.#options = options;
  }

  /** What was open before a restart; that of a channel which is gone is over. */
  takeUp(now: number): void {
    const { incidents, channels } = this.#options;
    for (const { kind: found, subject } of incidents.list({ state: 'open', limit: maxOpen })) {
      if (found !== kind || !subject.startsWith(prefix)) continue;
      const channel = subject.slice(prefix.length);
      if (channels.includes(channel)) this.#told.add(channel);
      else incidents.resolve(kind, subject, now);
    }
  }

  /** Throws when it cannot be kept. */
  tick(deliveries: ReadonlyMap<string, Pick<Delivery, 'failingSince' | 'lastError' | 'hasSent'>>, now: number): void {
    const { incidents } = this.#options;
    for (const [channel, { failingSince, lastError = '', hasSent }] of deliveries) {
      const isFailing = failingSince !== undefined && now - failingSince >= opensAfterMs;
      if (isFailing && !this.#told.has(channel)) {
        const evidence = { at: now, what: 'collector-notify', facts: { name: channel, problem: lastError } };
        incidents.report({ kind, severity: 'warning', subject: prefix + channel, unit: undefined, evidence });
        this.#told.add(channel);
      }
      if (hasSent && failingSince === undefined && this.#told.delete(channel)) {
        incidents.resolve(kind, prefix + channel, now);
      }
    }
  }
}
