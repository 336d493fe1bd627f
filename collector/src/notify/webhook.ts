/**
 * Notifications to programs: one JSON object is posted for each message, signed when there is a secret. The signature is
 * HMAC-SHA256, in hexadecimal, over the time header, a dot and the body; a receiver refuses old times and wrong ones.
 */
import { createHmac } from 'node:crypto';
import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { withAuthority } from './authority-file.ts';
import { readSecretFile } from './secret-file.ts';
import type { Outcome, Sendable } from './send.ts';
import type { WebhookSettings } from './settings.ts';

/** Refusals that a person may mend over there, or that pass. */
const mendable = new Set([401, 403, 404, 405, 407, 408, 409, 421, 423, 425, 429]);
const maxAnswerBytes = 64 * 1_024;

/** Throws when a file that the settings name cannot be read. */
export async function sendByWebhook(
  settings: WebhookSettings,
  { uid, event, content, createdAt }: Sendable,
): Promise<Outcome> {
  const { subject, text, data } = content;
  const time = new Date(createdAt).toISOString();
  const body = JSON.stringify({ version: 1, id: uid, event, time, subject, text, ...data });
  const secret =
    settings.secret ?? (settings.secret_file === undefined ? undefined : readSecretFile(settings.secret_file));
  const sentAt = `${Math.floor(Date.now() / 1_000)}`;
  const headers = {
    'content-type': 'application/json; charset=utf-8',
    'content-length': `${Buffer.byteLength(body)}`,
    'user-agent': 'vonggac',
    'x-vonggac-id': uid,
    'x-vonggac-time': sentAt,
    ...(secret !== undefined && { 'x-vonggac-signature': `sha256=${sign({ secret, sentAt, body })}` }),
  };
  try {
    return outcomeOf(await post(settings, { headers, body }));
  } catch (error) {
    return { state: 'retry', detail: (error as Error).message, isUnreachable: true };
  }
}

export function sign({ secret, sentAt, body }: { secret: string; sentAt: string; body: string }): string {
  return createHmac('sha256', secret).update(`${sentAt}.${body}`).digest('hex');
}

/** Redirects are refused too: a message goes where a person has said, nowhere else. */
function outcomeOf(status: number): Outcome {
  const detail = `answered ${status}`;
  if (status >= 200 && status < 300) return { state: 'sent', detail };
  return { state: status >= 500 || status < 400 || mendable.has(status) ? 'retry' : 'failed', detail };
}

/** Resolves with the status. */
function post(
  { url, ca_file, timeout_seconds }: WebhookSettings,
  { headers, body }: { headers: Record<string, string>; body: string },
): Promise<number> {
  const options = {
    method: 'POST',
    headers,
    agent: false as const,
    signal: AbortSignal.timeout(timeout_seconds * 1_000),
    ...(ca_file !== undefined && { ca: withAuthority(ca_file) }),
  };
  return new Promise((resolve, reject) => {
    const request = (url.startsWith('https:') ? requestHttps : requestHttp)(url, options, (response) => {
      let bytes = 0;
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        if (bytes > maxAnswerBytes) response.destroy();
      });
      // What it answers beyond the status is nobody's business; it may also end in the middle.
      response.on('error', () => undefined);
      response.on('close', () => resolve(response.statusCode ?? 0));
    });
    request.on('error', reject);
    request.end(body);
  });
}
