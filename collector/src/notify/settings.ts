/** The sections `incidents` and `notify` of the configuration: when an incident rises, and who hears of it by what way. */
import { isIP } from 'node:net';
import * as z from 'zod';
import { incidentKinds, severities } from '../incidents/incident.ts';
import { isSafeUrl } from '../oidc/settings.ts';
import { UnitCode } from '../registry/unit-values.ts';

export const maxLevel = 5;

const minutes = z.number().positive().max(10_080);

const Steps = z
  .array(minutes)
  .max(maxLevel - 1)
  .refine((steps) => steps.every((step, i) => i === 0 || step > (steps[i - 1] ?? 0)), 'expected rising minutes');

export const IncidentsSection = z.strictObject({
  escalate_minutes: z
    .strictObject({
      critical: Steps.default([15, 60]),
      warning: Steps.default([]),
      info: Steps.default([]),
    })
    .prefault({})
    .describe('after so many minutes that nobody acknowledged it, an incident rises to level 2, 3, …'),
});
export type EscalationSettings = z.infer<typeof IncidentsSection>['escalate_minutes'];

const Route = z.strictObject({
  severities: z.array(z.enum(severities)).min(1).optional(),
  kinds: z.array(z.enum(incidentKinds)).min(1).optional().describe('kinds of incidents, which are ids of rules too'),
  unit: UnitCode.optional().describe('with all below it'),
  level: z.int().min(1).max(maxLevel).default(1).describe('told when the incident rises to this level'),
});
export type Route = z.infer<typeof Route>;

const ClockTime = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, "expected a time as in '22:00'");

const common = {
  language: z.enum(['vi', 'en']).default('vi'),
  routes: z
    .array(Route)
    .min(1)
    .max(50)
    .default([{ level: 1 }])
    .describe('told of what any of them names'),
  gather_seconds: z.number().min(0).max(600).default(30).describe('what opens within this time is told together'),
  update_minutes: z.number().positive().max(1_440).default(30).describe('growing counts are told this often at most'),
  messages_per_minute: z.int().min(1).max(600).default(10),
  digest_from: z.int().min(2).max(100).default(5).describe('so many incidents at once make one message'),
  quiet: z
    .strictObject({ from: ClockTime, to: ClockTime })
    .refine(({ from, to }) => from !== to, 'expected another time than from')
    .optional()
    .describe("hours of the calendar's clock in which only critical incidents are told"),
  ca_file: z
    .string()
    .min(1)
    .optional()
    .describe('PEM file with the authority of its certificate, besides those that are known'),
  timeout_seconds: z.number().min(1).max(120).default(15),
};

const Secret = z.string().min(1).max(2_000);

const Webhook = z
  .strictObject({
    ...common,
    kind: z.literal('webhook'),
    url: z
      .url({ protocol: /^https?$/ })
      .max(2_000)
      .describe('where the JSON is posted'),
    plain_http: z.boolean().default(false).describe('whether http:// may leave this machine'),
    secret: Secret.optional().describe('signs each message with HMAC-SHA256'),
    secret_file: z.string().min(1).optional().describe('file with the secret in its first line'),
  })
  .check((context) => {
    const { url, plain_http, secret, secret_file } = context.value;
    const refuse = refusing(context);
    if (new URL(url).username !== '' || new URL(url).password !== '')
      refuse('url', 'expected no name or password in it');
    if (!plain_http && !isSafeUrl(url)) refuse('url', 'expected https, or plain_http: true');
    if (secret !== undefined && secret_file !== undefined) refuse('secret_file', 'there is a secret already');
  });
export type WebhookSettings = z.infer<typeof Webhook>;

/** Plain addresses without names or comments: nothing in them can begin another header. */
const Address = z
  .string()
  .max(254)
  .regex(/^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?$/, 'expected name@host');

const loopback = /^(localhost|127\.0\.0\.1|::1)$/;

const Email = z
  .strictObject({
    ...common,
    kind: z.literal('email'),
    host: z
      .string()
      .refine(
        (host) => isIP(host) !== 0 || /^[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?$/.test(host),
        'expected a name or an address',
      )
      .describe('the mail relay'),
    port: z.int().min(1).max(65_535).default(587),
    security: z
      .enum(['starttls', 'tls', 'none'])
      .default('starttls')
      .describe('starttls: no mail without it; tls: from the first byte, mostly port 465'),
    user: z.string().min(1).max(200).optional(),
    password: Secret.optional(),
    password_file: z.string().min(1).optional().describe('file with the password in its first line'),
    from: Address,
    to: z.array(Address).min(1).max(50),
  })
  .check((context) => {
    const { host, security, user, password, password_file } = context.value;
    const refuse = refusing(context);
    const hasPassword = password !== undefined || password_file !== undefined;
    if (password !== undefined && password_file !== undefined) refuse('password_file', 'there is a password already');
    if (hasPassword !== (user !== undefined)) refuse('user', 'user and password go together');
    if (hasPassword && security === 'none' && !loopback.test(host)) {
      refuse('security', 'expected starttls or tls: a password does not travel in the clear');
    }
  });
export type EmailSettings = z.infer<typeof Email>;

export const ChannelSettings = z.discriminatedUnion('kind', [Webhook, Email]);
export type ChannelSettings = z.infer<typeof ChannelSettings>;

const ChannelName = z.string().regex(/^[a-z][a-z0-9-]{0,31}$/, 'expected small letters, digits and dashes');

export const NotifySection = z.strictObject({
  channels: z
    .record(ChannelName, ChannelSettings)
    .refine((channels) => Object.keys(channels).length <= 20, 'expected at most 20')
    .default({}),
});
export type NotifySettings = z.infer<typeof NotifySection>;

/** The setting that VONGGAC_NOTIFY_<CHANNEL>_PASSWORD or …_SECRET stands for, of a channel that the file has. */
export function channelVariable(variable: string, file: unknown): string | undefined {
  const [, channel, key] = /^VONGGAC_NOTIFY_([A-Z0-9_]+)_(PASSWORD|SECRET)$/.exec(variable) ?? [];
  const { notify } = (file ?? {}) as { notify?: { channels?: unknown } | null };
  const name = Object.keys(notify?.channels ?? {}).find((each) => each.toUpperCase().replaceAll('-', '_') === channel);
  return name !== undefined && key !== undefined ? `notify.channels.${name}.${key.toLowerCase()}` : undefined;
}

interface Checked {
  readonly value: unknown;
  readonly issues: { push(issue: { code: 'custom'; input: unknown; path: string[]; message: string }): unknown };
}

function refusing({ value, issues }: Checked): (path: string, message: string) => void {
  return (path, message) => void issues.push({ code: 'custom', input: value, path: [path], message });
}
