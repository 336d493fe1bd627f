/**
 * Turns what is open into messages: every few seconds it compares what each channel has heard with what there is, and
 * writes down what is to be sent. It remembers nothing itself, so a restart changes nothing; what was held back (by quiet
 * hours, maintenance, the limit of a minute) is told as it is then, together.
 */
import type { Incident } from '../incidents/incident.ts';
import type { Incidents } from '../incidents/incidents.ts';
import type { IncidentBrief } from '../incidents/incidents-file.ts';
import { digestContent, type Item, oneContent, type Writing } from './content.ts';
import { type Due, dueOf } from './due.ts';
import type { Draft, Notifications, Told } from './notifications-file.ts';
import { isQuietAt } from './quiet.ts';
import type { ChannelSettings, Route } from './settings.ts';

const minuteMs = 60_000;

/** What is open now. */
export interface Standing {
  readonly now: number;
  readonly open: readonly IncidentBrief[];
  /** Ids of those whose subject is under maintenance. */
  readonly planned: ReadonlySet<number>;
}

/** What is asked of the rest of the collector. */
export interface Surroundings {
  /** Whether its subject is under maintenance. */
  readonly isPlanned: (incident: IncidentBrief, at: number) => boolean;
  /** Codes of the unit and of all below it. */
  readonly unitAndBelow: (unit: string) => ReadonlySet<string>;
  /** Minutes since midnight, on the calendar's clock. */
  readonly minuteOfDay: (at: number) => number;
  readonly writing: (language: ChannelSettings['language']) => Writing;
}

interface Options extends Omit<Surroundings, 'isPlanned'> {
  readonly incidents: Pick<Incidents, 'get'>;
  readonly channels: Readonly<Record<string, ChannelSettings>>;
  readonly notifications: Pick<Notifications, 'toldTo' | 'add' | 'forget' | 'nextOf' | 'countSince'>;
  /** So many messages had to give way to newer ones. */
  readonly onDropped: (channel: string, count: number) => void;
}

interface Channel {
  readonly name: string;
  readonly settings: ChannelSettings;
}

interface Found extends Due {
  readonly brief: IncidentBrief;
  readonly told: Told | undefined;
}

/** A route with the units that it leads from; undefined for all, and for what belongs to none. */
interface Reach extends Route {
  readonly codes: ReadonlySet<string> | undefined;
}

function leads({ severities, kinds, codes }: Reach, { severity, kind, unit = '' }: IncidentBrief): boolean {
  if (severities && !severities.includes(severity)) return false;
  if (kinds && !kinds.includes(kind)) return false;
  return codes?.has(unit) ?? true;
}

export class Planner {
  readonly #options: Options;

  constructor(options: Options) {
    this.#options = options;
  }

  /** Throws when it cannot be written down. */
  tick(standing: Standing): void {
    for (const [name, settings] of Object.entries(this.#options.channels)) this.#plan({ name, settings }, standing);
  }

  #plan(channel: Channel, { now, open, planned }: Standing): void {
    const { name, settings } = channel;
    const { notifications, minuteOfDay } = this.#options;
    const routes = settings.routes.map((route) => this.#reach(route));
    const told = notifications.toldTo(name);
    const isQuiet = settings.quiet !== undefined && isQuietAt(settings.quiet, minuteOfDay(now));
    const isBehind = notifications.nextOf(name) !== undefined;
    const found = [...open, ...this.#closed(name, { told, open, now })].flatMap((brief): Found[] => {
      const due = dueOf(brief, {
        routes: routes.filter((route) => leads(route, brief)),
        told: told.get(brief.id),
        now,
        gatherMs: settings.gather_seconds * 1_000,
        updateMs: settings.update_minutes * minuteMs,
        isPlanned: planned.has(brief.id),
        isQuiet,
        isBehind,
      });
      return due ? [{ ...due, brief, told: told.get(brief.id) }] : [];
    });
    if (!found.some(({ isReady }) => isReady)) return;
    const left = settings.messages_per_minute - notifications.countSince(name, now - minuteMs);
    if (left <= 0) return;
    // What still gathers goes along: a storm takes a while to arrive.
    const isDigest = found.length >= settings.digest_from || found.length > left;
    const parts = isDigest ? [found] : found.filter(({ isReady }) => isReady).map((each) => [each]);
    const drafts = parts.map((part) => this.#draft(channel, part)).filter((each) => each !== undefined);
    const dropped = notifications.add(drafts, now);
    if (dropped > 0) this.#options.onDropped(name, dropped);
  }

  /** What a channel has heard of and is over since. */
  #closed(
    channel: string,
    { told, open, now }: { told: ReadonlyMap<number, Told>; open: readonly IncidentBrief[]; now: number },
  ): IncidentBrief[] {
    const ids = new Set(open.map(({ id }) => id));
    return [...told.keys()].flatMap((id) => {
      if (ids.has(id)) return [];
      const incident = this.#options.incidents.get(id);
      if (!incident) this.#options.notifications.forget(channel, id, now);
      return incident ? [incident] : [];
    });
  }

  #reach(route: Route): Reach {
    return { ...route, codes: route.unit === undefined ? undefined : this.#options.unitAndBelow(route.unit) };
  }

  #draft({ name, settings }: Channel, found: readonly Found[]): Draft | undefined {
    const items = found.flatMap(({ brief, event }): Item[] => {
      const incident: Incident | undefined = this.#options.incidents.get(brief.id);
      return incident ? [{ incident, event }] : [];
    });
    const [first] = items;
    if (!first) return undefined;
    const writing = this.#options.writing(settings.language);
    const threads = new Set(found.map(({ told }) => told?.thread));
    return {
      channel: name,
      event: items.length > 1 ? 'digest' : first.event,
      thread: threads.size === 1 ? [...threads][0] : undefined,
      content: items.length > 1 ? digestContent(items, writing) : oneContent(first, writing),
      told: items.map(({ incident, event }) => ({
        incident: incident.id,
        severity: incident.severity,
        level: incident.level,
        count: incident.count,
        isResolved: event === 'resolved',
      })),
    };
  }
}
