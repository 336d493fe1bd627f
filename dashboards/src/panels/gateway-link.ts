import type { Chart, Context } from '../charts/chart.ts';
import { stateTimeline } from '../charts/state-timeline.ts';
import { timeSeries } from '../charts/time-series.ts';
import { select } from '../queries.ts';
import type { State } from '../theme.ts';

const chosen = ['unit'] as const;
const by = ['unit', 'link'] as const;

/** The values of `link.active`. */
const activeStates: Readonly<Record<string, State>> = {
  0: { text: { vi: 'Dự phòng', en: 'Standby' }, colour: 'noData' },
  1: { text: { vi: 'Đang dùng', en: 'In use' }, colour: 'ok' },
};

/** Ids 20 to 29: the lines as gateways see them from inside. */
export function gatewayLinkPanels(context: Context): Chart[] {
  return [
    stateTimeline(context, {
      id: 20,
      title: { vi: 'Đường đang dùng', en: 'Line in use' },
      description: {
        vi: 'Đường nào mang lưu lượng của đơn vị. Đổi qua lại nhiều lần: một trong hai đường không ổn định.',
        en: "Which line carries the unit's traffic. Frequent changes: one of them is not stable.",
      },
      width: 24,
      selection: select('link', { read: { active: 'max' }, by, chosen }),
      states: activeStates,
    }),
    timeSeries(context, {
      id: 21,
      title: { vi: 'Khứ hồi và độ biến động', en: 'Round trip and jitter' },
      description: {
        vi: 'Đo từ cổng LAN ra ngoài, trên từng đường. Độ biến động lớn làm hỏng họp trực tuyến trước tiên.',
        en: 'From the gateway outwards, on each line. Jitter spoils video conferences first.',
      },
      width: 12,
      selections: [select('link', { read: { rtt_ms: 'mean', jitter_ms: 'mean' }, by, chosen })],
    }),
    timeSeries(context, {
      id: 22,
      title: { vi: 'Tỷ lệ mất gói', en: 'Packet loss' },
      description: {
        vi: 'Mất gói trên từng đường, nhìn từ cổng LAN.',
        en: 'Packets lost on each line, seen from the gateway.',
      },
      width: 12,
      max: 100,
      selections: [select('link', { read: { loss_percent: 'mean' }, by, chosen })],
    }),
  ];
}
