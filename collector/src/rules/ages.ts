/**
 * Turns the times that agents report into ages and terms, every five minutes: a rule compares numbers with a number, and
 * "now minus a field" is none. Agents take turns, so that no tick has much to do.
 */
import { type Point, point } from '@vonggac/shared';
import type { LiveAgent } from '../live/live-state.ts';
import type { StoreBatch } from '../stores/store.ts';

const everyMs = 300_000;
const dayMs = 86_400_000;
/** What was said longer ago says nothing of now. */
const believedMs = dayMs;
const maxServices = 1_000;
/** Whom the collector's own readings are said to be from; no agent has such an id. */
const collectorId = 'collector';
const ofMachine = 'machine';

interface Options {
  readonly agents: () => readonly LiveAgent[];
  readonly emit: (batch: StoreBatch) => void;
}

interface Age {
  readonly kind: string;
  readonly item: string;
  readonly ageDays?: number;
  readonly leftDays?: number;
}

export class Ages {
  readonly #options: Options;
  /** The agents of this round that have not had their turn, the next one last. */
  #waiting: LiveAgent[] = [];
  #perTick = 0;
  #roundAt = Number.NEGATIVE_INFINITY;
  /** The certificate of a shared service is the same wherever it is seen: by target, the newest reading of this round. */
  #services = new Map<string, { readonly at: number; readonly expires: number }>();

  constructor(options: Options) {
    this.#options = options;
  }

  /** Call it every second. */
  tick(now: number): void {
    if (Math.abs(now - this.#roundAt) >= everyMs && this.#waiting.length === 0) this.#startRound(now);
    for (const agent of this.#waiting.splice(-this.#perTick)) this.#tell(agent, now);
    if (this.#waiting.length === 0) this.#tellServices(now);
  }

  #startRound(now: number): void {
    this.#roundAt = now;
    this.#waiting = this.#options.agents().filter(({ state }) => state !== 'retired');
    // Done in half of the time, whatever else the process does.
    this.#perTick = Math.ceil(this.#waiting.length / (everyMs / 2_000));
  }

  #tell({ record, points }: LiveAgent, now: number): void {
    const ages: Age[] = [];
    for (const each of points.values()) {
      if (now - each.time > believedMs) continue;
      if (each.measurement === 'connectivity' && each.tags.scope === 'service') this.#keepService(each);
      else ages.push(...agesOf(each, now));
    }
    if (ages.length === 0) return;
    const origin = { agent: record.id, host: record.hostname, unit: record.unit, class: record.class };
    this.#options.emit({ origin, points: ages.map((each) => pointOf(each, now)) });
  }

  #keepService({ tags, fields, time }: Point): void {
    const expires = timeOf(fields.certificate_expires_seconds);
    const target = tags.target ?? '';
    const known = this.#services.get(target);
    if (expires === undefined || (known ? known.at >= time : this.#services.size >= maxServices)) return;
    this.#services.set(target, { at: time, expires });
  }

  #tellServices(now: number): void {
    if (this.#services.size === 0) return;
    const ages = [...this.#services].map(([item, { expires }]) => ends('certificate', { item, expires, now }));
    this.#services = new Map();
    const origin = { agent: collectorId, host: collectorId, unit: collectorId, class: 'server' } as const;
    this.#options.emit({ origin, points: ages.map((each) => pointOf(each, now)) });
  }
}

function agesOf({ measurement, tags, fields }: Point, now: number): Age[] {
  if (measurement === 'connectivity') {
    const expires = timeOf(fields.certificate_expires_seconds);
    return expires === undefined ? [] : [ends('certificate', { item: tags.target ?? '', expires, now })];
  }
  if (measurement === 'antivirus') {
    const item = tags.product ?? '';
    const expires = timeOf(fields.licence_expires_seconds);
    return [
      ...(expires === undefined ? [] : [ends('licence', { item, expires, now })]),
      ...began('signatures', { item, since: timeOf(fields.signature_time_seconds), now }),
      ...began('full-scan', { item, since: timeOf(fields.full_scan_seconds), now }),
    ];
  }
  if (measurement !== 'posture') return [];
  const expires = timeOf(fields.os_support_ends_seconds);
  // Nothing pending has no age, but that is known: without a value it would be held for unknown.
  const rebootSince = fields.reboot_pending === false ? now : timeOf(fields.reboot_pending_seconds);
  const updateSince = fields.security_updates === 0 ? now : timeOf(fields.oldest_update_seconds);
  return [
    ...(expires === undefined ? [] : [ends('os-support', { item: ofMachine, expires, now })]),
    ...began('reboot', { item: ofMachine, since: rebootSince, now }),
    ...began('security-update', { item: ofMachine, since: updateSince, now }),
  ];
}

function ends(kind: string, { item, expires, now }: { item: string; expires: number; now: number }): Age {
  return { kind, item, leftDays: (expires - now) / dayMs };
}

function began(kind: string, { item, since, now }: { item: string; since: number | undefined; now: number }): Age[] {
  return since === undefined ? [] : [{ kind, item, ageDays: Math.max(0, now - since) / dayMs }];
}

function pointOf({ kind, item, ageDays, leftDays }: Age, time: number): Point {
  return point('age', { time, tags: { kind, item }, fields: { age_days: ageDays, left_days: leftDays } });
}

/** Milliseconds; undefined when it was not said, or is no time. */
function timeOf(seconds: Point['fields'][string] | undefined): number | undefined {
  return typeof seconds === 'number' && seconds > 0 ? seconds * 1_000 : undefined;
}
