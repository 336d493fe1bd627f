/** When the disks of servers and gateways will be full: a straight line through the hourly values of 7 days, once an hour. */
import { type Point, point } from '@vonggac/shared';
import type { Logger } from 'pino';
import type { LiveAgent } from '../live/live-state.ts';
import type { Series, Store, StoreBatch } from '../stores/store.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const lookedBackMs = 7 * dayMs;
/** Fewer hours say nothing of days. */
const leastHours = 24;
/** File systems of one machine; more come from a broken or hostile agent. */
const maxMounts = 32;
/** Further away, or never. */
export const farAwayDays = 365;

interface Options {
  readonly agents: () => readonly LiveAgent[];
  readonly store: Pick<Store, 'query'>;
  readonly emit: (batch: StoreBatch) => void;
  readonly logger: Logger;
}

export class Forecast {
  readonly #options: Options;
  #waiting: LiveAgent[] = [];
  #roundAt = Number.NEGATIVE_INFINITY;
  #isAsking = false;

  constructor(options: Options) {
    this.#options = options;
  }

  /** Call it every second: one machine has its turn, and never two at once. */
  async tick(now: number): Promise<void> {
    if (this.#isAsking) return;
    if (Math.abs(now - this.#roundAt) >= hourMs && this.#waiting.length === 0) {
      this.#roundAt = now;
      // Thousands of PCs have nobody who would plan their disks; there the level tells.
      this.#waiting = this.#options
        .agents()
        .filter(({ record, state }) => record.class !== 'pc' && state !== 'retired');
    }
    const agent = this.#waiting.pop();
    if (!agent) return;
    this.#isAsking = true;
    try {
      await this.#look(agent, now);
    } catch (error) {
      const said = { agent: agent.record.id, error: (error as Error).message };
      this.#options.logger.warn(said, 'cannot forecast the disks of a machine');
    } finally {
      this.#isAsking = false;
    }
  }

  async #look({ record }: LiveAgent, now: number): Promise<void> {
    const { series } = await this.#options.store.query({
      measurement: 'filesystem',
      field: 'used_percent',
      tags: { agent: record.id },
      from: now - lookedBackMs,
      to: now,
      step: hourMs,
      aggregate: 'mean',
      limit: maxMounts * (lookedBackMs / hourMs + 1),
    });
    const points = series.flatMap((each) => forecastOf(each, now) ?? []);
    if (points.length === 0) return;
    const origin = { agent: record.id, host: record.hostname, unit: record.unit, class: record.class };
    this.#options.emit({ origin, points });
  }
}

function forecastOf({ tags, points }: Series, now: number): Point | undefined {
  const hours = points.flatMap(([time, value]): [number, number][] =>
    typeof value === 'number' ? [[time, value]] : [],
  );
  const days = daysUntilFull(hours, now);
  if (days === undefined) return undefined;
  return point('filesystem_forecast', { time: now, tags: { mount: tags.mount ?? '' }, fields: { full_in_days: days } });
}

/** By least squares over percents by time; undefined when there is too little to go by. */
export function daysUntilFull(
  hours: readonly (readonly [time: number, percent: number])[],
  now: number,
): number | undefined {
  const newest = hours.at(-1);
  // A disk that is no longer seen has no future.
  if (!newest || hours.length < leastHours || now - newest[0] > 3 * hourMs) return undefined;
  const meanTime = hours.reduce((sum, [time]) => sum + time, 0) / hours.length;
  const meanPercent = hours.reduce((sum, [, percent]) => sum + percent, 0) / hours.length;
  let [together, spread] = [0, 0];
  for (const [time, percent] of hours) {
    together += (time - meanTime) * (percent - meanPercent);
    spread += (time - meanTime) ** 2;
  }
  if (spread === 0) return undefined;
  const perDay = (together / spread) * dayMs;
  if (perDay <= 0) return farAwayDays;
  return Math.min(farAwayDays, Math.max(0, 100 - newest[1]) / perDay);
}
