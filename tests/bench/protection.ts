/**
 * What it costs the collector to judge the protection of a province: `node tests/bench/protection.ts`.
 *
 * 7,310 machines of 180 units, each with a product, its settings and its system, one in fifty with detections. The clock is
 * simulated: ten minutes in ticks of 5 s, so that every machine is judged ten times and told of twice. A batch without
 * anything about protection must cost next to nothing: it is what machines send all the time.
 */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Incidents } from '../../collector/src/incidents/incidents.ts';
import { LiveState } from '../../collector/src/live/live-state.ts';
import { Protection } from '../../collector/src/protection/protection.ts';
import { ProtectionSection } from '../../collector/src/protection/settings.ts';
import type { AgentRecord } from '../../collector/src/registry/agents.ts';
import type { Unit } from '../../collector/src/registry/unit-rows.ts';
import type { Origin } from '../../collector/src/stores/store.ts';
import { type Point, point } from '../../shared/src/index.ts';
import { temporaryFolder } from '../harness/program.ts';

type ProtectionOptions = ConstructorParameters<typeof Protection>[0];

const servers = 116;
const machines = servers + 7_194;
const units = 180;
const seriesPerMachine = 20;
const tickMs = 5_000;
const ticks = 120;

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

let now = Date.UTC(2026, 10, 23, 8);
const folder = temporaryFolder();
const live = new LiveState(() => now);
const incidents = new Incidents(folder.path);
let written = 0;
const protection = new Protection({
  folder: folder.path,
  settings: ProtectionSection.parse({}),
  live,
  units: { list: () => Array.from({ length: units }, (_, index) => unitOf(index)) },
  incidents,
  ingest: {
    write(batch) {
      written += batch.points.length;
      return Promise.resolve({ status: 'stored' });
    },
  },
  // Of those that only a running one needs.
  ...({ registry: undefined, logger: console } as unknown as Pick<ProtectionOptions, 'registry' | 'logger'>),
  now: () => now,
});

function unitOf(index: number): Unit {
  return { code: `U${index}`, name: `U${index}`, declared_pcs: 45 } as unknown as Unit;
}

const origins = Array.from({ length: machines }, (_, index): Origin => {
  const id = `a-${index.toString(16).padStart(8, '0')}`;
  return { agent: id, host: `PC-${index}`, unit: `U${index % units}`, class: index < servers ? 'server' : 'pc' };
});

function metricsOf(): Point[] {
  const cpu = point('cpu', { time: now, tags: {}, fields: { usage_percent: 3 } });
  return [cpu, point('memory', { time: now, tags: {}, fields: { used_percent: 40 } })];
}

function stateOf(index: number): Point[] {
  const product = index % 3 === 0 ? 'kaspersky' : 'defender';
  return [
    point('antivirus', {
      time: now,
      tags: { product },
      fields: {
        ...{ read_state: 'ok', name: product, version: '12.9', running: true, realtime: index % 20 !== 0 },
        ...{ mode: 'active', signature_time_seconds: now / 1_000 - (index % 10) * 86_400, licence_status: 'valid' },
      },
    }),
    point('posture', { time: now, tags: {}, fields: { firewall: true, security_updates: index % 4 } }),
    point('inventory', { time: now, tags: {}, fields: { os_name: 'Windows 10 Pro', os_version: '10.0.19045' } }),
  ];
}

function detectionOf(index: number): Point {
  const fields = { event: `e-${index}-${now}`, name: `Trojan.Agent.${index % 400}`, action: 'detected' };
  return point('malware', { time: now, tags: { product: 'defender', severity: 'high' }, fields });
}

interface Cost {
  readonly count: number;
  readonly processorMs: number;
  readonly worstMs: number;
}

function measure(count: number, work: (index: number) => void): Cost {
  let [processorMs, worstMs] = [0, 0];
  for (let index = 0; index < count; index += 1) {
    const before = process.cpuUsage();
    work(index);
    const { user, system } = process.cpuUsage(before);
    processorMs += (user + system) / 1_000;
    worstMs = Math.max(worstMs, (user + system) / 1_000);
  }
  return { count, processorMs, worstMs };
}

function print(title: string, { count, processorMs, worstMs }: Cost): void {
  const each = ((1_000 * processorMs) / count).toFixed(1);
  const total = `${processorMs.toFixed(0).padStart(6)} ms of the processor`;
  console.log(`${title.padEnd(44)} ${total}, ${each.padStart(8)} µs each, worst ${worstMs.toFixed(1)} ms`);
}

for (const origin of origins) {
  live.put({ ...origin, id: origin.agent, hostname: origin.host, enrolledAt: now - 1e9 } as unknown as AgentRecord);
  live.connected(origin.agent, 0);
  const series = Array.from({ length: seriesPerMachine }, (_, index) =>
    point('network', { time: now, tags: { interface: `eth${index}` }, fields: { receive_bytes_per_second: 1 } }),
  );
  live.receive(origin.agent, series);
}
protection.unitsChanged();

const of = (index: number) => origins[index % machines] as Origin;
collectGarbage();
const emptyBytes = process.memoryUsage().heapUsed;
print(
  'the first state of each machine',
  measure(machines, (index) => void protection.take({ origin: of(index), points: stateOf(index) })),
);
collectGarbage();
const keptBytes = process.memoryUsage().heapUsed - emptyBytes;
now += 60_000;
print(
  'a batch of metrics only',
  measure(machines * 5, (index) => void protection.take({ origin: of(index), points: metricsOf() })),
);
print(
  'a batch with a state',
  measure(machines, (index) => void protection.take({ origin: of(index), points: stateOf(index) })),
);
print(
  'a batch with a detection',
  measure(machines / 50, (index) => void protection.take({ origin: of(index * 50), points: [detectionOf(index)] })),
);
const told = written;
const cycle = measure(ticks, () => {
  now += tickMs;
  for (const [index, origin] of origins.entries())
    if (index % ticks === (now / tickMs) % ticks) protection.take({ origin, points: stateOf(index) });
  protection.tick();
});
print('a tick of 5 s', cycle);
console.log(
  `a full judgement of ${machines} machines, each minute: ${((cycle.processorMs * 60_000) / (ticks * tickMs)).toFixed(0)} ms of the processor`,
);
print(
  'writing down all machines at once',
  measure(1, () => protection.machines.save()),
);
console.log(
  `memory ${(keptBytes / machines / 1_024).toFixed(1)} KiB a machine, ${(keptBytes / 1_048_576).toFixed(1)} MiB in all; ${written - told} points told in ${(ticks * tickMs) / 60_000} minutes`,
);
protection.stop();
incidents.stop();
folder.remove();
