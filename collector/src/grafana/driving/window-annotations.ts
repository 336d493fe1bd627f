/** Maintenance windows as annotations: each time that has begun, with its end. */
import type { Language } from '@vonggac/dashboards';
import type { MaintenanceWindow } from '../../calendar/maintenance-window.ts';
import type { Stretch } from '../../calendar/stretches.ts';
import { WindowTimes } from '../../calendar/window-times.ts';
import type { Zone } from '../../calendar/zone.ts';
import type { Annotation } from './annotation-queue.ts';
import { fill, plain, sentences, words } from './annotation-words.ts';

interface Options {
  readonly zone: Zone;
  readonly language: Language;
  /** Times that ended before are left out. */
  readonly from: number;
  /** Times that begin later are left out. */
  readonly to: number;
  readonly hostnameOf: (agent: string) => string | undefined;
}

/** A time of a window, with its name; those that overlap are not the same. */
export interface WindowTime {
  readonly key: string;
  readonly window: MaintenanceWindow;
  readonly stretch: Stretch;
}

/** Times that end after `from` and begin before `to`, at most `limit` of each window. */
export function windowTimes(
  windows: readonly MaintenanceWindow[],
  { zone, from, to, limit }: { readonly zone: Zone; readonly limit: number } & Stretch,
): WindowTime[] {
  return windows.flatMap((window) => {
    // They are kept for years.
    const { to: last = Number.POSITIVE_INFINITY, durationMs = 0 } = window;
    if (window.from >= to || last + durationMs <= from) return [];
    const times = new WindowTimes(window, zone);
    const found: WindowTime[] = [];
    for (let next = times.endingAfter(from); next && next.from < to; next = times.endingAfter(next.to)) {
      found.push({ key: `${window.id}/${next.from}`, window, stretch: next });
      if (found.length === limit) break;
    }
    return found;
  });
}

/** A week of a window that comes each hour. */
const maxTimes = 170;

export function windowAnnotations(windows: readonly MaintenanceWindow[], options: Options): Map<string, Annotation> {
  const times = windowTimes(windows, { ...options, limit: maxTimes });
  return new Map(times.map((time) => [`maintenance:${time.key}`, annotationOf(time, options)]));
}

function annotationOf({ window, stretch }: WindowTime, { language, hostnameOf }: Options): Annotation {
  const { id, unit, agent, link, reason, createdBy, cancelledBy } = window;
  const part = agent === undefined ? link && fill(words.line, language, { link }) : plain(hostnameOf(agent) ?? agent);
  return {
    time: stretch.from,
    timeEnd: stretch.to,
    tags: ['maintenance', `unit:${unit}`, ...(agent === undefined ? [] : [`agent:${agent}`])],
    text: sentences([
      `${words.maintenance[language]}: ${plain(reason)}`,
      `${words.unit[language]}: ${[plain(unit), part].filter(Boolean).join(' · ')}`,
      fill(words.madeBy, language, { id: `${id}`, by: createdBy }),
      ...(cancelledBy === undefined ? [] : [fill(words.cancelledBy, language, { by: cancelledBy })]),
    ]),
  };
}
