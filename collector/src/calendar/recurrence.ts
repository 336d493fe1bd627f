/** A time that comes again: a cron expression of five fields for its beginnings, and how long it lasts. */
import { type CronFields, cronFieldsOf, isCronSyntax, nextCronMatch } from '@vonggac/shared';
import { parse } from 'node-cron';
import type { Stretch } from './stretches.ts';
import type { Zone } from './zone.ts';

export class InvalidRecurrence extends Error {
  override name = 'InvalidRecurrence';
}

export interface Recurrence {
  readonly fields: CronFields;
  readonly durationMs: number;
}

/** Minute, hour, day of month, month, day of week. Throws InvalidRecurrence. */
export function readRecurrence(expression: string, durationMs: number): Recurrence {
  const refuse = (reason: string, cause?: unknown) =>
    new InvalidRecurrence(`"${expression}" is not a cron expression: ${reason}`, { cause });
  if (!isCronSyntax(`0 ${expression}`)) {
    throw refuse('five fields are expected: minute, hour, day of month, month, day of week, as in 0 22 * * 6');
  }
  try {
    return { fields: cronFieldsOf(parse(`0 ${expression}`)), durationMs };
  } catch (cause) {
    throw refuse((cause as Error).message, cause);
  }
}

interface When {
  readonly zone: Zone;
  readonly time: number;
  /** None begins before it. */
  readonly notBefore: number;
}

/** The first that ends after `time`; undefined when none ever comes. */
export function occurrenceAfter({ fields, durationMs }: Recurrence, when: When): Stretch | undefined {
  const { zone, time, notBefore } = when;
  const from = nextCronMatch(fields, zone, Math.max(time - durationMs, notBefore - 1));
  return from === undefined ? undefined : { from, to: from + durationMs };
}
