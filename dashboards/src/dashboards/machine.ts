import type { Dashboard, QueryVariableBuilder } from '@grafana/grafana-foundation-sdk/dashboard';
import type { Context } from '../charts/chart.ts';
import { uids } from '../charts/links.ts';
import type { Text } from '../language.ts';
import { agentPanels } from '../panels/agent.ts';
import { cpuPanels } from '../panels/cpu.ts';
import { diskIoPanels } from '../panels/disk-io.ts';
import { filesystemPanels } from '../panels/filesystem.ts';
import { hardwarePanels } from '../panels/hardware.ts';
import { memoryPanels } from '../panels/memory.ts';
import { networkPanels } from '../panels/network.ts';
import { overviewPanels } from '../panels/overview.ts';
import { buildDashboard, type Section } from './dashboard.ts';
import { queryVariable, unitVariable } from './variables.ts';

const sections: readonly Section[] = [
  { title: { vi: 'Tổng quan', en: 'Overview' }, panels: overviewPanels },
  { title: { vi: 'Bộ xử lý và tải', en: 'Processor and load' }, panels: cpuPanels },
  { title: { vi: 'Bộ nhớ', en: 'Memory' }, panels: memoryPanels },
  { title: { vi: 'Hệ thống tệp', en: 'File systems' }, panels: filesystemPanels },
  { title: { vi: 'Vào/ra đĩa', en: 'Disk I/O' }, panels: diskIoPanels },
  { title: { vi: 'Mạng', en: 'Network' }, panels: networkPanels },
  { title: { vi: 'Phần cứng và dịch vụ', en: 'Hardware and services' }, panels: hardwarePanels },
  { title: { vi: 'Tác tử', en: 'Agent' }, panels: agentPanels },
];

const title: Text = { vi: 'Máy', en: 'Machine' };
const description: Text = {
  vi: 'Một máy: còn hoạt động không, có khỏe không, và tác tử trên máy đó có đáng tin không.',
  en: 'One machine: whether it is heard, whether it is well, and whether its agent can be believed.',
};

/** Dashboard "Máy": everything that is measured on one machine. */
export function machineDashboard(context: Context): Dashboard {
  return buildDashboard(context, {
    uid: uids.machine,
    title,
    description,
    from: 'now-1h',
    refresh: '10s',
    variables: [unitVariable(context, 'system'), agentVariable(context)],
    sections,
  });
}

function agentVariable(context: Context): QueryVariableBuilder {
  const { query, regex } = context.dialect.machines('system', { chosen: ['unit'] });
  return queryVariable(context, { name: 'agent', query, label: { vi: 'Máy', en: 'Machine' } }).regex(regex);
}
