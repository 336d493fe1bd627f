/** What `/metrics` tells of connectivity at the moment of asking. */
import { Counter, Gauge, type Registry } from 'prom-client';
import type { Devices } from './devices.ts';
import type { EdgeProcess } from './edge-process.ts';

interface Watched {
  readonly edge: Pick<EdgeProcess, 'isRunning' | 'restarts'>;
  readonly devices: Pick<Devices, 'refused'>;
  /** Edge addresses that are checked. */
  readonly targets: () => number;
}

export function addConnectivityGauges(registry: Registry, { edge, devices, targets }: Watched): void {
  const registers = [registry];
  new Gauge({
    name: 'vonggac_edge_targets',
    help: 'Edge addresses of units that the collector checks itself',
    registers,
    collect() {
      this.set(targets());
    },
  });
  new Gauge({
    name: 'vonggac_edge_checks_running',
    help: 'Whether the program that checks them runs',
    registers,
    collect() {
      this.set(Number(edge.isRunning));
    },
  });
  new Counter({
    name: 'vonggac_edge_checks_restarts_total',
    help: 'Times that it had to be started again',
    registers,
    collect() {
      this.reset();
      this.inc(edge.restarts);
    },
  });
  new Counter({
    name: 'vonggac_devices_refused_total',
    help: 'Devices that were not kept because their unit has too many',
    registers,
    collect() {
      this.reset();
      this.inc(devices.refused);
    },
  });
}
