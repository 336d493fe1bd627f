import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import type { Context } from '../charts/chart.ts';
import { uids } from '../charts/links.ts';
import type { Text } from '../language.ts';
import { protectionIncidentPanels } from '../panels/incidents.ts';
import { protectionCoveragePanels } from '../panels/protection-coverage.ts';
import { protectionMachinePanels } from '../panels/protection-machine.ts';
import { buildDashboard, type Section } from './dashboard.ts';
import { unitVariable } from './variables.ts';

const sections: readonly Section[] = [
  { title: { vi: 'Mức bảo vệ', en: 'Coverage' }, panels: protectionCoveragePanels },
  { title: { vi: 'Việc phải xử lý', en: 'To act on' }, panels: protectionIncidentPanels },
  { title: { vi: 'Từng máy và mã độc', en: 'Machines and malware' }, panels: protectionMachinePanels },
];

const title: Text = { vi: 'Diệt virus và mã độc', en: 'Antivirus and malware' };
const description: Text = {
  vi: 'Ai chưa được bảo vệ, ai chưa rõ, mẫu có mới không, mã độc nào vừa xuất hiện và ở đâu.',
  en: 'Who is unprotected or unknown, whether signatures are fresh, which malware appeared and where.',
};

/** Dashboard "Diệt virus và mã độc". */
export function protectionDashboard(context: Context): Dashboard {
  return buildDashboard(context, {
    uid: uids.protection,
    title,
    description,
    from: 'now-7d',
    refresh: '1m',
    variables: [unitVariable(context, 'unit_protection')],
    sections,
  });
}
