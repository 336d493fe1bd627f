/** What the routes about the collector itself answer. */
import * as z from 'zod';
import { selfProblemCodes } from '../self-watch/self-problem.ts';
import { Instant } from './schemas.ts';

const SelfProblem = z.strictObject({
  code: z.enum(selfProblemCodes),
  severity: z.enum(['critical', 'warning']).describe('critical: it cannot do its work; warning: it will not for long'),
  text: z.string().describe('What is wrong'),
  action: z.string().describe('What to do about it'),
  facts: z.record(z.string(), z.string()),
});

export const CollectorView = z.strictObject({
  version: z.string(),
  started_at: Instant,
  store: z.string().describe('Kind of the store: sqlite or influxdb'),
  ready: z.boolean().describe('Whether it can do its work'),
  problems: z.array(SelfProblem),
  measured_at: Instant.optional(),
  values: z.record(z.string(), z.number()).optional().describe('Fields of the measurement collector'),
});
export type CollectorView = z.infer<typeof CollectorView>;
