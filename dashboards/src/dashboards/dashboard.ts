/** What all dashboards share: head, variables, and sections of panels under each other. */
import {
  type Dashboard,
  DashboardBuilder,
  DashboardCursorSync,
  DashboardLinkBuilder,
  DashboardLinkType,
  type QueryVariableBuilder,
  RowBuilder,
} from '@grafana/grafana-foundation-sdk/dashboard';
import type { Chart, Context } from '../charts/chart.ts';
import type { Text } from '../language.ts';
import { eventQueries } from './events.ts';

export interface Section {
  readonly title: Text;
  readonly panels: (context: Context) => Chart[];
}

interface DashboardOptions {
  /** Never changes: links lead to it. */
  readonly uid: string;
  readonly title: Text;
  readonly description: Text;
  /** How far back it looks at first, like `now-1h`. */
  readonly from: string;
  readonly refresh: string;
  readonly variables: readonly QueryVariableBuilder[];
  readonly sections: readonly Section[];
}

const tag = 'vonggac';
const otherDashboards: Text = { vi: 'Các bảng khác', en: 'Other dashboards' };

export function buildDashboard(context: Context, options: DashboardOptions): Dashboard {
  const { language } = context;
  const dashboard = new DashboardBuilder(options.title[language])
    .uid(options.uid)
    .description(options.description[language])
    .tags([tag])
    .readonly()
    .refresh(options.refresh)
    .time({ from: options.from, to: 'now' })
    .timezone('browser')
    .tooltip(DashboardCursorSync.Crosshair)
    .link(
      new DashboardLinkBuilder(otherDashboards[language])
        .type(DashboardLinkType.Dashboards)
        .tags([tag])
        .asDropdown(true)
        .includeVars(true)
        .keepTime(true),
    );
  if (context.dataSourceVariable) dashboard.withVariable(context.dataSourceVariable);
  for (const variable of options.variables) dashboard.withVariable(variable);
  for (const query of eventQueries(language, options.uid)) dashboard.annotation(query);
  for (const section of options.sections) {
    dashboard.withRow(new RowBuilder(section.title[language]));
    for (const panel of section.panels(context)) dashboard.withPanel(panel);
  }
  return dashboard.build();
}
