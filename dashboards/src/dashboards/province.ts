import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import type { Context } from '../charts/chart.ts';
import { uids } from '../charts/links.ts';
import type { Text } from '../language.ts';
import { provincePanels } from '../panels/province.ts';
import { provinceCausePanels } from '../panels/province-causes.ts';
import { buildDashboard, type Section } from './dashboard.ts';

const sections: readonly Section[] = [
  { title: { vi: 'Có gì hỏng, ở đâu, từ khi nào', en: 'What is broken, where, since when' }, panels: provincePanels },
  { title: { vi: 'Những việc khác cần xem', en: 'What else to look at' }, panels: provinceCausePanels },
];

const title: Text = { vi: 'Toàn tỉnh', en: 'Province wall' };
const description: Text = {
  vi: 'Màn hình trực: đơn vị nào hỏng, từ khi nào, vì sao, và số liệu có còn mới không.',
  en: 'The screen on duty: which units are broken, since when and why, and whether the data is fresh.',
};

/** Dashboard "Toàn tỉnh": the first one to look at; everything on it leads one level down. */
export function provinceDashboard(context: Context): Dashboard {
  return buildDashboard(context, {
    uid: uids.province,
    title,
    description,
    from: 'now-6h',
    refresh: '30s',
    variables: [],
    sections,
  });
}
