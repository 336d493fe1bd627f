import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import type { Context } from '../charts/chart.ts';
import { uids } from '../charts/links.ts';
import type { Text } from '../language.ts';
import { connectivityPanels } from '../panels/connectivity.ts';
import { gatewayLinkPanels } from '../panels/gateway-link.ts';
import { servicePanels } from '../panels/service.ts';
import { unitLinkPanels } from '../panels/unit-link.ts';
import { buildDashboard, type Section } from './dashboard.ts';
import { unitVariable } from './variables.ts';

const sections: readonly Section[] = [
  { title: { vi: 'Đường truyền của đơn vị', en: 'Links of units' }, panels: unitLinkPanels },
  { title: { vi: 'Dịch vụ dùng chung', en: 'Shared services' }, panels: servicePanels },
  { title: { vi: 'Đường truyền, nhìn từ cổng LAN', en: 'Links, seen from gateways' }, panels: gatewayLinkPanels },
  { title: { vi: 'Kết nối của máy', en: 'Connectivity of machines' }, panels: connectivityPanels },
];

const title: Text = { vi: 'Đường truyền và dịch vụ', en: 'Links and services' };
const description: Text = {
  vi: 'Đơn vị nào mất đường truyền, đường nào kém, dịch vụ dùng chung nào ngừng và ngừng với ai.',
  en: 'Which units have lost a line, which lines are poor, which shared services are down and for whom.',
};

/** Dashboard "Đường truyền và dịch vụ": the ways to the data centre, and what people use over them. */
export function linksDashboard(context: Context): Dashboard {
  return buildDashboard(context, {
    uid: uids.links,
    title,
    description,
    from: 'now-6h',
    refresh: '1m',
    variables: [unitVariable(context, 'unit_link')],
    sections,
  });
}
