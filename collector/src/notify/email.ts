/** Notifications by e-mail, through the province's own relay. */
import { hostname } from 'node:os';
import { createTransport } from 'nodemailer';
import { withAuthority } from './authority-file.ts';
import { readSecretFile } from './secret-file.ts';
import type { Outcome, Sendable } from './send.ts';
import type { EmailSettings } from './settings.ts';

const minTls = 'TLSv1.2';
/** Nobody answered, or what answered is no mail server that can be trusted. */
const unreachable = new Set(['ECONNECTION', 'ETIMEDOUT', 'ESOCKET', 'EDNS', 'ETLS', 'ECONNREFUSED', 'EPROTOCOL']);

/** Throws when a file that the settings name cannot be read. */
export async function sendByEmail(
  settings: EmailSettings,
  { uid, thread, content, event, createdAt }: Sendable,
): Promise<Outcome> {
  const { host, port, security, user, from, to } = settings;
  const timeout = settings.timeout_seconds * 1_000;
  const domain = from.slice(from.indexOf('@') + 1);
  const transport = createTransport({
    host,
    port,
    secure: security === 'tls',
    requireTLS: security === 'starttls',
    ignoreTLS: security === 'none',
    name: hostname(),
    ...(user !== undefined && { auth: { user, pass: passwordOf(settings) } }),
    tls: { minVersion: minTls, ...(settings.ca_file !== undefined && { ca: withAuthority(settings.ca_file) }) },
    connectionTimeout: timeout,
    greetingTimeout: timeout,
    socketTimeout: timeout,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  const idOf = (id: string) => `<${id}@${domain}>`;
  try {
    const sent = await transport.sendMail({
      from,
      to,
      subject: content.subject,
      text: content.text,
      date: new Date(createdAt),
      // The same at each try: a mail that came through although the relay's answer did not is shown once.
      messageId: idOf(uid),
      ...(thread !== undefined && { inReplyTo: idOf(thread), references: idOf(thread) }),
      // Nobody's holiday notice is to answer.
      headers: { 'Auto-Submitted': 'auto-generated', 'X-Vonggac-Event': event },
    });
    const refused = sent.rejected.length > 0 ? `; refused: ${sent.rejected.map(String).join(', ')}` : '';
    return { state: 'sent', detail: `${sent.response}${refused}` };
  } catch (error) {
    return outcomeOf(error as MailError);
  } finally {
    transport.close();
  }
}

interface MailError extends Error {
  readonly code?: string;
  /** Of the relay's answer: 5xx is for ever. */
  readonly responseCode?: number;
}

/** A wrong password or certificate can be mended, and stops all mail alike; a recipient that is refused stops this one. */
function outcomeOf({ message, code = '', responseCode = 0 }: MailError): Outcome {
  const isForEver = (code === 'EENVELOPE' || code === 'EMESSAGE') && responseCode >= 500;
  return { state: isForEver ? 'failed' : 'retry', detail: message, isUnreachable: unreachable.has(code) };
}

function passwordOf({ password, password_file }: EmailSettings): string {
  return password ?? readSecretFile(password_file ?? '');
}
