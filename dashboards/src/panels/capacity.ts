import type { Chart, Context } from '../charts/chart.ts';
import { table } from '../charts/table.ts';
import { select } from '../queries.ts';
import { limits, limitsOf } from '../theme.ts';

const chosen = ['unit'] as const;
const where = { class: 'server' } as const;
const machine = ['unit', 'host', 'agent'] as const;

/** Ids 1 to 9: what servers run out of, and when. */
export function capacityPanels(context: Context): Chart[] {
  return [
    table(context, {
      id: 1,
      title: { vi: 'Ổ nào đầy trước', en: 'Which disk is full first' },
      description: {
        vi: 'Số ngày còn lại nếu tăng như 7 ngày qua, gần nhất đứng đầu; 365 là từ một năm trở lên. Lên kế hoạch mua thêm.',
        en: 'Days left at the growth of the last 7 days, the nearest first; 365 is a year or more. Plan for space.',
      },
      width: 12,
      fresh: true,
      sortBy: 'full_in_days',
      ascending: true,
      selection: select('filesystem_forecast', {
        read: { full_in_days: 'last' },
        by: [...machine, 'mount'],
        where,
        chosen,
      }),
      titles: { full_in_days: { vi: 'Đầy sau (ngày)', en: 'Full in (days)' } },
      limits: { full_in_days: limitsOf('disk-full-soon') },
    }),
    table(context, {
      id: 2,
      title: { vi: 'Ổ nào đầy nhất', en: 'The fullest disks' },
      description: {
        vi: 'Số đo gần nhất của từng hệ thống tệp trên máy chủ, đầy nhất đứng đầu. Dọn nhật ký và bản sao lưu cũ.',
        en: "The last reading of each server's file systems, the fullest first. Clear logs and old backups.",
      },
      width: 12,
      fresh: true,
      sortBy: 'used_percent',
      selection: select('filesystem', {
        read: { used_percent: 'last', available_bytes: 'last', total_bytes: 'last' },
        by: [...machine, 'mount'],
        where,
        chosen,
      }),
      titles: {
        used_percent: { vi: 'Đã dùng', en: 'Used' },
        available_bytes: { vi: 'Còn trống', en: 'Free' },
      },
      limits: { used_percent: limits.filesystemPercent },
    }),
    table(context, {
      id: 3,
      title: { vi: 'Bộ nhớ của máy chủ', en: "Servers' memory" },
      description: {
        vi: 'Trung bình và cao nhất trong khoảng thời gian đang xem, cao nhất đứng đầu. Gần 100 %: cần thêm RAM.',
        en: 'Mean and highest use in the range shown, the highest first. Near 100 %: it needs more memory.',
      },
      width: 12,
      sortBy: 'used_percent',
      selection: select('memory', {
        read: { used_percent: 'mean', available_bytes: 'min', swap_used_bytes: 'max', total_bytes: 'last' },
        by: machine,
        where,
        chosen,
      }),
      titles: {
        used_percent: { vi: 'Đã dùng, trung bình', en: 'Used, mean' },
        available_bytes: { vi: 'Còn ít nhất', en: 'Least free' },
      },
      limits: { used_percent: limits.memoryPercent },
    }),
    table(context, {
      id: 4,
      title: { vi: 'Bộ xử lý của máy chủ', en: "Servers' processors" },
      description: {
        vi: 'Mức dùng trung bình trong khoảng thời gian đang xem, cao nhất đứng đầu. Thấp kéo dài: có thể gộp máy.',
        en: 'Mean use in the range shown, the highest first. Low for long: machines can be merged.',
      },
      width: 12,
      sortBy: 'usage_percent',
      selection: select('cpu', { read: { usage_percent: 'mean', cores: 'max' }, by: machine, where, chosen }),
      titles: { usage_percent: { vi: 'Mức dùng', en: 'Use' } },
      limits: { usage_percent: limits.cpuPercent },
    }),
    table(context, {
      id: 5,
      title: { vi: 'Đĩa bận của máy chủ', en: "Servers' busy disks" },
      description: {
        vi: 'Tỷ lệ thời gian đĩa bận, trung bình trong khoảng thời gian đang xem. Cao: đĩa là chỗ nghẽn, cân nhắc SSD.',
        en: 'Time with a request under way, mean of the range shown. High: the disk is the bottleneck, think of an SSD.',
      },
      width: 24,
      sortBy: 'busy_percent',
      selection: select('disk_io', {
        read: { busy_percent: 'mean', read_bytes_per_second: 'mean', write_bytes_per_second: 'mean' },
        by: [...machine, 'device'],
        where,
        chosen,
      }),
      titles: { busy_percent: { vi: 'Bận', en: 'Busy' } },
      limits: { busy_percent: limits.diskBusyPercent },
    }),
  ];
}
