/** What the routes of incidents take and answer. */
import type { RuleScope } from '@vonggac/shared';
import * as z from 'zod';
import { incidentKinds, severities } from '../incidents/incident.ts';
import { roles } from '../registry/roles.ts';
import { Instant, listOf } from './schemas.ts';

export const ruleScopes = ['machine', 'unit', 'link', 'service', 'collector'] as const satisfies readonly RuleScope[];

/** In Vietnamese and in English. */
export const Words = z.strictObject({ vi: z.string(), en: z.string() });

export const ruleWords = { title: Words, what: Words, impact: Words, first_action: Words, whom_to_call: Words };

const Incident = z.strictObject({
  id: z.int(),
  kind: z.enum(incidentKinds),
  severity: z.enum(severities),
  subject: z
    .string()
    .describe('What it is about: the id of an agent, the code of a unit, the name of a service or threat'),
  unit: z.string().optional(),
  opened_at: Instant,
  last_at: Instant.describe('When it was seen last'),
  count: z.int().describe('How often it was seen'),
  acknowledged_at: Instant.optional(),
  acknowledged_by: z.string().optional(),
  assigned_to: z.string().optional().describe('Name of the person who looks after it'),
  assigned_by: z.string().optional(),
  assigned_at: Instant.optional(),
  snoozed_until: Instant.optional().describe('Nobody is told of it until then, unless it gets worse; may be past'),
  snoozed_by: z.string().optional(),
  level: z.int().describe('1, and one more each time that nobody acknowledged it in time'),
  closed_at: Instant.optional(),
  closed_by: z.string().optional(),
  note: z.string().optional().describe('What the person who acknowledged or closed it last wrote'),
  rule: z
    .strictObject({ ...ruleWords, scope: z.enum(ruleScopes) })
    .optional()
    .describe('What the alert rule says that opened it; absent when a detector did'),
  runbook: z.string().optional().describe('Name of its page below /runbook/'),
  notified: z
    .array(
      z.strictObject({
        receiver: z.string().describe("Name of Grafana's contact point"),
        status: z.enum(['firing', 'resolved']),
        at: Instant,
      }),
    )
    .optional()
    .describe('When Grafana told people of it, oldest first; absent when it did not, and after a change'),
});
export type IncidentView = z.infer<typeof Incident>;

export const IncidentWithEvidence = Incident.extend({
  evidence: z
    .array(
      z.strictObject({
        time: Instant,
        what: z.string().describe('Names what was seen, for programs'),
        facts: z.record(z.string(), z.string()).describe('Much of it was said by machines: nothing to trust'),
      }),
    )
    .describe('The newest, oldest first'),
});
export type IncidentWithEvidence = z.infer<typeof IncidentWithEvidence>;

export const IncidentList = listOf(Incident);

export const AssignBody = z.strictObject({
  to: z.string().max(200).nullable().describe('Name of one of its assignees; null for nobody'),
});

const Time = z.iso.datetime({ offset: true, error: 'is a time with its offset, as in 2026-11-28T22:00:00+07:00' });

export const SnoozeBody = z.strictObject({ until: Time.describe('At most 30 days away') });

export const AssigneeList = z.strictObject({
  items: z.array(z.strictObject({ name: z.string(), role: z.enum(roles), unit: z.string().optional() })),
});

/** A body that is not there says nothing. */
export const WordBody = z
  .strictObject({ note: z.string().max(200).optional().describe('For whoever reads it later') })
  .nullish();
