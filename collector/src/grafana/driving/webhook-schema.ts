/**
 * What Grafana's webhook contact point posts. Of a stranger's message only what is used is looked at; what is more may
 * be there, and differs between versions.
 * https://grafana.com/docs/grafana/latest/alerting/configure-notifications/manage-contact-points/integrations/webhook-notifier/
 */
import * as z from 'zod';

/** Of an alert for each of 150 machines, with texts in two languages, come some 300 kB. */
export const maxWebhookBytes = 1024 * 1024;
const maxAlerts = 2_000;

const Status = z.enum(['firing', 'resolved']);
export type AlertStatus = z.infer<typeof Status>;

const Alert = z
  .object({
    status: Status,
    labels: z.record(z.string().max(500), z.string().max(10_000)).describe('those of the rule and of the series'),
    startsAt: z.string().max(60).optional(),
    fingerprint: z.string().max(100).optional(),
  })
  .describe('other keys are let pass');

export const GrafanaWebhook = z.object({
  receiver: z.string().min(1).max(200).describe('name of the contact point'),
  status: Status,
  alerts: z.array(Alert).max(maxAlerts),
});
export type GrafanaWebhook = z.infer<typeof GrafanaWebhook>;
