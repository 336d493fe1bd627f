import * as z from 'zod';
import { permits } from '../../registry/roles.ts';
import { type AccessOptions, identify } from '../access.ts';
import type { LiveFeed } from '../live-feed.ts';
import { Problem } from '../problem.ts';
import type { ScopeOf } from '../scope.ts';
import type { App } from './app.ts';

const maxStreams = 500;
const maxAgents = 300;

const Query = z.strictObject({
  agent: z
    .string()
    .transform((text) => text.split(','))
    .pipe(z.array(z.string().min(1)).max(maxAgents))
    .optional()
    .describe('Comma-separated ids; all agents when absent'),
  points: z
    .enum(['none', 'all'])
    .default('none')
    .describe('`all` adds every new point to the events, `none` leaves it at the values that lists show'),
});

/** Changes as they happen, as server-sent events: `state`, `points` and `summary`. */
export function addStreamRoutes(
  app: App,
  options: { readonly feed: LiveFeed; readonly access: AccessOptions; readonly scopeOf: ScopeOf },
): void {
  const { feed, access, scopeOf } = options;
  app.get(
    '/api/v1/stream',
    {
      config: { permission: 'read' },
      // A compressor would hold events back; the answer to HEAD would be a stream that nobody ends.
      compress: false,
      exposeHeadRoute: false,
      schema: {
        summary: 'Live changes',
        description:
          'Server-sent events: `state` (an agent entered another state), `points` (an agent has new values), `summary` ' +
          '(agents by state; at least every five seconds, so that silence means a dead link). ' +
          'At most one message per agent and second. Named agents begin with their present state.',
        produces: 'text/event-stream',
        querystring: Query,
      },
    },
    async (request, reply) => {
      if (feed.clientCount >= maxStreams) throw new Problem(503, `${maxStreams} streams are open already`);
      return reply
        .type('text/event-stream')
        .header('x-accel-buffering', 'no')
        .send(
          feed.open({
            agents: request.query.agent,
            points: request.query.points === 'all',
            scope: () => {
              const identity = identify(request, access);
              return identity && permits(identity, 'read') ? scopeOf(identity) : undefined;
            },
          }),
        );
    },
  );
}
