import type { Chart, Context } from '../charts/chart.ts';
import { timeSeries } from '../charts/time-series.ts';
import { select } from '../queries.ts';

const chosen = ['agent'] as const;

/** Ids 10 to 19: the processors and what waits for them. */
export function cpuPanels(context: Context): Chart[] {
  return [
    timeSeries(context, {
      id: 10,
      title: { vi: 'CPU dùng vào việc gì', en: 'Processor time' },
      description: {
        vi: 'Tỷ lệ thời gian của tất cả bộ xử lý. Chờ vào/ra cao: đĩa chậm. Bị máy chủ ảo hóa lấy mất: máy chủ vật lý quá tải.',
        en: 'Shares of all processors together. Much waiting for I/O: slow disk. Taken by the hypervisor: its host is overloaded.',
      },
      width: 12,
      max: 100,
      stacked: true,
      selections: [
        select('cpu', {
          read: { user_percent: 'mean', system_percent: 'mean', iowait_percent: 'mean', steal_percent: 'mean' },
          chosen,
        }),
      ],
    }),
    timeSeries(context, {
      id: 11,
      title: { vi: 'Tải trung bình', en: 'Load average' },
      description: {
        vi: 'Số tiến trình đang chạy hoặc chờ. Vượt số bộ xử lý trong thời gian dài: máy không kịp xử lý. Windows không có số đo này.',
        en: 'Processes that run or wait. Above the number of processors for long: the machine cannot keep up. Not on Windows.',
      },
      width: 12,
      selections: [
        select('system', { read: { load_1m: 'mean', load_5m: 'mean', load_15m: 'mean' }, chosen }),
        select('cpu', { read: { cores: 'max' }, chosen }),
      ],
    }),
  ];
}
