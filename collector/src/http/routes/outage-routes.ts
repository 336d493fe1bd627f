import * as z from 'zod';
import { parseInstant } from '../instants.ts';
import { OutageList, OutageWithEvidence } from '../outage-schemas.ts';
import { viewOutage, viewOutageWithEvidence } from '../outage-view.ts';
import { Problem } from '../problem.ts';
import type { ScopeOf } from '../scope.ts';
import type { App } from './app.ts';
import { Limit } from './paging.ts';

const Instant = z
  .string()
  .refine((text) => parseInstant(text, 0) !== undefined, 'is not an instant: write ISO 8601 with an offset, or -7d')
  .describe('ISO 8601 with an offset from UTC, `now`, or relative to now such as `-7d`');

const ListQuery = z.strictObject({
  unit: z.string().optional().describe('This unit and all below it'),
  agent: z.string().optional(),
  incident: z.coerce.number().int().min(1).optional().describe('Only those that this incident tells of'),
  state: z.enum(['open', 'closed', 'all']).default('all'),
  from: Instant.optional().describe('Only those of which some part lies after this'),
  to: Instant.optional(),
  after: z
    .string()
    .regex(/^[1-9]\d{0,14}$/, { error: 'is not a cursor of this list' })
    .optional()
    .describe('`next` of the page before'),
  limit: Limit,
});

/** When machines were not heard, and what is held to be the cause. */
export function addOutageRoutes(
  app: App,
  { scopeOf, now }: { readonly scopeOf: ScopeOf; readonly now: () => number },
): void {
  app.get(
    '/api/v1/outages',
    {
      config: { permission: 'read' },
      schema: { summary: 'Outages of machines, newest first', querystring: ListQuery, response: { 200: OutageList } },
    },
    async ({ query, identity }) => {
      const { unit, agent, incident, state, after, limit } = query;
      const instant = (text: string | undefined) => (text === undefined ? undefined : parseInstant(text, now()));
      const found = scopeOf(identity).outages({
        unit,
        agents: agent === undefined ? undefined : new Set([agent]),
        incident,
        state,
        from: instant(query.from),
        to: instant(query.to),
        before: after === undefined ? undefined : Number(after),
        limit: limit + 1,
      });
      const items = found.slice(0, limit).map(viewOutage);
      return { items, next: found.length > items.length ? String(items.at(-1)?.id) : null };
    },
  );

  app.get(
    '/api/v1/outages/:id',
    {
      config: { permission: 'read' },
      schema: {
        summary: 'One outage, with the evidence for its verdict',
        params: z.strictObject({ id: z.string() }),
        querystring: z.strictObject({}),
        response: { 200: OutageWithEvidence },
      },
    },
    async ({ params, identity }) => {
      const outage = /^\d{1,15}$/.test(params.id) ? scopeOf(identity).outage(Number(params.id)) : undefined;
      if (!outage) throw new Problem(404, 'there is no such outage');
      return viewOutageWithEvidence(outage);
    },
  );
}
