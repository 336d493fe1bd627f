import type { Chart, Context } from '../charts/chart.ts';
import { timeSeries } from '../charts/time-series.ts';
import { select } from '../queries.ts';
import { limits } from '../theme.ts';

const chosen = ['agent'] as const;

/** Ids 20 to 29. */
export function memoryPanels(context: Context): Chart[] {
  return [
    timeSeries(context, {
      id: 20,
      title: { vi: 'Bộ nhớ đã dùng', en: 'Memory in use' },
      description: {
        vi: 'Phần RAM không còn dùng được, tính trên tổng dung lượng. Vạch đứt là ngưỡng cảnh báo.',
        en: 'Memory that is not available, of the total. The dashed line is the limit of the alert.',
      },
      width: 12,
      max: 100,
      limits: limits.memoryPercent,
      selections: [select('memory', { read: { used_percent: 'mean' }, chosen })],
    }),
    timeSeries(context, {
      id: 21,
      title: { vi: 'Dung lượng bộ nhớ', en: 'Memory' },
      description: {
        vi: 'Swap đã dùng tăng liên tục: máy thiếu RAM.',
        en: 'Swap in use that keeps growing: the machine has too little memory.',
      },
      width: 12,
      selections: [
        select('memory', {
          read: { total_bytes: 'mean', available_bytes: 'mean', cached_bytes: 'mean', swap_used_bytes: 'mean' },
          chosen,
        }),
      ],
    }),
  ];
}
