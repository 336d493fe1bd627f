/** What `/metrics` tells of protection at the moment of asking. */
import { Gauge, type Registry } from 'prom-client';
import { levelNames } from './compliance.ts';
import type { MachineWatch } from './machine-watch.ts';

export function addProtectionGauges(registry: Registry, machines: Pick<MachineWatch, 'all'>): void {
  new Gauge({
    name: 'vonggac_protection_machines',
    help: 'Machines by the level of their protection',
    labelNames: ['level'],
    registers: [registry],
    collect() {
      const all = machines.all();
      for (const level of levelNames) this.set({ level }, all.filter((machine) => machine.level === level).length);
    },
  });
}
