/**
 * Everything the probes of a Linux agent say of one captured machine, in two readings 10 s apart, against a reviewed
 * file. `UPDATE_GOLDEN=1` writes the file anew; review the difference.
 */
import { mkdirSync, readFileSync, type StatsFs, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type FieldDefinition, fieldOf, measurementByName, type Point, unitSuffix } from '@vonggac/shared';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CheckResult } from '../../agent/src/probes/connectivity/check-run.ts';
import { ownTargets } from '../../agent/src/probes/connectivity/connectivity.ts';
import { TargetState } from '../../agent/src/probes/connectivity/target-state.ts';
import type { AgentStatus } from '../../agent/src/probes/machine/agent-self.ts';
import { createProbes } from '../../agent/src/probes/registry.ts';
import { ProbeRunner } from '../../agent/src/probes/run-probe.ts';
import { DefaultRoutes } from '../../agent/src/system/default-routes-linux.ts';
import { FixtureMachine, fixture } from './fixture-machine.ts';

const goldenFile = join(import.meta.dirname, 'agent-linux.golden.json');

/** When the first state was captured, and how much later the second. */
const firstReading = 1_795_430_409_000;
const intervalMs = 10_010;

/** What checks of the machine's own targets found; made up, nothing is sent. */
const answer = { up: true, error: undefined, problem: undefined, packets: undefined, details: {} } as const;
const checked: Readonly<Record<string, CheckResult>> = {
  gateway: { ...answer, rtts: [0.412, 0.387], packets: { sent: 3, lost: 1 } },
  'resolver-1': { ...answer, up: false, error: 'timeout', rtts: [] },
  collector: { ...answer, rtts: [18.2], details: { dns_ms: 3.1, address: '203.0.113.9' } },
};

const machine = new FixtureMachine();
let points: Point[] = [];
const warnings: unknown[] = [];

async function collectAll(): Promise<Point[]> {
  const filesystems: Readonly<Record<string, StatsFs>> = JSON.parse(fixture('statfs.json'));
  let elapsedMs = 0;
  const logger = {
    debug: () => {},
    info: () => {},
    warn: (...line: unknown[]) => void warnings.push(line),
    error: (...line: unknown[]) => void warnings.push(line),
  };
  // Each look at the clock takes 10 µs, so that the durations in the report are of some length.
  const monotonic = () => {
    elapsedMs += 0.01;
    return elapsedMs;
  };
  const runner = new ProbeRunner({ logger, monotonic });
  const printed: Readonly<Record<string, string>> = { '/usr/sbin/nft': 'nft.json', '/usr/bin/nice': 'apt-get.txt' };
  const runCommand = async (command: string) => ({
    exitCode: 0,
    stdout: fixture(printed[command] ?? 'inventory.json'),
    stderr: '',
  });
  machine.show('first');
  // A colon in its name keeps it out of the fixtures.
  mkdirSync(join(machine.root, 'sys/dev/block/254:0'), { recursive: true });
  const targets = await ownTargets({
    platform: 'linux',
    root: machine.root,
    routes: new DefaultRoutes(machine.root),
    runCommand,
    networks: ['192.0.2.2/24'],
    collector: ['giam-sat.example.vn:8443'],
    isGateway: false,
  });
  const check = (time: number) =>
    targets.flatMap((target) => {
      const result = checked[target.id];
      return result ? new TargetState(target).record(result, time) : [];
    });
  const probes = createProbes({
    platform: 'linux',
    root: machine.root,
    runner,
    status: () => agentStatus,
    inventoryProgram: { command: '/usr/bin/vonggac-agent', args: ['inventory'] },
    statfs: async (path) => {
      const stats = filesystems[path];
      if (stats === undefined) throw new Error(`${path} was not captured`);
      return stats;
    },
    connectivity: { takeSummaries: (time) => ({ points: check(time), problem: undefined }) },
    services: { own: [], pushed: () => [] },
    // Nobody listens there, whatever runs on this machine.
    nutPort: 1,
    protection: { privacy: 'reduced', clamdConfig: [], folder: undefined, onDetections: () => {}, logger },
    runCommand,
    process: {
      memoryUsage: { rss: () => 51_380_224 },
      cpuUsage: () => ({ user: 400_000 + elapsedMs, system: 100_000 }),
    },
  });
  const collected: Point[] = [];
  for (const [state, time] of [
    ['first', firstReading],
    ['second', firstReading + intervalMs],
  ] as const) {
    machine.show(state);
    for (const probe of probes) collected.push(...(await runner.run(probe, time)));
    elapsedMs = intervalMs;
  }
  return collected;
}

const agentStatus: AgentStatus = {
  startTimeSeconds: 1_795_430_400,
  spool: { records: 2, bytes: 4096, lostPoints: 0, state: 0 },
  clockOffsetSeconds: 0.0125,
  sentBytes: 18_734,
  receivedBytes: 6_204,
  budget: { usedPercent: 12.5, state: 1 },
  refusedSettings: 0,
  runsMissed: 0,
};

beforeAll(async () => {
  points = await collectAll();
  if (process.env.UPDATE_GOLDEN) writeFileSync(goldenFile, `${JSON.stringify(points, null, 2)}\n`);
});

afterAll(() => machine.remove());

describe('the probes of a Linux agent', () => {
  it('say of the captured machine what was reviewed', () => {
    expect(points).toEqual(JSON.parse(readFileSync(goldenFile, 'utf8')));
    expect(warnings).toEqual([]);
  });

  it('name only what the catalogue has, with its tags and types', () => {
    for (const point of points) {
      const measurement = measurementByName(point.measurement);
      if (measurement === undefined) throw new Error(`no measurement ${point.measurement}`);
      expect(Object.keys(point.tags), point.measurement).toEqual(measurement.tagNames);
      for (const [name, value] of Object.entries(point.fields)) {
        const field = fieldOf(measurement, name);
        if (field === undefined) throw new Error(`no field ${point.measurement}.${name}`);
        expect(problemOf({ name, value, field }), `${point.measurement}.${name}`).toBeUndefined();
      }
    }
  });

  it('fill every field of every measurement that they have a source for', () => {
    const filled = new Map<string, Set<string>>();
    for (const { measurement, fields } of points) {
      const names = filled.get(measurement) ?? new Set();
      for (const name of Object.keys(fields)) names.add(name);
      filled.set(measurement, names);
    }
    // Of web pages, certificates and time servers only others know, see the tests of the checks.
    filled.delete('connectivity');
    // There is no product on the captured machine; what each says is in the tests of its reader.
    filled.delete('antivirus');
    for (const [name, fields] of filled) {
      const missing = measurementByName(name)?.fieldNames.filter((field) => !fields.has(field));
      expect(missing, name).toEqual(withoutSource[name] ?? []);
    }
  });
});

/** The captured machine has no DMI tables; the rest is Windows', or the age of a file, or there is nothing to tell of. */
const withoutSource: Readonly<Record<string, readonly string[]>> = {
  inventory: ['vendor', 'model'],
  posture: [
    'firewall_domain',
    'firewall_private',
    'firewall_public',
    'oldest_update_seconds',
    'update_check_seconds',
    'reboot_pending_seconds',
    'problem',
  ],
};

function problemOf(found: { name: string; value: unknown; field: FieldDefinition }): string | undefined {
  const { name, value, field } = found;
  if (!name.endsWith(unitSuffix[field.unit])) return `does not end with ${unitSuffix[field.unit]}`;
  if (field.type === 'boolean' || field.type === 'string') {
    return typeof value === field.type ? undefined : `is no ${field.type}: ${value}`;
  }
  if (typeof value !== 'number' || !Number.isFinite(value)) return `is no number: ${value}`;
  if (value < 0 && name !== 'clock_offset_seconds') return `is negative: ${value}`;
  if (field.unit === 'percent' && value > 100) return `is above 100 %: ${value}`;
  const decimals = /\.(\d+)$/.exec(String(value))?.[1]?.length ?? 0;
  return decimals <= (field.decimals ?? 0) ? undefined : `has ${decimals} decimals: ${value}`;
}
