import * as z from 'zod';
import { separators } from '../../registry/unit-csv.ts';
import { writeUnitFile } from '../../registry/unit-file.ts';
import { UnitRefused } from '../../registry/unit-timeline.ts';
import { endOf, UnitDay } from '../../registry/unit-times.ts';
import { Problem } from '../problem.ts';
import { UnitHistory, UnitList } from '../schemas.ts';
import type { Scope, ScopeOf } from '../scope.ts';
import { viewUnit, viewUnitHistory } from '../unit-view.ts';
import type { App } from './app.ts';
import { Limit } from './paging.ts';

const At = UnitDay.optional().describe('The units as they were at the end of this day in Vietnam, as in 2025-06-30');

const ListQuery = z.strictObject({
  at: At,
  after: z.string().optional().describe('`next` of the page before'),
  limit: Limit,
});

const ExportQuery = z.strictObject({
  at: At,
  separator: z.enum(separators).default(',').describe('What the spreadsheet expects; `;` with Vietnamese settings'),
});

function timeOf({ at }: { readonly at?: string | undefined }): number | undefined {
  return at === undefined ? undefined : endOf(at);
}

/** Throws the Problem that says that there is no such unit, or none that may be seen. */
function historyOf(scope: Scope, code: string): UnitHistory {
  const unknown = new Problem(404, `there is no unit ${code}`);
  try {
    const timeline = scope.unitHistory(code);
    if (timeline) return viewUnitHistory(timeline);
  } catch (error) {
    if (!(error instanceof UnitRefused)) throw error;
  }
  throw unknown;
}

/** The tree of units, now and on any day. */
export function addUnitRoutes(app: App, options: { readonly scopeOf: ScopeOf }): void {
  app.get(
    '/api/v1/units',
    {
      config: { permission: 'read' },
      schema: { summary: 'Units, in the order of their codes', querystring: ListQuery, response: { 200: UnitList } },
    },
    async ({ query, identity }) => {
      const { after, limit } = query;
      const units = options.scopeOf(identity).unitsAt(timeOf(query));
      const rest = units.filter((unit) => after === undefined || unit.code > after);
      const items = rest.slice(0, limit).map(viewUnit);
      return { items, next: rest.length > limit ? (items.at(-1)?.code ?? null) : null };
    },
  );

  app.get(
    '/api/v1/units/export',
    {
      config: { permission: 'read' },
      schema: { summary: 'Units as a CSV file', querystring: ExportQuery, produces: 'text/csv' },
    },
    async ({ query, identity }, reply) => {
      const text = writeUnitFile(options.scopeOf(identity).unitsAt(timeOf(query)), query);
      return reply
        .type('text/csv; charset=utf-8')
        .header('content-disposition', 'attachment; filename="units.csv"')
        .send(text);
    },
  );

  app.get(
    '/api/v1/units/:code',
    {
      config: { permission: 'read' },
      schema: {
        summary: 'One unit, with all that it ever was',
        params: z.strictObject({ code: z.string() }),
        querystring: z.strictObject({}),
        response: { 200: UnitHistory },
      },
    },
    async ({ params, identity }) => historyOf(options.scopeOf(identity), params.code),
  );
}
