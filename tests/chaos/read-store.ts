/** What a store holds of one agent. */
import type { FieldName, MeasurementName } from '@vonggac/shared';
import type { Store } from '../../collector/src/stores/store.ts';
import type { Stored } from './books.ts';

const dayMs = 86_400_000;
const limit = 1_000_000;

export async function readStored(store: Store, agent: string): Promise<Stored> {
  const now = Date.now();
  /** By series and time, however far off that may be. */
  async function read(measurement: MeasurementName, field: FieldName) {
    const query = { measurement, field, tags: { agent }, from: now - 3 * dayMs, to: now + 3 * dayMs, limit };
    const { series, truncated } = await store.query(query);
    if (truncated) throw new Error(`more than ${limit} points of ${agent}`);
    return series.flatMap(({ tags, points }) =>
      points.map(([time, value]) => ({ tags, time, value, key: `${JSON.stringify(tags)} ${time}` })),
    );
  }
  async function readMap(measurement: MeasurementName, field: FieldName) {
    return new Map((await read(measurement, field)).map(({ key, value }) => [key, value]));
  }
  const failures = await readMap('probe', 'failures');
  const durations = await readMap('probe', 'mean_duration_seconds');
  const texts = await readMap('inventory', 'model');
  return {
    readings: (await read('probe', 'runs')).map(({ tags, time, value, key }) => ({
      channel: tags.probe ?? '',
      time,
      seq: Number(value),
      failures: Number(failures.get(key)),
      duration: Number(durations.get(key)),
    })),
    events: (await read('inventory', 'cpu_cores')).map(({ time, value, key }) => ({
      time,
      seq: Number(value),
      text: String(texts.get(key)),
    })),
    gaps: (await read('spool_gap', 'lost_points')).map(({ tags, value }) => ({
      lane: tags.lane ?? '',
      reason: tags.reason ?? '',
      points: Number(value),
    })),
  };
}
