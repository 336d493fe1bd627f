import { QueryVariableBuilder, VariableRefresh, VariableSort } from '@grafana/grafana-foundation-sdk/dashboard';
import type { MeasurementName } from '@vonggac/shared';
import type { Context } from '../charts/chart.ts';
import type { Text } from '../language.ts';
import type { Variable } from '../queries.ts';

const all: Text = { vi: 'Tất cả', en: 'All' };

/** One unit, several, or all that the measurement is known of. */
export function unitVariable(context: Context, measurement: MeasurementName): QueryVariableBuilder {
  const query = context.dialect.tagValues(measurement, 'unit');
  return queryVariable(context, { name: 'unit', query, label: { vi: 'Đơn vị', en: 'Unit' } })
    .multi(true)
    .includeAll(true)
    .allValue('.*')
    .current({ selected: true, text: all[context.language], value: '$__all' });
}

export function queryVariable(
  context: Context,
  options: { name: Variable; query: string; label: Text },
): QueryVariableBuilder {
  return new QueryVariableBuilder(options.name)
    .label(options.label[context.language])
    .datasource(context.dataSource)
    .query(options.query)
    .definition(options.query)
    .refresh(VariableRefresh.OnDashboardLoad)
    .sort(VariableSort.AlphabeticalCaseInsensitiveAsc);
}
