import * as z from 'zod';
import type { GrafanaDriving } from '../../grafana/driving/grafana-driving.ts';
import { GrafanaWebhook, maxWebhookBytes } from '../../grafana/driving/webhook-schema.ts';
import { GrafanaDoor } from '../grafana-door.ts';
import type { App } from './app.ts';

const count = z.int().min(0);
const WebhookAnswer = z.strictObject({
  matched: count.describe('alerts of which an incident tells: it says now that people were notified'),
  unmatched: count.describe('of our rules, but no incident tells of them'),
  foreign: count.describe('of other rules'),
});

export interface GrafanaRouteOptions {
  readonly grafana: Pick<GrafanaDriving, 'webhookSecret' | 'metrics' | 'notices'>;
  readonly now: () => number;
}

/** Grafana's word on whom it has notified. It opens no incident and changes none but for that. */
export function addGrafanaRoutes(app: App, { grafana, now }: GrafanaRouteOptions): void {
  const { webhooks, alerts } = grafana.metrics;
  const door = new GrafanaDoor({ secret: () => grafana.webhookSecret, now, refusals: webhooks });

  app.post(
    '/api/v1/grafana/alerts',
    {
      config: { permission: 'own-secret' },
      bodyLimit: maxWebhookBytes,
      onRequest: async (request, reply) => door.check(request, reply),
      schema: {
        summary: "Takes what Grafana's webhook contact point posts",
        description: 'Open to whoever has the secret of the contact point, as `Authorization: Bearer …`.',
        body: GrafanaWebhook,
        response: { 200: WebhookAnswer },
      },
    },
    async ({ body }) => {
      const tally = grafana.notices.take(body);
      webhooks.inc({ result: 'taken' });
      for (const outcome of ['matched', 'unmatched', 'foreign'] as const) alerts.inc({ outcome }, tally[outcome]);
      return tally;
    },
  );
}
