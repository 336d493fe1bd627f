import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import type { Context } from '../charts/chart.ts';
import { uids } from '../charts/links.ts';
import type { Text } from '../language.ts';
import { capacityPanels } from '../panels/capacity.ts';
import { buildDashboard, type Section } from './dashboard.ts';
import { unitVariable } from './variables.ts';

const sections: readonly Section[] = [
  { title: { vi: 'Máy chủ sắp thiếu gì', en: 'What servers run out of' }, panels: capacityPanels },
];

const title: Text = { vi: 'Dung lượng', en: 'Capacity' };
const description: Text = {
  vi: 'Máy chủ nào sắp hết ổ đĩa, bộ nhớ hoặc bộ xử lý, và khi nào. Chọn đơn vị của trung tâm dữ liệu ở trên.',
  en: 'Which servers run out of disk, memory or processor, and when. Choose the unit of the data centre above.',
};

/** Dashboard "Dung lượng": what to buy, before it is missing. */
export function capacityDashboard(context: Context): Dashboard {
  return buildDashboard(context, {
    uid: uids.capacity,
    title,
    description,
    from: 'now-7d',
    refresh: '5m',
    variables: [unitVariable(context, 'system')],
    sections,
  });
}
