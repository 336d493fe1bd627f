/** What only the collector concludes. From an agent it would be taken for the collector's own word. */
import type { MeasurementName } from '@vonggac/shared';

export const derivedMeasurements: ReadonlySet<MeasurementName> = new Set([
  'service',
  'unit_link',
  'antivirus_state',
  'unit_protection',
  'agent_state',
  'unit_state',
  'collector',
  'collector_watchdog',
  'age',
  'filesystem_forecast',
  'incident',
]);
