/** Who was told of what, and how the ways to them do. */
import * as z from 'zod';
import { messageEvents } from '../../notify/events.ts';
import { messageStates } from '../../notify/notifications-file.ts';
import type { Notify } from '../../notify/notify.ts';
import { toIso } from '../instants.ts';
import { Instant } from '../schemas.ts';
import type { App } from './app.ts';
import { Limit } from './paging.ts';

const ListQuery = z.strictObject({
  after: z
    .string()
    .regex(/^[1-9]\d{0,14}$/, { error: 'is not a cursor of this list' })
    .optional()
    .describe('`next` of the page before'),
  limit: Limit,
});

const Count = z.int().min(0);

const NotificationList = z.strictObject({
  channels: z.array(
    z.strictObject({
      name: z.string(),
      kind: z.enum(['webhook', 'email']),
      destination: z.string().describe('Without what could be secret in it'),
      counts: z
        .strictObject({ waiting: Count, sent: Count, failed: Count, dropped: Count })
        .describe('Of the messages that are kept: 30 days, at most 5,000'),
      failing_since: Instant.optional().describe('Since when nothing goes through'),
      error: z.string().optional(),
    }),
  ),
  items: z.array(
    z.strictObject({
      id: z.int(),
      channel: z.string(),
      event: z.enum(messageEvents),
      subject: z.string(),
      incidents: z.array(z.int()).describe('Ids; of a storm many'),
      state: z.enum(messageStates),
      attempts: Count,
      created_at: Instant,
      next_at: Instant.optional().describe('When it is tried again'),
      done_at: Instant.optional(),
      detail: z.string().optional().describe('What the receiver said last, or why it could not be reached'),
    }),
  ),
  next: z.string().nullable(),
});

interface NotificationRouteOptions {
  readonly notify: Pick<Notify, 'list' | 'channels'>;
}

export function addNotificationRoutes(app: App, { notify }: NotificationRouteOptions): void {
  app.get(
    '/api/v1/notifications',
    {
      config: { permission: 'read-service' },
      schema: {
        summary: 'Messages about incidents, newest first, and how their channels do',
        querystring: ListQuery,
        response: { 200: NotificationList },
      },
    },
    async ({ query: { after, limit } }) => {
      const found = notify.list({ before: after === undefined ? undefined : Number(after), limit: limit + 1 });
      const items = found.slice(0, limit);
      return {
        channels: notify.channels().map(({ name, kind, destination, counts, failingSince, error }) => ({
          name,
          kind,
          destination,
          counts,
          failing_since: failingSince === undefined ? undefined : toIso(failingSince),
          error,
        })),
        items: items.map(({ id, channel, event, content, incidents, state, attempts, ...rest }) => ({
          id,
          channel,
          event,
          subject: content.subject,
          incidents: [...incidents],
          state,
          attempts,
          created_at: toIso(rest.createdAt),
          next_at: state === 'waiting' ? toIso(rest.nextAt) : undefined,
          done_at: rest.doneAt === undefined ? undefined : toIso(rest.doneAt),
          detail: rest.detail,
        })),
        next: found.length > items.length ? `${items.at(-1)?.id}` : null,
      };
    },
  );
}
