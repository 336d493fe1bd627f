import * as z from 'zod';
import { writeLinkCsv } from '../../connectivity/link-csv.ts';
import { monthOf, ReportMonth } from '../../connectivity/link-report.ts';
import { separators } from '../../registry/unit-csv.ts';
import { parseInstant } from '../instants.ts';
import { IntervalList, LinkList, LinkReportAnswer, ServiceList } from '../link-schemas.ts';
import { viewInterval, viewLink, viewReport, viewService } from '../link-view.ts';
import { Problem } from '../problem.ts';
import type { ScopeOf } from '../scope.ts';
import type { App } from './app.ts';
import { Limit } from './paging.ts';

const Instant = z
  .string()
  .refine((text) => parseInstant(text, 0) !== undefined, 'is not an instant: write ISO 8601 with an offset, or -7d')
  .describe('ISO 8601 with an offset from UTC, `now`, or relative to now such as `-7d`');

const IntervalQuery = z.strictObject({
  from: Instant.default('-30d'),
  to: Instant.default('now'),
  after: z
    .string()
    .regex(/^\d{1,15}$/, 'is not a cursor of this list')
    .optional()
    .describe('`next` of the page before'),
  limit: Limit,
});

const ReportQuery = z.strictObject({
  month: ReportMonth.optional().describe('In Vietnam, as in 2026-11; this one when absent'),
  unit: z.string().optional().describe('This unit and all below it'),
});

const ExportQuery = ReportQuery.extend({
  separator: z.enum(separators).default(',').describe('What the spreadsheet expects; `;` with Vietnamese settings'),
});

/** The units' lines, what became of them, and the shared services. */
export function addLinkRoutes(
  app: App,
  { scopeOf, now }: { readonly scopeOf: ScopeOf; readonly now: () => number },
): void {
  app.get(
    '/api/v1/links',
    {
      config: { permission: 'read' },
      schema: {
        summary: "The units' lines as they are now, in the order of units",
        querystring: z.strictObject({}),
        response: { 200: LinkList },
      },
    },
    async ({ identity }) => ({ items: scopeOf(identity).links(now()).map(viewLink), next: null }),
  );

  app.get(
    '/api/v1/links/:unit/:link/intervals',
    {
      config: { permission: 'read' },
      schema: {
        summary: 'What became of one line, oldest first',
        params: z.strictObject({ unit: z.string(), link: z.string() }),
        querystring: IntervalQuery,
        response: { 200: IntervalList },
      },
    },
    async ({ params, query, identity }) => {
      const [from = 0, to = 0] = [query.from, query.to].map((text) => parseInstant(text, now()));
      const after = query.after === undefined ? undefined : Number(query.after);
      const found = scopeOf(identity).linkIntervals({ ...params, from, to, after, limit: query.limit + 1 });
      if (!found) throw new Problem(404, 'there is no such line');
      const items = found.slice(0, query.limit);
      return {
        items: items.map(viewInterval),
        next: found.length > items.length ? `${items.at(-1)?.from}` : null,
      };
    },
  );

  app.get(
    '/api/v1/links/report',
    {
      config: { permission: 'read' },
      schema: {
        summary: 'A month of the lines: availability, outages, latency and loss, by line and day',
        querystring: ReportQuery,
        response: { 200: LinkReportAnswer },
      },
    },
    async ({ query: { month = monthOf(now()), unit }, identity }) =>
      viewReport(scopeOf(identity).linkReport({ month, unit, now: now() })),
  );

  app.get(
    '/api/v1/links/report/export',
    {
      config: { permission: 'read' },
      schema: {
        summary: 'Every interval of a month as a CSV file: evidence towards the carrier',
        querystring: ExportQuery,
        produces: 'text/csv',
      },
    },
    async ({ query: { month = monthOf(now()), unit, separator }, identity }, reply) => {
      const { intervals, truncated } = scopeOf(identity).linkReport({ month, unit, now: now() });
      if (truncated) throw new Problem(400, 'too much happened for one file: ask for one unit');
      return reply
        .type('text/csv; charset=utf-8')
        .header('content-disposition', `attachment; filename="links-${month}.csv"`)
        .send(writeLinkCsv(intervals, { separator }));
    },
  );

  app.get(
    '/api/v1/services',
    {
      config: { permission: 'read' },
      schema: {
        summary: 'Shared services as their vantage points see them',
        querystring: z.strictObject({}),
        response: { 200: ServiceList },
      },
    },
    async ({ identity }) => ({ items: scopeOf(identity).services().map(viewService), next: null }),
  );
}
