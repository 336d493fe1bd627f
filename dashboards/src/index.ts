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
import type { DialectName } from './dialects/dialect.ts';
import { dialects } from './dialects/dialects.ts';
import type { Language, Text } from './language.ts';
import { type DashboardJson, normalise } from './normalise.ts';

export type { RuleGroupJson } from './alerts/alert-rule.ts';
export { alertingFile } from './alerts/provisioning.ts';
export { buildRuleGroups } from './alerts/rule-groups.ts';
export type { DialectName } from './dialects/dialect.ts';
export type { Language } from './language.ts';
export type { DashboardJson } from './normalise.ts';

interface BuildOptions {
  readonly language: Language;
  /** In what the data source is asked; InfluxQL when absent, PromQL for VictoriaMetrics. */
  readonly dialect?: DialectName;
  /** The data source to read from. Without it, whoever looks at a dashboard chooses among Grafana's sources of that kind. */
  readonly dataSourceUid?: string;
  /** Where people reach the console: incidents lead there. */
  readonly consoleUrl?: string;
}

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

function contextOf({ language, dialect: dialectName = 'influxql', dataSourceUid, consoleUrl }: BuildOptions): Context {
  const dialect = dialects[dialectName];
  const type = dialect.dataSourceType;
  const known = { language, dialect, ...(consoleUrl !== undefined && { consoleUrl: consoleUrl.replace(/\/+$/, '') }) };
  if (dataSourceUid !== undefined) return { ...known, dataSource: { type, uid: dataSourceUid } };
  const name = 'datasource';
  return {
    ...known,
    dataSource: { type, uid: `\${${name}}` },
    dataSourceVariable: new DatasourceVariableBuilder(name).type(type).label(dataSourceLabel[language]),
  };
}
