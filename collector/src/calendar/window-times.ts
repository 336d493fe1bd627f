/** When one maintenance window holds. */

import type { MaintenanceWindow } from './maintenance-window.ts';
import { occurrenceAfter, type Recurrence, readRecurrence } from './recurrence.ts';
import type { Stretch } from './stretches.ts';
import type { Zone } from './zone.ts';

export class WindowTimes {
  readonly window: MaintenanceWindow;
  readonly #zone: Zone;
  readonly #recurrence: Recurrence | undefined;
  /** The last answer holds until the time in it is over. */
  #known: { readonly askedAt: number; readonly found: Stretch | undefined } | undefined;

  /** Throws InvalidRecurrence. */
  constructor(window: MaintenanceWindow, zone: Zone) {
    const { cron, durationMs = 0 } = window;
    this.window = window;
    this.#zone = zone;
    this.#recurrence = cron === undefined ? undefined : readRecurrence(cron, durationMs);
  }

  /** The time that `at` lies in. */
  at(at: number): Stretch | undefined {
    const found = this.endingAfter(at);
    return found && found.from <= at ? found : undefined;
  }

  /** Within a time, oldest first, without overlap. */
  between({ from, to }: Stretch): Stretch[] {
    const stretches: Stretch[] = [];
    let begin = from;
    for (let next = this.endingAfter(begin); next && next.from < to; next = this.endingAfter(begin)) {
      stretches.push({ from: Math.max(next.from, begin), to: Math.min(next.to, to) });
      begin = next.to;
    }
    return stretches;
  }

  /** The time that lasts at `time`, or else the next one. */
  endingAfter(time: number): Stretch | undefined {
    const known = this.#known;
    if (known && time >= known.askedAt && time < (known.found?.to ?? Number.POSITIVE_INFINITY)) return known.found;
    const found = this.#find(time);
    this.#known = { askedAt: time, found };
    return found;
  }

  #find(time: number): Stretch | undefined {
    const { from, to = Number.POSITIVE_INFINITY, cancelledAt = Number.POSITIVE_INFINITY } = this.window;
    const whole = this.#recurrence
      ? occurrenceAfter(this.#recurrence, { zone: this.#zone, time, notBefore: from })
      : { from, to };
    if (!whole || whole.from >= to) return undefined;
    const end = Math.min(whole.to, cancelledAt);
    return end > whole.from && end > time ? { from: whole.from, to: end } : undefined;
  }
}
