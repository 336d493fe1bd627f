import {
  type Dashboard,
  DashboardBuilder,
  DashboardCursorSync,
  QueryVariableBuilder,
  RowBuilder,
  VariableRefresh,
  VariableSort,
} from '@grafana/grafana-foundation-sdk/dashboard';
import type { Chart, Context } from '../charts/chart.ts';
import type { Text } from '../language.ts';
import { agentPanels } from '../panels/agent.ts';
import { cpuPanels } from '../panels/cpu.ts';
import { diskIoPanels } from '../panels/disk-io.ts';
import { filesystemPanels } from '../panels/filesystem.ts';
import { memoryPanels } from '../panels/memory.ts';
import { networkPanels } from '../panels/network.ts';
import { overviewPanels } from '../panels/overview.ts';
import { seriesKeys, tagValues, type Variable } from '../queries.ts';

interface Section {
  readonly title: Text;
  readonly panels: (context: Context) => Chart[];
}

const sections: readonly Section[] = [
  { title: { vi: 'Tổng quan', en: 'Overview' }, panels: overviewPanels },
  { title: { vi: 'Bộ xử lý và tải', en: 'Processor and load' }, panels: cpuPanels },
  { title: { vi: 'Bộ nhớ', en: 'Memory' }, panels: memoryPanels },
  { title: { vi: 'Hệ thống tệp', en: 'File systems' }, panels: filesystemPanels },
  { title: { vi: 'Vào/ra đĩa', en: 'Disk I/O' }, panels: diskIoPanels },
  { title: { vi: 'Mạng', en: 'Network' }, panels: networkPanels },
  { title: { vi: 'Tác tử', en: 'Agent' }, panels: agentPanels },
];

const title: Text = { vi: 'Máy', en: 'Machine' };
const description: Text = {
  vi: 'Một máy: còn hoạt động không, có khỏe không, và tác tử trên máy đó có đáng tin không.',
  en: 'One machine: whether it is heard, whether it is well, and whether its agent can be believed.',
};

/**
 * Takes a series key apart: people choose a machine by its name, panels ask for the agent, because names repeat. A
 * backslash escapes commas and spaces in tag values.
 */
const agentOfSeries = String.raw`/,agent=(?<value>[^,]+),.*,host=(?<text>(?:\\.|[^,\\])+)/`;

/** Dashboard "Máy": everything that is measured on one machine. */
export function machineDashboard(context: Context): Dashboard {
  const { language } = context;
  const dashboard = new DashboardBuilder(title[language])
    .uid('vonggac-machine')
    .description(description[language])
    .tags(['vonggac'])
    .readonly()
    .refresh('10s')
    .time({ from: 'now-1h', to: 'now' })
    .timezone('browser')
    .tooltip(DashboardCursorSync.Crosshair);
  if (context.dataSourceVariable) dashboard.withVariable(context.dataSourceVariable);
  dashboard.withVariable(unitVariable(context)).withVariable(agentVariable(context));
  for (const section of sections) {
    dashboard.withRow(new RowBuilder(section.title[language]));
    for (const panel of section.panels(context)) dashboard.withPanel(panel);
  }
  return dashboard.build();
}

function unitVariable(context: Context): QueryVariableBuilder {
  const query = tagValues('system', { tag: 'unit' });
  const all = { vi: 'Tất cả', en: 'All' } as const satisfies Text;
  return variable(context, { name: 'unit', query, label: { vi: 'Đơn vị', en: 'Unit' } })
    .multi(true)
    .includeAll(true)
    .allValue('.*')
    .current({ selected: true, text: all[context.language], value: '$__all' });
}

function agentVariable(context: Context): QueryVariableBuilder {
  const query = seriesKeys('system', { chosen: ['unit'] });
  return variable(context, { name: 'agent', query, label: { vi: 'Máy', en: 'Machine' } }).regex(agentOfSeries);
}

function variable(context: Context, options: { name: Variable; query: string; label: Text }): QueryVariableBuilder {
  return new QueryVariableBuilder(options.name)
    .label(options.label[context.language])
    .datasource(context.dataSource)
    .query(options.query)
    .definition(options.query)
    .refresh(VariableRefresh.OnDashboardLoad)
    .sort(VariableSort.AlphabeticalCaseInsensitiveAsc);
}
