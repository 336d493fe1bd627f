/** What `/metrics` tells of outages at the moment of asking. */
import { Counter, Gauge, type Registry } from 'prom-client';
import { verdictNames } from './outage.ts';
import type { Tracked } from './tracked.ts';

interface Sources {
  readonly open: () => readonly Tracked[];
  readonly revised: () => number;
}

export function addOutageGauges(registry: Registry, { open, revised }: Sources): void {
  new Gauge({
    name: 'vonggac_outages_open',
    help: 'Agents that are away, by the verdict on the cause',
    labelNames: ['verdict'],
    registers: [registry],
    collect() {
      const all = open();
      for (const verdict of verdictNames) {
        this.set({ verdict }, all.filter(({ outage }) => outage.verdict === verdict).length);
      }
    },
  });
  new Counter({
    name: 'vonggac_outage_revisions_total',
    help: 'Verdicts on outages that later evidence has changed',
    registers: [registry],
    collect() {
      this.reset();
      this.inc(revised());
    },
  });
}
