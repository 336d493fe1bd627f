import { fieldOf, measurementByName, measurements } from '@vonggac/shared';
import * as z from 'zod';
import { aggregates } from '../stores/store.ts';
import { getFromCollector } from './api-client.ts';
import { type Command, exitCodes, parseDuration, plain, print, readArguments, table, UsageError } from './command.ts';

const usage =
  'query MEASUREMENT.FIELD [--since 1h] [--agent ID] [--unit CODE] [--step 1m] [--aggregate mean] [--url URL]';
const blocks = '▁▂▃▄▅▆▇█';
const sparkColumns = 40;

const Answer = z.object({
  series: z.array(
    z.object({
      tags: z.record(z.string(), z.string()),
      points: z.array(z.tuple([z.number(), z.union([z.number(), z.string()])])),
    }),
  ),
});

/** `vonggac query`: values of one field, as a table with a line of the course. */
export const queryCommand: Command = {
  usage,
  summary: 'values of one field: table and sparkline',
  async run(args) {
    const parsed = readArguments(args, {
      usage,
      flags: { since: 'string', agent: 'string', unit: 'string', step: 'string', aggregate: 'string', url: 'string' },
    });
    const [name, field] = (parsed.positionals[0] ?? '').split('.');
    const measurement = measurementByName(name ?? '');
    if (!measurement) {
      throw new UsageError(`no measurement "${name}"; known are ${measurements.map((m) => m.name).join(', ')}`);
    }
    if (!fieldOf(measurement, field ?? '')) {
      throw new UsageError(`${name} has no field "${field ?? ''}"; known are ${measurement.fieldNames.join(', ')}`);
    }
    const sinceMs = parseDuration(String(parsed.flags.since ?? '1h'));
    const stepMs = typeof parsed.flags.step === 'string' ? parseDuration(parsed.flags.step) : undefined;
    const aggregate = parsed.flags.aggregate;
    if (aggregate !== undefined && !aggregates.some((known) => known === aggregate)) {
      throw new UsageError(`--aggregate is one of ${aggregates.join(', ')}`);
    }
    const query = new URLSearchParams({ measurement: name ?? '', field: field ?? '', from: `${Date.now() - sinceMs}` });
    if (stepMs !== undefined) query.set('step', `${stepMs}`);
    for (const key of ['agent', 'unit', 'aggregate']) {
      const value = parsed.flags[key];
      if (typeof value === 'string') query.set(key, value);
    }
    const answer = Answer.parse(await getFromCollector(parsed, `/api/v1/series?${query}`));
    const rows = answer.series.map(({ tags, points }) => {
      const { agent, host, unit, class: _, ...own } = tags;
      const numbers = points.map(([, value]) => value).filter((value) => typeof value === 'number');
      return [
        host ?? agent ?? '',
        unit ?? '',
        Object.values(own).join(' '),
        `${points.length}`,
        shown(numbers.length > 0 ? Math.min(...numbers) : undefined),
        shown(numbers.length > 0 ? numbers.reduce((sum, value) => sum + value, 0) / numbers.length : undefined),
        shown(numbers.length > 0 ? Math.max(...numbers) : undefined),
        shown(points.at(-1)?.[1]),
        sparkline(points, { from: Date.now() - sinceMs, to: Date.now() }),
      ];
    });
    print(parsed, {
      value: answer,
      text:
        rows.length === 0
          ? `no ${name}.${field} in the last ${parsed.flags.since ?? '1h'}`
          : table(['MACHINE', 'UNIT', 'SERIES', 'POINTS', 'MIN', 'MEAN', 'MAX', 'LAST', 'COURSE'], rows),
    });
    return exitCodes.done;
  },
};

function shown(value: number | string | undefined): string {
  if (value === undefined) return '-';
  return typeof value === 'string' ? plain(value) : String(Math.round(value * 100) / 100);
}

/** Means over equal stretches of the time asked for; a stretch without values is a blank. */
export function sparkline(
  points: readonly (readonly [number, number | string])[],
  range: { from: number; to: number },
): string {
  const columns = Array.from({ length: sparkColumns }, () => ({ sum: 0, count: 0 }));
  for (const [time, value] of points) {
    const index = Math.floor(((time - range.from) / (range.to - range.from)) * sparkColumns);
    const column = columns[Math.min(Math.max(index, 0), sparkColumns - 1)];
    if (!column || typeof value !== 'number') continue;
    column.sum += value;
    column.count += 1;
  }
  const means = columns.map(({ sum, count }) => (count === 0 ? undefined : sum / count));
  const known = means.filter((mean) => mean !== undefined);
  const low = Math.min(...known);
  const span = Math.max(...known) - low || 1;
  return means
    .map((mean) => (mean === undefined ? ' ' : blocks.charAt(Math.round(((mean - low) / span) * (blocks.length - 1)))))
    .join('')
    .trimEnd();
}
