/** What the section `grafana` only names: files that must be there, for who checks before the collector starts. */
import { readGrafanaToken } from './access.ts';
import { readWebhookSecret } from './driving/webhook-secret.ts';
import type { GrafanaSettings } from './settings.ts';

/** One line each; the collector itself goes on without Grafana, and says so in its log. */
export function grafanaProblems(settings: GrafanaSettings | undefined): string[] {
  if (!settings) return [];
  const { token_file, webhook_secret_file: secretFile } = settings;
  return [
    ...problemOf('grafana.token_file', () => readGrafanaToken(token_file)),
    ...(secretFile === undefined ? [] : problemOf('grafana.webhook_secret_file', () => readWebhookSecret(secretFile))),
  ];
}

function problemOf(key: string, read: () => unknown): string[] {
  try {
    read();
    return [];
  } catch (error) {
    return [`${key}: ${(error as Error).message}`];
  }
}
