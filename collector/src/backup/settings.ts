/** The section `backup` of the configuration: backups that the collector makes by itself. */
import * as z from 'zod';
import { InvalidRecurrence, readRecurrence } from '../calendar/recurrence.ts';

const Cron = z.string().superRefine((text, context) => {
  try {
    readRecurrence(text, 0);
  } catch (error) {
    if (!(error instanceof InvalidRecurrence)) throw error;
    context.addIssue({ code: 'custom', message: error.message });
  }
});

export const BackupSection = z.strictObject({
  folder: z.string().min(1).describe('where they are written, best on another machine; it must be there'),
  cron: Cron.default('0 2 * * *').describe("minute, hour, day of month, month, day of week, by the calendar's clock"),
  keep: z.int().min(1).max(1_000).default(14).describe('how many are kept'),
  series: z.boolean().default(true).describe('whether the time series are in them'),
  passphrase_file: z.string().min(1).optional().describe('encrypts them with the first line of this file'),
});
export type BackupSettings = z.infer<typeof BackupSection>;
