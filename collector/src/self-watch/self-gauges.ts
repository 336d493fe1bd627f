/** What `/metrics` tells of the collector's own load at the moment of asking. */
import { Gauge, type Registry } from 'prom-client';
import { type SelfProblem, type SelfState, selfProblemCodes } from './self-problem.ts';

interface Watched {
  readonly ingest: { readonly lagMs: number; readonly waitingPoints: number };
  readonly disk: () => SelfState['disk'];
  readonly problems: () => readonly SelfProblem[];
}

export function addSelfGauges(registry: Registry, { ingest, disk, problems }: Watched): void {
  const registers = [registry];
  new Gauge({
    name: 'vonggac_ingest_waiting_points',
    help: 'Points that wait for a write to the store',
    registers,
    collect() {
      this.set(ingest.waitingPoints);
    },
  });
  new Gauge({
    name: 'vonggac_ingest_lag_seconds',
    help: 'How long the oldest batch waits for its commit; history does not count',
    registers,
    collect() {
      this.set(ingest.lagMs / 1_000);
    },
  });
  new Gauge({
    name: 'vonggac_disk_free_bytes',
    help: 'Free on the disk of the data folder',
    registers,
    collect() {
      const found = disk();
      if (found) this.set(found.freeBytes);
    },
  });
  new Gauge({
    name: 'vonggac_problems',
    help: 'What is wrong with the collector itself, by code; /readyz says it in words',
    labelNames: ['code'],
    registers,
    collect() {
      const codes = problems().map(({ code }) => code);
      for (const code of selfProblemCodes) this.set({ code }, codes.filter((each) => each === code).length);
    },
  });
}
