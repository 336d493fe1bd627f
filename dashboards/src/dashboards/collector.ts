import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import type { Context } from '../charts/chart.ts';
import { uids } from '../charts/links.ts';
import type { Text } from '../language.ts';
import { collectorPanels } from '../panels/collector.ts';
import { buildDashboard, type Section } from './dashboard.ts';

const sections: readonly Section[] = [
  { title: { vi: 'Trung tâm có kịp không', en: 'Whether it keeps up' }, panels: collectorPanels },
];

const title: Text = { vi: 'Trung tâm thu thập', en: 'Collector' };
const description: Text = {
  vi: 'Trung tâm còn sống không, ghi có kịp không, và còn đủ chỗ, đủ máy không.',
  en: 'Whether the collector lives, writes in time, and has room and power to spare.',
};

/** Dashboard "Trung tâm thu thập": look here first when everything else looks odd. */
export function collectorDashboard(context: Context): Dashboard {
  return buildDashboard(context, {
    uid: uids.collector,
    title,
    description,
    from: 'now-6h',
    refresh: '30s',
    variables: [],
    sections,
  });
}
