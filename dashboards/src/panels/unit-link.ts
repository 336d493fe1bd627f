import type { Chart, Context } from '../charts/chart.ts';
import { stateTimeline } from '../charts/state-timeline.ts';
import { table } from '../charts/table.ts';
import { timeSeries } from '../charts/time-series.ts';
import { select } from '../queries.ts';
import type { State } from '../theme.ts';

const chosen = ['unit'] as const;
const by = ['unit', 'link'] as const;

/** The values of `unit_link.state`. */
export const linkStates: Readonly<Record<string, State>> = {
  '-1': { text: { vi: 'Chưa rõ', en: 'Unknown' }, colour: 'noData' },
  0: { text: { vi: 'Đứt', en: 'Down' }, colour: 'critical' },
  1: { text: { vi: 'Kém', en: 'Poor' }, colour: 'warning' },
  2: { text: { vi: 'Tốt', en: 'Good' }, colour: 'ok' },
};

/** Ids 1 to 9: the units' lines, judged from both ends. */
export function unitLinkPanels(context: Context): Chart[] {
  return [
    table(context, {
      id: 1,
      title: { vi: 'Các đường truyền', en: 'Links' },
      description: {
        vi: 'Tình trạng hiện tại của từng đường; chưa rõ và đứt đứng đầu. Nguyên nhân và bằng chứng xem ở trang Đường truyền.',
        en: 'The present state of each line, unknown and down first. Causes and evidence are on the page of links.',
      },
      width: 24,
      selection: select('unit_link', {
        read: { state: 'last', rtt_ms: 'mean', loss_percent: 'mean' },
        by: ['unit', 'link', 'carrier'],
        chosen,
      }),
      sortBy: 'state',
      ascending: true,
      states: { state: linkStates },
      fresh: true,
    }),
    stateTimeline(context, {
      id: 2,
      title: { vi: 'Diễn biến', en: 'Time line' },
      description: {
        vi: 'Trạng thái của từng đường theo thời gian. Chọn đơn vị ở trên khi có nhiều đường.',
        en: 'The state of each line over time. Choose units above when there are many.',
      },
      width: 24,
      selection: select('unit_link', { read: { state: 'last' }, by, chosen }),
      states: linkStates,
    }),
    timeSeries(context, {
      id: 3,
      title: { vi: 'Thời gian khứ hồi', en: 'Round trip' },
      description: {
        vi: 'Đo từ trung tâm tới địa chỉ biên, hoặc từ cổng LAN khi không đo được từ trung tâm.',
        en: 'From the collector to the edge address, or from the gateway where that cannot be checked.',
      },
      width: 12,
      selections: [select('unit_link', { read: { rtt_ms: 'mean' }, by, chosen })],
    }),
    timeSeries(context, {
      id: 4,
      title: { vi: 'Tỷ lệ mất gói', en: 'Packet loss' },
      description: {
        vi: 'Mất gói kéo dài từ 10 % trở lên thì đường được coi là kém.',
        en: 'With 10 % or more for a while a line counts as poor.',
      },
      width: 12,
      max: 100,
      selections: [select('unit_link', { read: { loss_percent: 'mean' }, by, chosen })],
    }),
  ];
}
