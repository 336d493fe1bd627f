import type { Chart, Context } from '../charts/chart.ts';
import { table } from '../charts/table.ts';
import { timeSeries } from '../charts/time-series.ts';
import { select } from '../queries.ts';
import { limits, type State } from '../theme.ts';

const chosen = ['agent'] as const;

/** A file system turns read-only by itself when its disk fails, but CDs and snaps always are. */
const readOnlyStates: Readonly<Record<string, State>> = {
  0: { text: { vi: 'Không', en: 'No' }, colour: 'ok' },
  1: { text: { vi: 'Có', en: 'Yes' }, colour: 'warning' },
};

/** Ids 30 to 39. */
export function filesystemPanels(context: Context): Chart[] {
  return [
    table(context, {
      id: 30,
      title: { vi: 'Các hệ thống tệp', en: 'File systems' },
      description: {
        vi: 'Số đo gần nhất trong 5 phút qua, đầy nhất đứng đầu. Chỉ đọc: đĩa có thể đang hỏng.',
        en: 'The last reading within 5 minutes, the fullest first. Read-only: the disk may be failing.',
      },
      width: 12,
      fresh: true,
      sortBy: 'used_percent',
      selection: select('filesystem', {
        read: {
          used_percent: 'last',
          available_bytes: 'last',
          total_bytes: 'last',
          inodes_used_percent: 'last',
          read_only: 'last',
        },
        by: ['mount', 'type'],
        chosen,
      }),
      limits: { used_percent: limits.filesystemPercent, inodes_used_percent: limits.filesystemPercent },
      states: { read_only: readOnlyStates },
    }),
    timeSeries(context, {
      id: 31,
      title: { vi: 'Dung lượng đĩa đã dùng', en: 'File systems over time' },
      description: {
        vi: 'Tỷ lệ đã dùng của từng hệ thống tệp. Vạch đứt là ngưỡng cảnh báo và nghiêm trọng.',
        en: 'Use of each file system. The dashed lines are the warning and the critical limit.',
      },
      width: 12,
      max: 100,
      limits: limits.filesystemPercent,
      selections: [select('filesystem', { read: { used_percent: 'max' }, by: ['mount'], chosen })],
    }),
  ];
}
