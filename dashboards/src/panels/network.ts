import type { Chart, Context } from '../charts/chart.ts';
import { stateTimeline } from '../charts/state-timeline.ts';
import { timeSeries } from '../charts/time-series.ts';
import { select } from '../queries.ts';
import type { State } from '../theme.ts';

const chosen = ['agent'] as const;
const by = ['interface'] as const;

/** Down is not critical: most machines have a socket without a cable. */
const linkStates: Readonly<Record<string, State>> = {
  0: { text: { vi: 'Không có tín hiệu', en: 'Down' }, colour: 'warning' },
  1: { text: { vi: 'Có tín hiệu', en: 'Up' }, colour: 'ok' },
};

/** Ids 50 to 59. */
export function networkPanels(context: Context): Chart[] {
  return [
    timeSeries(context, {
      id: 50,
      title: { vi: 'Lưu lượng mạng', en: 'Network traffic' },
      description: {
        vi: 'Số byte nhận và gửi mỗi giây của từng cổng mạng.',
        en: 'Bytes in and out of each interface.',
      },
      width: 12,
      selections: [
        select('network', {
          read: { receive_bytes_per_second: 'mean', transmit_bytes_per_second: 'mean' },
          by,
          chosen,
        }),
      ],
    }),
    timeSeries(context, {
      id: 51,
      title: { vi: 'Gói lỗi và gói bị bỏ', en: 'Errors and drops' },
      description: {
        vi: 'Thường bằng 0. Gói lỗi đều đặn: kiểm tra dây, đầu cắm, cổng thiết bị chuyển mạch.',
        en: 'Usually 0. Steady errors: check cable, plug and switch port.',
      },
      width: 12,
      selections: [select('network', { read: { errors_per_second: 'max', drops_per_second: 'max' }, by, chosen })],
    }),
    stateTimeline(context, {
      id: 52,
      title: { vi: 'Tín hiệu của cổng mạng', en: 'Link state' },
      description: {
        vi: 'Cổng mạng có tín hiệu hay không. Đổi qua lại nhiều lần: dây hoặc đầu cắm lỏng. Chỗ trống là lúc không có số đo.',
        en: 'Whether the interface has a link. Frequent changes: a loose cable or plug. A gap is a time without readings.',
      },
      width: 24,
      selection: select('network', { read: { up: 'min' }, by, chosen }),
      states: linkStates,
    }),
  ];
}
