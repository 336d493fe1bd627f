import * as z from 'zod';
import { UnitList } from '../schemas.ts';
import type { ScopeOf } from '../scope.ts';
import type { App } from './app.ts';
import { Limit } from './paging.ts';

const ListQuery = z.strictObject({
  after: z.string().optional().describe('`next` of the page before'),
  limit: Limit,
});

/** The tree of units, as a list in the order of the codes. */
export function addUnitRoutes(app: App, options: { readonly scopeOf: ScopeOf }): void {
  app.get(
    '/api/v1/units',
    {
      config: { permission: 'read' },
      schema: { summary: 'Units', querystring: ListQuery, response: { 200: UnitList } },
    },
    async ({ query: { after, limit }, identity }) => {
      const rest = options
        .scopeOf(identity)
        .units()
        .filter((unit) => after === undefined || unit.code > after);
      const items = rest.slice(0, limit);
      return { items, next: rest.length > limit ? (items.at(-1)?.code ?? null) : null };
    },
  );
}
