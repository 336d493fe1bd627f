/** What the routes of availability answer. */
import { AgentClass } from '@vonggac/shared';
import * as z from 'zod';
import { Instant } from './schemas.ts';

const Seconds = z.int().min(0);

/** The seconds add up to the length of the time. */
const figure = {
  available_percent: z.number().optional().describe('up / (up + down); absent when no time counts'),
  seconds: z.strictObject({
    up: Seconds,
    down: Seconds,
    planned: Seconds.describe('Silent in maintenance, or outside working hours: never charged'),
    inconclusive: Seconds.describe('The collector could not see: never charged'),
    absent: Seconds.describe('Before enrolment, after retirement'),
  }),
  down_seconds: z.record(z.string(), Seconds).describe('By cause'),
};

const Total = z.strictObject({ count: z.int(), ...figure });
const outages = z.int().describe('Times that it fell silent, planned ones too');

export const AvailabilityAnswer = z.strictObject({
  month: z.string().optional().describe('Absent when days were asked for'),
  from: Instant,
  to: Instant.describe('Now, for a time that is not over'),
  is_over: z.boolean(),
  taken_at: Instant.optional().describe('When the figures of the month were taken; absent while they still change'),
  revisions: z.int().describe('How many of its figures late evidence has changed since; each is in the audit log'),
  revised_at: Instant.optional(),
  units: z
    .array(
      z.strictObject({
        unit: z.string(),
        name: z.string(),
        machines: Total,
        classes: z.record(AgentClass, Total),
        links: Total,
      }),
    )
    .describe('Each with all below it; those that have a machine or line'),
  machines: z.array(
    z.strictObject({
      agent: z.string(),
      hostname: z.string(),
      unit: z.string(),
      class: AgentClass,
      outages,
      ...figure,
    }),
  ),
  links: z.array(z.strictObject({ unit: z.string(), link: z.string(), outages, ...figure })),
});
export type AvailabilityAnswer = z.infer<typeof AvailabilityAnswer>;
