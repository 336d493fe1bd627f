import * as z from 'zod';
import { writeAvailabilityCsv } from '../../availability/availability-csv.ts';
import { InvalidPeriod } from '../../availability/period.ts';
import type { AvailabilityReport } from '../../availability/report.ts';
import { separators } from '../../registry/unit-csv.ts';
import { AvailabilityAnswer } from '../availability-schemas.ts';
import { viewAvailability } from '../availability-view.ts';
import { invalidRequest, Problem } from '../problem.ts';
import type { Scope, ScopeOf } from '../scope.ts';
import type { App } from './app.ts';

const ReportQuery = z.strictObject({
  month: z.string().optional().describe('As in 2026-11; this one when neither it nor days are named'),
  from: z.string().optional().describe('First day, as in 2026-11-01'),
  to: z.string().optional().describe('Last day'),
  unit: z.string().optional().describe('This unit and all below it'),
  agent: z.string().optional().describe('This machine only'),
});

const ExportQuery = ReportQuery.extend({
  separator: z.enum(separators).default(',').describe('What the spreadsheet expects; `;` with Vietnamese settings'),
});

/** How long machines, lines and units were up, and why they were not. */
export function addAvailabilityRoutes(app: App, { scopeOf }: { readonly scopeOf: ScopeOf }): void {
  app.get(
    '/api/v1/availability',
    {
      config: { permission: 'read' },
      schema: {
        summary: 'Availability of units, machines and lines over a month or days, in seconds that add up',
        querystring: ReportQuery.extend({
          detail: z.enum(['all', 'units']).default('all').describe('`units`: without each machine and line'),
        }),
        response: { 200: AvailabilityAnswer },
      },
    },
    async ({ query: { detail, ...query }, identity }) => {
      const report = await reportFor(scopeOf(identity), query);
      return viewAvailability(detail === 'all' ? report : { ...report, machines: [], links: [] });
    },
  );

  app.get(
    '/api/v1/availability/export',
    {
      config: { permission: 'read' },
      schema: { summary: 'The same as a CSV file', querystring: ExportQuery, produces: 'text/csv' },
    },
    async ({ query: { separator, ...query }, identity }, reply) => {
      const report = await reportFor(scopeOf(identity), query);
      return reply
        .type('text/csv; charset=utf-8')
        .header('content-disposition', `attachment; filename="availability-${report.period.month ?? 'days'}.csv"`)
        .send(writeAvailabilityCsv(report, { separator }));
    },
  );
}

/** Throws a Problem. */
async function reportFor(scope: Scope, { agent, ...query }: z.infer<typeof ReportQuery>): Promise<AvailabilityReport> {
  if (agent !== undefined && !scope.agent(agent)) throw new Problem(404, 'there is no such machine');
  if (query.unit !== undefined && !scope.units().some(({ code }) => code === query.unit)) {
    throw new Problem(404, `there is no unit ${query.unit}`);
  }
  try {
    return await scope.availability({ ...query, machine: agent });
  } catch (error) {
    if (!(error instanceof InvalidPeriod)) throw error;
    throw invalidRequest([{ location: 'query', name: error.field, detail: error.message }]);
  }
}
