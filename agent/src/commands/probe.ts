import { measurementByName, type Point } from '@vonggac/shared';
import type { Probe } from '../probes/probe.ts';
import { createProbes } from '../probes/registry.ts';
import { ProbeRunner } from '../probes/run-probe.ts';
import { monotonicMs } from '../system/monotonic.ts';
import { type CommandContext, CommandFailed, exitCodes, print } from './command.ts';

/** Rates need two readings. */
const betweenReadingsMs = 1_000;

/** `probe [NAME]`: measures now, twice for the sake of rates, and prints; needs no enrolment. */
export async function probeCommand(context: CommandContext): Promise<number> {
  const { texts } = context;
  const problems: string[] = [];
  const say = (message: string, fields: object = {}) => void problems.push(`${message} ${JSON.stringify(fields)}`);
  const quiet = () => undefined;
  const runner = new ProbeRunner({
    logger: { debug: quiet, info: quiet, warn: say, error: say },
    monotonic: monotonicMs,
  });
  const noSpool = { records: 0, bytes: 0, lostPoints: 0, state: 0 };
  const startTimeSeconds = Math.floor(Date.now() / 1_000);
  const probes = createProbes({
    platform: process.platform,
    runner,
    status: () => ({
      startTimeSeconds,
      spool: noSpool,
      clockOffsetSeconds: undefined,
      sentBytes: 0,
      refusedSettings: 0,
    }),
    inventoryProgram: { command: process.execPath, args: [context.program, 'inventory'] },
  });
  const chosen = choose(context, probes);
  const points = await measureTwice(runner, chosen);
  for (const problem of problems) process.stderr.write(`${problem}\n`);
  print(context, {
    value: { points },
    text: points.length > 0 ? points.map(describe).join('\n') : texts.notHere,
  });
  return problems.length > 0 ? exitCodes.failed : exitCodes.done;
}

/** The agent's own statistics mean nothing outside a running agent. */
function choose(context: CommandContext, probes: readonly Probe[]): Probe[] {
  const measurable = probes.filter(({ name }) => name !== 'agent' && name !== 'probe');
  const [name] = context.positionals;
  if (name === undefined) return measurable;
  const found = measurable.filter((probe) => probe.name === name);
  if (found.length > 0) return found;
  const known = measurable.map((probe) => probe.name).join(', ');
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
  const fields = Object.entries(point.fields).map(([name, value]) =>
    `  ${name.padEnd(28)} ${value} ${unitOf(units[name]?.unit)}`.trimEnd(),
  );
  return [`${point.measurement}${tags.join('')}`, ...fields].join('\n');
}

function unitOf(unit: string | undefined): string {
  if (unit === 'percent') return '%';
  if (unit === 'bytes') return 'B';
  return unit === 'bytes_per_second' ? 'B/s' : '';
}
