import { AgentClass, type AgentState, agentStates } from '@vonggac/shared';
import * as z from 'zod';
import { type AgentFilter, filterAgents, pageOf, type SortKey, sortKeys } from '../agent-list.ts';
import { viewAgent, viewAgentWithPoints } from '../agent-view.ts';
import { summarise } from '../live-feed.ts';
import { invalidRequest, Problem } from '../problem.ts';
import { AgentList, AgentWithPoints, Summary } from '../schemas.ts';
import type { ScopeOf } from '../scope.ts';
import type { App } from './app.ts';
import { Limit } from './paging.ts';

const States = z
  .string()
  .transform((text) => text.split(','))
  .pipe(z.array(z.enum(agentStates)))
  .describe(`Comma-separated: ${agentStates.join(', ')}`);

const filterKeys = {
  unit: z.string().optional().describe('Code of a unit; the units below it are included'),
  class: z.enum(AgentClass.options).optional(),
  q: z
    .string()
    .max(100)
    .optional()
    .describe('Words to look for in name, id and unit; case and diacritics do not matter'),
};

const SortOrder = z
  .enum(sortKeys.flatMap((key): (SortKey | `-${SortKey}`)[] => [key, `-${key}`]))
  .default('name')
  .describe('What to sort by; a minus sign turns the order round. Unknown values always come last');

const ListQuery = z.strictObject({
  ...filterKeys,
  state: States.optional(),
  sort: SortOrder,
  after: z.string().optional().describe('`next` of the page before, asked with the same `sort`'),
  limit: Limit,
});

const SummaryQuery = z.strictObject(filterKeys);

function toFilter(query: z.infer<typeof SummaryQuery> & { state?: AgentState[] | undefined }): AgentFilter {
  return { unit: query.unit, class: query.class, q: query.q, states: query.state };
}

/** The list of agents, one agent, and how many are in which state. */
export function addAgentRoutes(app: App, options: { readonly scopeOf: ScopeOf }): void {
  const { scopeOf } = options;

  app.get(
    '/api/v1/agents',
    {
      config: { permission: 'read' },
      schema: { summary: 'Agents', querystring: ListQuery, response: { 200: AgentList } },
    },
    async ({ query, identity }) => {
      const scope = scopeOf(identity);
      const descending = query.sort.startsWith('-');
      const key = query.sort.replace('-', '') as SortKey;
      const visible = scope.agents();
      const agents = filterAgents(visible, scope.units(), toFilter(query));
      const page = pageOf(agents, { key, descending }, query);
      if (!page) {
        throw invalidRequest([{ location: 'query', name: 'after', detail: `is not a cursor of sort=${query.sort}` }]);
      }
      return { items: page.agents.map((agent) => viewAgent(agent, visible)), next: page.next };
    },
  );

  app.get(
    '/api/v1/agents/:id',
    {
      config: { permission: 'read' },
      schema: {
        summary: 'One agent, with its newest points',
        params: z.strictObject({ id: z.string() }),
        querystring: z.strictObject({}),
        response: { 200: AgentWithPoints },
      },
    },
    async ({ params, identity }) => {
      const scope = scopeOf(identity);
      const agent = scope.agent(params.id);
      if (!agent) throw new Problem(404, `there is no agent ${params.id}`);
      return viewAgentWithPoints(agent, scope.agents());
    },
  );

  app.get(
    '/api/v1/summary',
    {
      config: { permission: 'read' },
      schema: { summary: 'Agents by state', querystring: SummaryQuery, response: { 200: Summary } },
    },
    async ({ query, identity }) => {
      const scope = scopeOf(identity);
      return summarise(filterAgents(scope.agents(), scope.units(), toFilter(query)));
    },
  );
}
