/** What the routes of alert rules answer. */
import { AgentClass } from '@vonggac/shared';
import * as z from 'zod';
import { detectorKinds } from '../incidents/incident.ts';
import { instanceStates } from '../rules/instance.ts';
import { ruleScopes, ruleWords, Words } from './incident-schemas.ts';
import { Instant, listOf } from './schemas.ts';

const Seconds = z.int().min(0);

const Condition = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('above'), threshold: z.number(), recovers: z.number() }),
  z.strictObject({ kind: z.literal('below'), threshold: z.number(), recovers: z.number() }),
  z.strictObject({ kind: z.literal('is'), value: z.number() }),
  z.strictObject({ kind: z.literal('outside'), low: z.number(), high: z.number() }),
]);

const Rule = z.strictObject({
  id: z.string().describe('Names the kind of incident and the runbook too'),
  ...ruleWords,
  severity: z.enum(['critical', 'warning', 'info']).describe('Act now, today, or see it'),
  scope: z.enum(ruleScopes),
  classes: z.array(AgentClass).optional().describe('Only machines of these; all when absent'),
  measurement: z.string(),
  field: z.string(),
  where: z.record(z.string(), z.string()),
  by: z.array(z.string()).describe('Own tags that tell instances apart'),
  reduce: z.enum(['last', 'mean', 'min', 'max']),
  window_seconds: Seconds,
  condition: Condition,
  pending_seconds: Seconds,
  keep_firing_seconds: Seconds,
  tells: z.enum(detectorKinds).optional().describe('The kind of incident that another detector opens of the same'),
  counts: z
    .strictObject(Object.fromEntries(instanceStates.map((state) => [state, z.int()])) as StateCounts)
    .describe('Instances by state; `recovering` counts as firing, `no-data` is never fine'),
});
export type RuleView = z.infer<typeof Rule>;
type StateCounts = Record<(typeof instanceStates)[number], z.ZodInt>;

export const RuleList = listOf(Rule);
export type RuleList = z.infer<typeof RuleList>;

const InstanceView = z.strictObject({
  agent: z.string().optional(),
  host: z.string().optional().describe('What the machine calls itself: nothing to trust'),
  unit: z.string().optional(),
  tags: z.record(z.string(), z.string()),
  state: z.enum(instanceStates),
  since: Instant,
  value: z.number().optional().describe('The last that the rule went by'),
  last_at: Instant.describe('Time of the newest reading'),
});
export type RuleInstanceView = z.infer<typeof InstanceView>;

export const RuleWithInstances = Rule.extend({
  instances: z.array(InstanceView).describe('The worst first, at most 200'),
  runbook: Words.describe('Markdown: what it means, how to check, what to do, whom to call'),
});
export type RuleWithInstances = z.infer<typeof RuleWithInstances>;
