import type { Chart, Context } from '../charts/chart.ts';
import { table } from '../charts/table.ts';
import { timeSeries } from '../charts/time-series.ts';
import { select } from '../queries.ts';

const chosen = ['unit'] as const;

/** Ids 30 to 39: what machines of the chosen units reach. */
export function connectivityPanels(context: Context): Chart[] {
  return [
    table(context, {
      id: 30,
      title: { vi: 'Các đích', en: 'Targets' },
      description: {
        vi: 'Gộp mọi máy của đơn vị đang chọn, trong khoảng thời gian đang xem; đích mất nhiều nhất đứng đầu.',
        en: 'Over all machines of the chosen units in the range shown; what is lost most comes first.',
      },
      width: 12,
      selection: select('connectivity', {
        read: { loss_percent: 'mean', rtt_ms: 'mean', failed_checks: 'sum' },
        by: ['target', 'scope'],
        chosen,
      }),
      sortBy: 'loss_percent',
    }),
    timeSeries(context, {
      id: 31,
      title: { vi: 'Thời gian trả lời', en: 'Answer time' },
      description: {
        vi: 'Trung bình của các máy, theo từng đích. Mọi đích cùng chậm: đường truyền; một đích chậm: chính nơi đó.',
        en: 'Mean of the machines, by target. All are slow: the line; one is slow: that place itself.',
      },
      width: 12,
      selections: [select('connectivity', { read: { rtt_ms: 'mean' }, by: ['target'], chosen })],
    }),
  ];
}
