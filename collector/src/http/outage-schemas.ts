/** What the routes of outages answer. */
import { AgentClass } from '@vonggac/shared';
import * as z from 'zod';
import { confidences, verdictNames, type verdicts } from '../outages/outage.ts';
import { Instant, listOf } from './schemas.ts';

const Verdict = z
  .enum(verdictNames as [keyof typeof verdicts])
  .describe('What is held to be the cause; claims no more than was seen');

const Outage = z.strictObject({
  id: z.int(),
  agent: z.string(),
  hostname: z.string(),
  unit: z.string().describe('Where the machine belonged when the outage began'),
  class: z.enum(AgentClass.options),
  began_at: Instant.describe('When the agent was heard last'),
  ended_at: Instant.optional().describe('Absent while it lasts'),
  verdict: Verdict,
  confidence: z.enum(confidences),
  incident: z.int().optional().describe('The incident that tells of it'),
});
export type OutageView = z.infer<typeof Outage>;

export const OutageWithEvidence = Outage.extend({
  evidence: z
    .array(z.strictObject({ time: Instant, what: z.string(), facts: z.record(z.string(), z.string()) }))
    .describe('What was seen, when and by whom, oldest first'),
  revisions: z
    .array(
      z.strictObject({
        time: Instant,
        from: Verdict,
        to: Verdict,
        why: z.string().describe('The evidence that decided'),
      }),
    )
    .describe('How later evidence has changed the verdict, oldest first'),
});
export type OutageWithEvidence = z.infer<typeof OutageWithEvidence>;

export const OutageList = listOf(Outage);
