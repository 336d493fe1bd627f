/** A way to people or programs. */
import { withAuthority } from './authority-file.ts';
import { sendByEmail } from './email.ts';
import { readSecretFile } from './secret-file.ts';
import type { Send } from './send.ts';
import type { ChannelSettings } from './settings.ts';
import { sendByWebhook } from './webhook.ts';

export function senderFor(settings: ChannelSettings): Send {
  return async (message) => {
    try {
      return settings.kind === 'email' ? await sendByEmail(settings, message) : await sendByWebhook(settings, message);
    } catch (error) {
      return { state: 'retry', detail: (error as Error).message };
    }
  };
}

/** What is wrong with the files that it names; they are read anew for each message. */
export function fileProblems(settings: ChannelSettings): string[] {
  const secret = settings.kind === 'email' ? settings.password_file : settings.secret_file;
  const reads = [
    () => secret !== undefined && readSecretFile(secret),
    () => settings.ca_file !== undefined && withAuthority(settings.ca_file),
  ];
  return reads.flatMap((read) => {
    try {
      read();
      return [];
    } catch (error) {
      return [(error as Error).message];
    }
  });
}

/** Where it leads, fit to be shown: addresses of webhooks often have a secret in their path. */
export function destinationOf(settings: ChannelSettings): string {
  if (settings.kind === 'webhook') return new URL(settings.url).origin;
  return `${settings.to.join(', ')} (${settings.host}:${settings.port})`;
}
