/** The section `grafana` of the configuration: the server that the collector drives, and its word back. */
import * as z from 'zod';
import { readGrafanaUrl } from './access.ts';

/** What is wrong with an address; undefined when nothing is. */
function problemOf(url: string): string | undefined {
  try {
    readGrafanaUrl(url);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

const Url = z.string().check((context) => {
  const message = problemOf(context.value);
  if (message !== undefined) context.issues.push({ code: 'custom', input: context.value, message });
});

export const GrafanaSection = z.strictObject({
  url: Url.describe('where Grafana is, with its sub-path, as in https://grafana.example'),
  token_file: z.string().min(1).describe('file with the token of a service account (role Editor) in its first line'),
  language: z.enum(['vi', 'en']).default('vi').describe('of what the collector writes into Grafana'),
  annotations: z.boolean().default(true).describe('outages, malware, maintenance and changes of agents on the graphs'),
  silences: z.boolean().default(true).describe('maintenance windows silence the alerts of what they are about'),
  acknowledge_silences_minutes: z
    .int()
    .min(1)
    .max(1_440)
    .optional()
    .describe('an incident that someone acknowledges silences its own alert for so long; absent: it does not'),
  webhook_secret_file: z
    .string()
    .min(1)
    .optional()
    .describe('file with the secret by which Grafana tells whom it has notified; absent: it cannot'),
});
export type GrafanaSettings = z.infer<typeof GrafanaSection>;
