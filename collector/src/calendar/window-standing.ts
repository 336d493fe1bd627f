/** What a window is right now, and when it holds next. */
import type { MaintenanceWindow } from './maintenance-window.ts';
import type { Stretch } from './stretches.ts';
import { WindowTimes } from './window-times.ts';
import type { Zone } from './zone.ts';

export const windowStates = ['running', 'coming', 'over', 'cancelled'] as const;
export type WindowState = (typeof windowStates)[number];

export interface WindowStanding {
  readonly state: WindowState;
  /** The time that lasts, or the next one. */
  readonly next: Stretch | undefined;
}

export function standingOf(
  window: MaintenanceWindow,
  { zone, now }: { readonly zone: Zone; readonly now: number },
): WindowStanding {
  if (window.cancelledAt !== undefined) return { state: 'cancelled', next: undefined };
  const next = new WindowTimes(window, zone).endingAfter(now);
  if (!next) return { state: 'over', next };
  return { state: next.from <= now ? 'running' : 'coming', next };
}
