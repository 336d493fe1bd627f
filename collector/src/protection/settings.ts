/** The section `protection` of the configuration: when a machine counts as protected, and what is told of malware. */
import { AgentClass } from '@vonggac/shared';
import * as z from 'zod';

const days = (fallback: number) => z.number().positive().max(3_650).default(fallback);
const hours = (fallback: number) => z.number().positive().max(8_760).default(fallback);
const minutes = (fallback: number) => z.number().min(0).max(1_440).default(fallback);
const count = (fallback: number, range: { min: number; max: number }) =>
  z.int().min(range.min).max(range.max).default(fallback);

/** Days by profile: networks without the Internet get their signatures by hand, once a week. */
const signatureDays = {
  online: { warning_days: 3, critical_days: 7 },
  offline: { warning_days: 7, critical_days: 15 },
} as const;

const Thresholds = z.strictObject({
  signature_warning_days: z.number().positive().max(3_650).optional().describe('by the profile when absent'),
  signature_critical_days: z.number().positive().max(3_650).optional().describe('by the profile when absent'),
  starting_minutes: minutes(10).describe('how long a product may take to start'),
  stopped_minutes: minutes(5).describe('how long it may be stopped until that is critical'),
  realtime_off_minutes: minutes(10),
  quick_scan_days: days(7),
  full_scan_days: days(30),
  full_scan_critical_days: days(90),
  licence_days: days(30).describe('how long before its end a licence is warned of'),
  threat_hours: hours(24).describe('how long a threat that was dealt with is warned of'),
  unresolved_days: days(7).describe('how long one that was not is critical, if nothing more is heard of it'),
  many_threats: count(5, { min: 2, max: 1_000 }).describe('different threats within threat_hours that are critical'),
  pending_days: days(3).describe('how long a product may wait for a restart or a full scan until that is critical'),
  updates_warning_days: days(7).describe('age of the oldest security update that is not installed'),
  updates_critical_days: days(30),
  reboot_warning_days: days(3),
  reboot_critical_days: days(30),
  support_ends_days: days(90).describe('how long before the end of its support an operating system is warned of'),
});

const Report = z.strictObject({
  organ_id: z
    .string()
    .regex(/^[A-Za-z0-9]{1,16}(\.[A-Za-z0-9]{1,16}){0,7}$/, 'is an identifier as in 000.00.00.H00')
    .optional()
    .describe('identifier of the province in the national exchange of documents'),
  organ_name: z.string().min(1).max(200).optional(),
  address: z.string().max(300).default(''),
  email: z.string().max(200).default(''),
  telephone: z.string().max(60).default(''),
  fax: z.string().max(60).default(''),
  website: z.string().max(200).default(''),
  product: z.string().min(1).max(100).default('Vọng Gác').describe('name under which the report is made'),
  certificate: z.string().min(1).optional().describe('PEM file of the certificate that the report is signed with'),
  key: z.string().min(1).optional().describe('PEM file of its private key, RSA, without a pass phrase'),
});
export type ReportSettings = z.infer<typeof Report>;

export const ProtectionSection = z
  .strictObject({
    profile: z
      .enum(['online', 'offline'])
      .default('online')
      .describe('offline: a network without the Internet; its signatures may be older'),
    thresholds: Thresholds.prefault({}),
    require_management: z.boolean().default(false).describe('whether products without a central server are warned of'),
    require_encryption: z
      .array(AgentClass)
      .default([])
      .describe('classes of machines whose system volume has to be encrypted'),
    critical_samples: count(2, { min: 1, max: 60 }).describe('readings in a row until something is critical'),
    clear_samples: count(2, { min: 1, max: 60 }).describe('readings in a row until it is no longer'),
    unknown_hours: z
      .number()
      .positive()
      .max(24)
      .default(24)
      .describe('how long a machine may be unknown; then it needs attention'),
    silent_minutes: z
      .int()
      .min(12)
      .max(1_440)
      .default(30)
      .describe('a connected machine that says nothing of its protection for so long is unknown'),
    proof_hours: hours(72).describe('how long what a machine that is off said last holds'),
    clock_skew_hours: hours(24).describe('ages are unknown on a machine whose clock is more wrong than that'),
    unprotected_minutes: minutes(10).describe('how long a machine is unprotected until that is an incident'),
    outbreak: z
      .strictObject({
        machines: count(3, { min: 2, max: 1_000 }),
        units: count(2, { min: 2, max: 1_000 }),
        within_minutes: count(60, { min: 1, max: 1_440 }),
      })
      .prefault({})
      .describe('the same threat on so many machines, or in so many units, within that time'),
    compromise_minutes: count(15, { min: 1, max: 1_440 }).describe(
      'protection that stops and another change on the same machine within this time are a hint of a break-in',
    ),
    event_hours: hours(24).describe('what was found longer ago is kept, but makes no incident'),
    malware: z
      .strictObject({
        keep_days: days(400),
        keep: count(200_000, { min: 1_000, max: 10_000_000 }).describe('detections kept'),
        keep_per_machine: count(5_000, { min: 100, max: 1_000_000 }),
      })
      .prefault({}),
    report: Report.prefault({}).describe('what the national report says of its sender'),
  })
  .check((context) => {
    const { thresholds } = context.value;
    for (const [lower, higher] of ordered) {
      const [low, high] = [thresholds[lower], thresholds[higher]];
      if (low === undefined || high === undefined || low < high) continue;
      const message = `is ${low}, which is not less than ${higher} (${high})`;
      context.issues.push({ code: 'custom', input: low, path: ['thresholds', lower], message });
    }
  });
export type ProtectionSettings = z.infer<typeof ProtectionSection>;

const ordered = [
  ['signature_warning_days', 'signature_critical_days'],
  ['full_scan_days', 'full_scan_critical_days'],
  ['updates_warning_days', 'updates_critical_days'],
  ['reboot_warning_days', 'reboot_critical_days'],
] as const satisfies (readonly [keyof z.infer<typeof Thresholds>, keyof z.infer<typeof Thresholds>])[];

/** Ages of signatures in days. What is set wins over the profile; the two never cross. */
export function signatureLimits({ profile, thresholds }: Pick<ProtectionSettings, 'profile' | 'thresholds'>): {
  readonly warning: number;
  readonly critical: number;
} {
  const { warning_days, critical_days } = signatureDays[profile];
  const warning = thresholds.signature_warning_days;
  const critical = thresholds.signature_critical_days ?? Math.max(critical_days, warning ?? 0);
  return { warning: warning ?? Math.min(warning_days, critical), critical };
}
