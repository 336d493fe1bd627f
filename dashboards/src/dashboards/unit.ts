import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import type { Context } from '../charts/chart.ts';
import { uids } from '../charts/links.ts';
import type { Text } from '../language.ts';
import { protectionMachinePanels } from '../panels/protection-machine.ts';
import { unitPanels } from '../panels/unit.ts';
import { unitLinkPanels } from '../panels/unit-link.ts';
import { buildDashboard, type Section } from './dashboard.ts';
import { unitVariable } from './variables.ts';

const sections: readonly Section[] = [
  { title: { vi: 'Máy của đơn vị', en: 'Machines of the unit' }, panels: unitPanels },
  { title: { vi: 'Đường truyền', en: 'Lines' }, panels: unitLinkPanels },
  { title: { vi: 'Bảo vệ', en: 'Protection' }, panels: protectionMachinePanels },
];

const title: Text = { vi: 'Đơn vị', en: 'Unit' };
const description: Text = {
  vi: 'Một đơn vị: máy nào vắng, đường truyền ra sao, máy nào chưa được bảo vệ.',
  en: 'One unit: which machines are away, how its lines are, which machines are not protected.',
};

/** Dashboard "Đơn vị": the level between the province and a machine. */
export function unitDashboard(context: Context): Dashboard {
  return buildDashboard(context, {
    uid: uids.unit,
    title,
    description,
    from: 'now-24h',
    refresh: '1m',
    variables: [unitVariable(context, 'unit_state')],
    sections,
  });
}
