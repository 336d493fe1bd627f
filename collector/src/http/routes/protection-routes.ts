import * as z from 'zod';
import { type Level, levelNames, levels } from '../../protection/compliance.ts';
import type { MachineProtection } from '../../protection/machine-watch.ts';
import { writeProtectionCsv } from '../../protection/protection-csv.ts';
import { separators } from '../../registry/unit-csv.ts';
import { Level as LevelName, ProtectionList, UnitProtectionList } from '../protection-schemas.ts';
import { viewCounts, viewProtection } from '../protection-view.ts';
import type { ScopeOf } from '../scope.ts';
import type { App } from './app.ts';
import { After, Limit, pageByKey } from './paging.ts';

const Levels = z
  .string()
  .transform((text) => text.split(','))
  .pipe(z.array(LevelName))
  .describe(`Comma-separated: ${levelNames.join(', ')}`);

const filterKeys = {
  unit: z.string().optional().describe('This unit and all below it'),
  level: Levels.optional(),
};

const ListQuery = z.strictObject({
  ...filterKeys,
  agent: z.string().optional().describe('Only this machine'),
  after: After,
  limit: Limit,
});

const ExportQuery = z.strictObject({
  ...filterKeys,
  separator: z.enum(separators).default(',').describe('What the spreadsheet expects; `;` with Vietnamese settings'),
});

/** Which machines are protected, which are not, of which nobody knows. */
export function addProtectionRoutes(
  app: App,
  { scopeOf, now }: { readonly scopeOf: ScopeOf; readonly now: () => number },
): void {
  app.get(
    '/api/v1/protection',
    {
      config: { permission: 'read' },
      schema: {
        summary: 'Machines with the level of their protection, the worst first',
        querystring: ListQuery,
        response: { 200: ProtectionList },
      },
    },
    async ({ query: { unit, level, agent, after, limit }, identity }) => {
      const scope = scopeOf(identity);
      const machines = scope.protection(unit).filter(({ record }) => agent === undefined || record.id === agent);
      const asked = machines.filter((machine) => level?.includes(machine.level) ?? true).sort(byKey);
      const page = pageByKey(asked, { after, limit, order: 'ascending', keyOf });
      return {
        items: page.rows.map((machine) => viewProtection(machine, scope.agent(machine.record.id)?.state ?? 'offline')),
        next: page.next,
        counts: countLevels(machines),
      };
    },
  );

  app.get(
    '/api/v1/protection/units',
    {
      config: { permission: 'read' },
      schema: {
        summary: 'Of each unit, how many machines are protected out of those that it has declared',
        querystring: z.strictObject({ unit: filterKeys.unit }),
        response: { 200: UnitProtectionList },
      },
    },
    async ({ query: { unit }, identity }) => {
      const found = scopeOf(identity).protectionOfUnits(now(), unit);
      const items = found.map(({ unit: code, own, total }) => ({
        unit: code,
        own: viewCounts(own),
        total: viewCounts(total),
      }));
      return { items, next: null };
    },
  );

  app.get(
    '/api/v1/protection/export',
    {
      config: { permission: 'read' },
      schema: { summary: 'The same machines as a CSV file', querystring: ExportQuery, produces: 'text/csv' },
    },
    async ({ query: { unit, level, separator }, identity }, reply) => {
      const machines = scopeOf(identity).protection(unit);
      const asked = machines.filter((machine) => level?.includes(machine.level) ?? true).sort(byKey);
      return reply
        .type('text/csv; charset=utf-8')
        .header('content-disposition', 'attachment; filename="protection.csv"')
        .send(writeProtectionCsv(asked, { separator }));
    },
  );
}

const ranks: Readonly<Record<Level, number>> = { unprotected: 0, unknown: 1, attention: 2, protected: 3 };

/** The worst first, then by name; the id tells apart what has the same. */
function keyOf({ level, record }: MachineProtection): string {
  return `${ranks[level]} ${record.hostname.toLowerCase().slice(0, 60)} ${record.id}`;
}

function byKey(a: MachineProtection, b: MachineProtection): number {
  const [left, right] = [keyOf(a), keyOf(b)];
  return left < right ? -1 : Number(left > right);
}

function countLevels(machines: readonly MachineProtection[]): Record<Level, number> {
  const count = (level: Level) => machines.filter((machine) => machine.level === level).length;
  const names = Object.keys(levels) as Level[];
  return Object.fromEntries(names.map((level) => [level, count(level)])) as Record<Level, number>;
}
