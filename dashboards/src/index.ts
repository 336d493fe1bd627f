/** Vọng Gác's Grafana dashboards, as plain JSON for files or for Grafana's API. */
import { DatasourceVariableBuilder } from '@grafana/grafana-foundation-sdk/dashboard';
import type { Context } from './charts/chart.ts';
import { capacityDashboard } from './dashboards/capacity.ts';
import { collectorDashboard } from './dashboards/collector.ts';
import { linksDashboard } from './dashboards/links.ts';
import { machineDashboard } from './dashboards/machine.ts';
import { protectionDashboard } from './dashboards/protection.ts';
import { provinceDashboard } from './dashboards/province.ts';
import { unitDashboard } from './dashboards/unit.ts';
import type { Language, Text } from './language.ts';
import { type DashboardJson, normalise } from './normalise.ts';

export { alertingFile } from './alerts/provisioning.ts';
export { buildRuleGroups } from './alerts/rule-groups.ts';
export type { Language } from './language.ts';
export type { DashboardJson } from './normalise.ts';

interface BuildOptions {
  readonly language: Language;
  /** The data source to read from. Without it, whoever looks at a dashboard chooses among Grafana's InfluxDB sources. */
  readonly dataSourceUid?: string;
}

const type = 'influxdb';
const dataSourceLabel: Text = { vi: 'Nguồn dữ liệu', en: 'Data source' };

/** All dashboards. Their uids are the same in every language, so that links survive a change of it. */
export function buildDashboards(options: BuildOptions): readonly DashboardJson[] {
  const context = contextOf(options);
  return [
    provinceDashboard(context),
    protectionDashboard(context),
    unitDashboard(context),
    machineDashboard(context),
    linksDashboard(context),
    collectorDashboard(context),
    capacityDashboard(context),
  ].map(normalise);
}

function contextOf({ language, dataSourceUid }: BuildOptions): Context {
  if (dataSourceUid !== undefined) return { language, dataSource: { type, uid: dataSourceUid } };
  const name = 'datasource';
  return {
    language,
    dataSource: { type, uid: `\${${name}}` },
    dataSourceVariable: new DatasourceVariableBuilder(name).type(type).label(dataSourceLabel[language]),
  };
}
