/** Writes the open incidents into the store: at each change, every minute as long as they are open, and their end. */
import type { Point } from '@vonggac/shared';
import type { Logger } from 'pino';
import { Gauge, type Registry } from 'prom-client';
import type { PlannedTimes } from '../calendar/planned.ts';
import type { Ingest } from '../ingest/ingest.ts';
import type { LiveState } from '../live/live-state.ts';
import type { Origin } from '../stores/store.ts';
import { isWorse } from './incident.ts';
import { closedPoint, type IncidentSeries, keyOf, openPoint, seriesOf } from './incident-points.ts';
import type { Incidents } from './incidents.ts';
import type { IncidentBrief } from './incidents-file.ts';

const tickEveryMs = 2_000;
const reportEveryMs = 60_000;
/** Rules look back five minutes at most; one that was missed while the store was away is made good by the next. */
const endsTold = 4;
/** More open incidents than people could ever work on; the worst of them are told. */
const maxSeries = 5_000;
/** What makes a change that is told at once; a count that grows waits for the minute. */
const urgentFields = ['acknowledged', 'alertable', 'severity', 'id'] as const;

interface Options {
  readonly incidents: Pick<Incidents, 'open'>;
  readonly live: Pick<LiveState, 'get'>;
  readonly plannedAt: PlannedTimes['plannedAt'];
  readonly ingest: Pick<Ingest, 'write'>;
  readonly registry: Registry;
  readonly logger: Logger;
  readonly now: () => number;
  readonly maxSeries?: number;
}

interface Told {
  readonly series: IncidentSeries;
  /** What it said last, of what makes a change. */
  said: string;
  /** How often its end is still to be told; undefined while it is open. */
  endsLeft: number | undefined;
}

export class IncidentReport {
  readonly #options: Options;
  readonly #told = new Map<string, Told>();
  #toldAt = Number.NEGATIVE_INFINITY;
  #untold = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: Options) {
    this.#options = options;
  }

  start(): void {
    this.#timer = setInterval(() => this.#guardedTick(), tickEveryMs);
    addGauge(this.#options.registry, () => this.#untold);
  }

  /** Safe twice and before start. */
  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  /** By itself every two seconds from the start on. Throws when incidents cannot be read. */
  tick(): void {
    const now = this.#options.now();
    const isFull = Math.abs(now - this.#toldAt) >= reportEveryMs;
    const open = this.#open();
    if (isFull) this.#toldAt = now;
    for (const [key, { incident, series }] of open) this.#tellOpen(key, { incident, series, isFull, now });
    for (const [key, told] of this.#told) if (!open.has(key)) this.#tellEnd(key, told, { isFull, now });
  }

  /** By series; of more than can be told the worst, and of them the newest. */
  #open(): Map<string, { incident: IncidentBrief; series: IncidentSeries }> {
    const { incidents, live, maxSeries: most = maxSeries } = this.#options;
    const all = incidents.open();
    const worst = all.length > most ? all.toSorted(worstFirst).slice(0, most) : all;
    this.#untold = all.length - worst.length;
    const found = worst.map((incident) => ({ incident, series: seriesOf(incident, live) }));
    return new Map(found.map((each) => [keyOf(each.series), each]));
  }

  #tellOpen(
    key: string,
    { incident, series, ...rest }: { incident: IncidentBrief; series: IncidentSeries; isFull: boolean; now: number },
  ): void {
    const { live, plannedAt } = this.#options;
    const point = openPoint(incident, series, { live, plannedAt, now: rest.now });
    const said = urgentFields.map((field) => point.fields[field]).join();
    const known = this.#told.get(key);
    if (!rest.isFull && known?.endsLeft === undefined && known?.said === said) return;
    this.#told.set(key, { series, said, endsLeft: undefined });
    this.#emit(series.origin, point);
  }

  #tellEnd(key: string, told: Told, { isFull, now }: { isFull: boolean; now: number }): void {
    if (!isFull && told.endsLeft !== undefined) return;
    const left = (told.endsLeft ?? endsTold) - 1;
    if (left > 0) told.endsLeft = left;
    else this.#told.delete(key);
    this.#emit(told.series.origin, closedPoint(told.series, now));
  }

  /** Not kept for later when the store is away: the next ones come in a minute. */
  #emit(origin: Origin, point: Point): void {
    void this.#options.ingest.write({ origin, points: [point] });
  }

  /** A fault of ours must not end the collector. */
  #guardedTick(): void {
    try {
      this.tick();
    } catch (error) {
      this.#options.logger.error({ error: (error as Error).message }, 'cannot tell of incidents');
    }
  }
}

function worstFirst(one: IncidentBrief, other: IncidentBrief): number {
  if (one.severity !== other.severity) return isWorse(one.severity, other.severity) ? -1 : 1;
  return other.id - one.id;
}

function addGauge(registry: Registry, untold: () => number): void {
  new Gauge({
    name: 'vonggac_incident_series_untold',
    help: 'Open incidents that are too many to be told as series.',
    registers: [registry],
    collect() {
      this.set(untold());
    },
  });
}
