/** The section `calendar` of the configuration: when people work, by name, and on which days they do not. */
import { AgentClass } from '@vonggac/shared';
import * as z from 'zod';
import { UnitPatch } from '../registry/unit-values.ts';
import { readWorkingWeek } from './working-hours.ts';
import { isTimeZone } from './zone.ts';

const maxHolidayDays = 60;
const dayMs = 86_400_000;

const Day = z.iso.date('is a day written as 2026-11-24');

const Name = z.string().refine((name) => typeof name === 'string' && UnitPatch.shape.calendar.safeParse(name).success, {
  message: 'has 1 to 32 small letters without marks, digits and dashes, as in mot-cua',
});

const Hours = z
  .array(z.string())
  .max(50)
  .superRefine((texts, context) => {
    try {
      readWorkingWeek(texts);
    } catch (error) {
      context.addIssue({ code: 'custom', message: (error as Error).message });
    }
  });

const NamedCalendar = z.strictObject({
  hours: Hours.describe("from the first coming to the last leaving, as in ['mon-fri 07:00-17:00', 'sat 07:00-11:30']"),
  holidays: z.boolean().default(true).describe('whether public holidays are days off'),
});

const Holiday = z
  .strictObject({
    from: Day,
    to: Day.optional().describe('the last day; the same day when absent'),
    name: z.string().min(1).max(100),
  })
  .check((context) => {
    const { from, to = from } = context.value;
    const days = (Date.parse(to) - Date.parse(from)) / dayMs + 1;
    if (days >= 1 && days <= maxHolidayDays) return;
    const message =
      days < 1 ? `is before ${from}` : `is ${days} days after ${from}, and at most ${maxHolidayDays} are one holiday`;
    context.issues.push({ code: 'custom', input: to, path: ['to'], message });
  });

const SwappedDay = z.strictObject({
  day: Day.describe('a day on which is worked'),
  instead_of: Day.describe('the day whose hours it has'),
});

/** Calendars that are there without being declared; declaring one by the same name replaces it. */
export const builtInCalendars = {
  'gio-hanh-chinh': { hours: ['mon-fri 07:00-17:00'], holidays: true },
  '24-7': { hours: ['mon-sun 00:00-24:00'], holidays: false },
} as const;

export const CalendarSection = z
  .strictObject({
    time_zone: z
      .string()
      .refine((name) => isTimeZone(name), 'is not a time zone of IANA, as in Asia/Ho_Chi_Minh')
      .default('Asia/Ho_Chi_Minh'),
    default: Name.default('gio-hanh-chinh').describe('of units whose record names none, nor that of a unit above them'),
    classes: z
      .array(AgentClass)
      .default(['pc'])
      .describe('machines that may be off outside working hours; the others are to run all day'),
    calendars: z
      .record(Name, NamedCalendar)
      .default({})
      .describe('working hours by the name that units give; there are gio-hanh-chinh and 24-7 already'),
    national_holidays: z.boolean().default(true).describe("whether Vietnam's public holidays are known already"),
    holidays: z.array(Holiday).max(500).default([]).describe('further days off'),
    working_days: z
      .array(SwappedDay)
      .max(200)
      .default([])
      .describe('days on which is worked though they are days off otherwise'),
  })
  .check((context) => {
    const { default: name, calendars } = context.value;
    if (Object.hasOwn(calendars, name) || Object.hasOwn(builtInCalendars, name)) return;
    const known = [...Object.keys(builtInCalendars), ...Object.keys(calendars)].join(', ');
    const message = `there is no calendar "${name}"; known are ${known}`;
    context.issues.push({ code: 'custom', input: name, path: ['default'], message });
  });
export type CalendarSettings = z.infer<typeof CalendarSection>;
