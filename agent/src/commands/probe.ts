import { type FieldValue, measurementByName, type Point, type Unit } from '@vonggac/shared';
import type { Probe } from '../probes/probe.ts';
import { createProbes } from '../probes/registry.ts';
import { ProbeRunner } from '../probes/run-probe.ts';
import { monotonicMs } from '../system/monotonic.ts';
import { type CommandContext, CommandFailed, exitCodes, print } from './command.ts';
import { areMeasured, checkOnce, probeConnectivity, targetsOfThisMachine } from './probe-connectivity.ts';

/** Rates need two readings. */
const betweenReadingsMs = 1_000;

/** `probe [NAME]`: measures now, twice for the sake of rates, and prints; needs no enrolment. */
export async function probeCommand(context: CommandContext): Promise<number> {
  const { texts, positionals, flags } = context;
  if (positionals[0] === 'connectivity') return probeConnectivity(context);
  if (flags.target !== undefined || flags.follow === true) throw new CommandFailed(texts.targetOfWhat, exitCodes.usage);
  const problems: string[] = [];
  const say = (message: string, fields: object = {}) => void problems.push(`${message} ${JSON.stringify(fields)}`);
  const quiet = () => undefined;
  const runner = new ProbeRunner({
    logger: { debug: quiet, info: quiet, warn: say, error: say },
    monotonic: monotonicMs,
  });
  const noSpool = { records: 0, bytes: 0, lostPoints: 0, state: 0 };
  const detections: Point[] = [];
  const startTimeSeconds = Math.floor(Date.now() / 1_000);
  const probes = createProbes({
    platform: process.platform,
    runner,
    status: () => ({
      startTimeSeconds,
      spool: noSpool,
      clockOffsetSeconds: undefined,
      sentBytes: 0,
      receivedBytes: 0,
      budget: { usedPercent: 0, state: 0 },
      refusedSettings: 0,
      runsMissed: 0,
    }),
    inventoryProgram: { command: process.execPath, args: [context.program, 'inventory'] },
    connectivity: { takeSummaries: () => ({ points: [], problem: undefined }) },
    services: { own: context.config.services, pushed: () => [] },
    protection: {
      privacy: context.config.privacy,
      clamdConfig: context.config.antivirus.clamd_conf,
      folder: undefined,
      onDetections: (points) => void detections.push(...points),
      logger: { warn: say },
    },
  });
  const chosen = choose(context, probes);
  const links = positionals.length > 0 ? [] : checkOnce(await targetsOfThisMachine(context));
  const points = [...(await measureTwice(runner, chosen)), ...detections, ...(await links)];
  const isComplete = problems.length === 0 && areMeasured(await links);
  for (const problem of problems) process.stderr.write(`${problem}\n`);
  print(context, {
    value: { points },
    text: points.length > 0 ? points.map(describe).join('\n') : texts.notHere,
  });
  return isComplete ? exitCodes.done : exitCodes.failed;
}

/** The agent's own statistics mean nothing outside a running agent; connectivity has a way of its own. */
function choose(context: CommandContext, probes: readonly Probe[]): Probe[] {
  const measurable = probes.filter(({ name }) => !['agent', 'probe', 'connectivity'].includes(name));
  const [name] = context.positionals;
  if (name === undefined) return measurable;
  const found = measurable.filter((probe) => probe.name === name);
  if (found.length > 0) return found;
  const known = [...measurable.map((probe) => probe.name), 'connectivity'].join(', ');
  throw new CommandFailed(context.texts.unknownProbe(name, known), exitCodes.usage);
}

async function measureTwice(runner: ProbeRunner, probes: readonly Probe[]): Promise<Point[]> {
  const first = await Promise.all(probes.map((probe) => runner.run(probe, Date.now())));
  const withRates = probes.filter((probe) => probe.timeoutMs <= 20_000);
  await new Promise((resolve) => setTimeout(resolve, betweenReadingsMs));
  const second = await Promise.all(withRates.map((probe) => runner.run(probe, Date.now())));
  const once = probes.flatMap((probe, index) => (withRates.includes(probe) ? [] : (first[index] ?? [])));
  return [...second.flat(), ...once];
}

function describe(point: Point): string {
  const tags = Object.entries(point.tags).map(([name, value]) => ` ${name}=${value}`);
  const units = measurementByName(point.measurement)?.definition.fields ?? {};
  const fields = Object.entries(point.fields).map(
    ([name, value]) => `  ${name.padEnd(28)} ${readable(value, units[name]?.unit)}`,
  );
  return [`${point.measurement}${tags.join('')}`, ...fields].join('\n');
}

function readable(value: FieldValue, unit: Unit | undefined): string {
  if (unit === 'unix_seconds' && typeof value === 'number') return new Date(value * 1_000).toISOString();
  return `${value} ${unitOf(unit)}`.trimEnd();
}

function unitOf(unit: Unit | undefined): string {
  if (unit === 'percent') return '%';
  if (unit === 'bytes') return 'B';
  return unit === 'bytes_per_second' ? 'B/s' : '';
}
