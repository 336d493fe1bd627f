import type { Chart, Context } from '../charts/chart.ts';
import { timeSeries } from '../charts/time-series.ts';
import { select } from '../queries.ts';
import { limits } from '../theme.ts';

const chosen = ['agent'] as const;
const by = ['device'] as const;

/** Ids 40 to 49. */
export function diskIoPanels(context: Context): Chart[] {
  return [
    timeSeries(context, {
      id: 40,
      title: { vi: 'Tốc độ đọc và ghi', en: 'Disk throughput' },
      description: { vi: 'Số byte đọc và ghi mỗi giây của từng đĩa.', en: 'Bytes read and written by each disk.' },
      width: 8,
      selections: [
        select('disk_io', {
          read: { read_bytes_per_second: 'mean', write_bytes_per_second: 'mean' },
          by,
          chosen,
        }),
      ],
    }),
    timeSeries(context, {
      id: 41,
      title: { vi: 'Số lượt đọc và ghi', en: 'Disk requests' },
      description: {
        vi: 'Số lượt yêu cầu mỗi giây. Nhiều lượt nhỏ làm đĩa quay chậm đi rõ rệt.',
        en: 'Requests each second. Many small ones slow a spinning disk down.',
      },
      width: 8,
      selections: [select('disk_io', { read: { reads_per_second: 'mean', writes_per_second: 'mean' }, by, chosen })],
    }),
    timeSeries(context, {
      id: 42,
      title: { vi: 'Đĩa bận', en: 'Disk busy' },
      description: {
        vi: 'Tỷ lệ thời gian đĩa có yêu cầu đang xử lý. Gần 100 % kéo dài: đĩa là chỗ nghẽn hoặc sắp hỏng.',
        en: 'Time with a request under way. Near 100 % for long: the disk is the bottleneck, or about to fail.',
      },
      width: 8,
      max: 100,
      limits: limits.diskBusyPercent,
      selections: [select('disk_io', { read: { busy_percent: 'mean' }, by, chosen })],
    }),
  ];
}
