/** What the routes of maintenance windows take and answer. */
import * as z from 'zod';
import { windowStates } from '../calendar/window-standing.ts';
import { Instant, listOf } from './schemas.ts';

const minuteMs = 60_000;

const Window = z.strictObject({
  id: z.int(),
  unit: z.string().describe('With all below it, unless it is about a machine or a line of it'),
  agent: z.string().optional(),
  hostname: z.string().optional().describe('Of the machine'),
  link: z.string().optional(),
  from: Instant,
  to: Instant.optional().describe('Of a recurring one: none begins after it'),
  cron: z.string().optional(),
  duration_minutes: z.number().optional(),
  reason: z.string(),
  state: z.enum(windowStates),
  next_from: Instant.optional().describe('The time that lasts, or the next one'),
  next_to: Instant.optional(),
  created_at: Instant,
  created_by: z.string(),
  cancelled_at: Instant.optional(),
  cancelled_by: z.string().optional(),
});
export const WindowAnswer = Window;
export type WindowView = z.infer<typeof Window>;

export const WindowList = listOf(Window);

const Time = z.iso.datetime({ offset: true, error: 'is a time with its offset, as in 2026-11-28T22:00:00+07:00' });

export const WindowBody = z.strictObject({
  unit: z.string().optional().describe('With all below it'),
  agent: z.string().optional().describe('Instead of a unit'),
  link: z.string().optional().describe('One line of the unit'),
  from: Time.optional().describe('Now when absent'),
  to: Time.optional(),
  cron: z
    .string()
    .max(200)
    .optional()
    .describe('Of a recurring one: minute, hour, day of month, month, day of week, as in 0 22 * * 6'),
  duration_minutes: z
    .number()
    .min(1)
    .max(1_000_000)
    .transform((minutes) => Math.round(minutes * minuteMs))
    .optional()
    .describe('How long each of a recurring one lasts'),
  reason: z.string().max(2_000),
});

export const CalendarsAnswer = z.strictObject({
  time_zone: z.string(),
  default: z.string().describe('Of units without one'),
  classes: z.array(z.string()).describe('Machines that may be off outside working hours'),
  calendars: z.array(z.strictObject({ name: z.string(), hours: z.array(z.string()), holidays: z.boolean() })),
  warnings: z.array(z.string()).describe('What is not known, and what to do about it'),
});
