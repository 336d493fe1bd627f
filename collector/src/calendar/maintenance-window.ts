/** A maintenance window: a time in which the silence of a unit, a machine or a line is nobody's fault. */
import { InvalidRecurrence, readRecurrence } from './recurrence.ts';

const minuteMs = 60_000;
const dayMs = 86_400_000;
/** A longer one belongs into the calendar, or the machine out of the unit. */
const longestMs = 92 * dayMs;
const longestRepeatedMs = 3 * dayMs;
const farthestMs = 2 * 366 * dayMs;
/** From the moment of typing to that of sending. */
const lateByMs = 5 * minuteMs;
const maxReason = 200;

/** What a window is about: a unit with all below it, one machine, or one line of a unit. */
export interface WindowSubject {
  /** Of the machine or line, when it is about one. */
  readonly unit: string;
  readonly agent?: string | undefined;
  readonly link?: string | undefined;
}

/** Times are milliseconds since 1970, half-open. */
export interface NewWindow extends WindowSubject {
  readonly from: number;
  /** Of a recurring one: none begins after it; without an end when absent. */
  readonly to?: number | undefined;
  /** Five fields; absent for a window that comes once. */
  readonly cron?: string | undefined;
  /** How long each lasts, of a recurring one. */
  readonly durationMs?: number | undefined;
  readonly reason: string;
}

export interface MaintenanceWindow extends NewWindow {
  readonly id: number;
  readonly createdAt: number;
  readonly createdBy: string;
  /** From then on it does not hold; what was before it stays planned. */
  readonly cancelledAt: number | undefined;
  readonly cancelledBy: string | undefined;
}

/** A window that is refused; `field` says why in one word, the message in a sentence. */
export class WindowRefused extends Error {
  override name = 'WindowRefused';
  readonly field: 'from' | 'to' | 'cron' | 'duration' | 'reason' | 'window';

  constructor(field: WindowRefused['field'], message: string) {
    super(message);
    this.field = field;
  }
}

/**
 * The window, tidied. A past outage cannot be excused by a window that is made after it. Throws WindowRefused.
 */
export function checkWindow(window: NewWindow, now: number): NewWindow {
  const { from, to, cron, durationMs } = window;
  const reason = window.reason.normalize('NFC').replace(/\s+/gu, ' ').trim();
  if (reason === '') throw new WindowRefused('reason', 'a reason is needed: whoever reads the list later asks for it');
  if (reason.length > maxReason) throw new WindowRefused('reason', `a reason has at most ${maxReason} characters`);
  if (/[\p{Cc}\p{Cf}\p{Cs}\p{Co}]/u.test(reason)) {
    throw new WindowRefused('reason', 'the reason has a character that cannot be seen: type it anew');
  }
  if (from < now - lateByMs) {
    throw new WindowRefused('from', 'a window cannot begin in the past: declare it before the work, or from now on');
  }
  if (from > now + farthestMs) throw new WindowRefused('from', 'a window begins within two years');
  if (to !== undefined && to <= from) throw new WindowRefused('to', 'a window ends after it has begun');
  if (cron === undefined) checkOnce(window);
  else checkRepeated(cron, durationMs);
  return { ...window, reason };
}

function checkOnce({ from, to, durationMs }: NewWindow): void {
  if (durationMs !== undefined)
    throw new WindowRefused('duration', 'a window that comes once has an end instead of a duration');
  if (to === undefined) throw new WindowRefused('to', 'an end is needed');
  if (to - from < minuteMs) throw new WindowRefused('to', 'a window lasts a minute at least');
  if (to - from > longestMs) throw new WindowRefused('to', `a window lasts ${longestMs / dayMs} days at most`);
}

function checkRepeated(cron: string, durationMs: number | undefined): void {
  if (durationMs === undefined) throw new WindowRefused('duration', 'a recurring window needs a duration');
  if (durationMs < minuteMs || durationMs > longestRepeatedMs) {
    throw new WindowRefused('duration', `a recurring window lasts from a minute to ${longestRepeatedMs / dayMs} days`);
  }
  try {
    const { fields } = readRecurrence(cron, durationMs);
    if (fields.minutes.size > 1) {
      throw new WindowRefused('cron', `"${cron}" comes more than once an hour: name one minute, as in 0 22 * * 6`);
    }
  } catch (error) {
    if (!(error instanceof InvalidRecurrence)) throw error;
    throw new WindowRefused('cron', error.message);
  }
}
