import type { FieldName, MeasurementName } from '@vonggac/shared';
import type { AgentWithPoints, PointView } from '../../../src/http/schemas.ts';
import type { chartDefinitions } from '../charts/chart-definitions.ts';
import type { Texts } from '../text/language.tsx';

type ChartName = (typeof chartDefinitions)[number]['name'];

/** The newest value of a field, of the only series that its measurement has. */
export function newestNumber<M extends MeasurementName>(
  points: readonly PointView[],
  wanted: { readonly measurement: M; readonly field: FieldName<M> },
): number | undefined {
  const value = points.find((point) => point.measurement === wanted.measurement)?.fields[wanted.field];
  return typeof value === 'number' ? value : undefined;
}

/** What a chart is about in one line; undefined when it is not known, or too much for one line. */
export function headline(
  chart: ChartName,
  machine: AgentWithPoints,
  { t, format }: Pick<Texts, 'format' | 't'>,
): string | undefined {
  const { points } = machine;
  if (chart === 'cpu') {
    const usage = newestNumber(points, { measurement: 'cpu', field: 'usage_percent' });
    return usage === undefined ? undefined : format.percent(usage);
  }
  if (chart === 'memory') {
    const total = newestNumber(points, { measurement: 'memory', field: 'total_bytes' });
    const available = newestNumber(points, { measurement: 'memory', field: 'available_bytes' });
    if (total === undefined || available === undefined) return undefined;
    return t('usedOfTotal', { used: format.bytes(total - available), total: format.bytes(total) });
  }
  if (chart === 'load') {
    const load = newestNumber(points, { measurement: 'system', field: 'load_1m' });
    const cores = newestNumber(points, { measurement: 'cpu', field: 'cores' });
    if (load === undefined || cores === undefined) return undefined;
    return t('loadOfCores', { load: format.number(load, 2), cores: format.number(cores) });
  }
  return undefined;
}
