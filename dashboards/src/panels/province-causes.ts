import type { Chart, Context } from '../charts/chart.ts';
import { eventTable, table } from '../charts/table.ts';
import { select } from '../queries.ts';
import { limitsOf } from '../theme.ts';
import { serviceStates } from './service.ts';
import { malwareActions, nothingWrong, resolvedStates } from './states.ts';
import { linkStates } from './unit-link.ts';

/** Ids 20 to 29: what else is wrong in the province, each with the way to it. */
export function provinceCausePanels(context: Context): Chart[] {
  return [
    table(context, {
      id: 20,
      title: { vi: 'Đường truyền không tốt', en: 'Lines that are not good' },
      description: {
        vi: 'Đường đứt, kém hoặc chưa rõ của mọi đơn vị; xấu nhất đứng đầu. Gọi nhà mạng ghi ở cột bên cạnh.',
        en: 'Lines of all units that are down, poor or unknown, the worst first. Call the carrier beside it.',
      },
      width: 12,
      fresh: true,
      sortBy: 'state',
      ascending: true,
      noRows: nothingWrong,
      selection: select('unit_link', {
        read: { state: 'last', rtt_ms: 'last', loss_percent: 'last' },
        by: ['unit', 'link', 'carrier'],
        ofLast: ['unit', 'link'],
        only: { state: { below: 2 } },
      }),
      titles: { state: { vi: 'Trạng thái', en: 'State' } },
      states: { state: linkStates },
    }),
    table(context, {
      id: 21,
      title: { vi: 'Dịch vụ dùng chung', en: 'Shared services' },
      description: {
        vi: 'Dịch vụ nào ngừng, ngừng với bao nhiêu điểm đo; xấu nhất đứng đầu.',
        en: 'Which services are down and for how many vantage points, the worst first.',
      },
      width: 12,
      fresh: true,
      sortBy: 'state',
      ascending: true,
      selection: select('service', {
        read: { state: 'last', failing_points: 'last', vantage_points: 'last' },
        by: ['service'],
      }),
      titles: { state: { vi: 'Trạng thái', en: 'State' } },
      states: { state: serviceStates },
    }),
    eventTable(context, {
      id: 22,
      title: { vi: 'Mã độc mới nhất', en: 'Latest malware' },
      description: {
        vi: 'Các phát hiện mới nhất trong khoảng thời gian đang xem. Chưa xử lý: ngắt máy khỏi mạng trước.',
        en: 'The latest detections in the range shown. Not dealt with: take the machine off the network first.',
      },
      width: 12,
      noRows: nothingWrong,
      selection: select('malware', {
        read: { name: 'last', action: 'last', resolved: 'last' },
        by: ['unit', 'host', 'agent'],
      }),
      titles: { action: { vi: 'Xử lý', en: 'Action' } },
      states: { action: malwareActions, resolved: resolvedStates },
    }),
    table(context, {
      id: 23,
      title: { vi: 'Ổ đĩa sắp đầy', en: 'Disks that fill' },
      description: {
        vi: 'Ổ của máy chủ và cổng LAN sẽ đầy trong một tháng nếu tăng như 7 ngày qua; gần nhất đứng đầu. Dọn hoặc thêm dung lượng.',
        en: 'File systems of servers and gateways full within a month at the growth of 7 days, the nearest first. Clear or add space.',
      },
      width: 12,
      fresh: true,
      sortBy: 'full_in_days',
      ascending: true,
      noRows: nothingWrong,
      selection: select('filesystem_forecast', {
        read: { full_in_days: 'last' },
        by: ['unit', 'host', 'agent', 'mount'],
        where: { class: ['server', 'gateway'] },
        ofLast: ['agent', 'mount'],
        only: { full_in_days: { below: 31 } },
      }),
      titles: { full_in_days: { vi: 'Đầy sau (ngày)', en: 'Full in (days)' } },
      limits: { full_in_days: limitsOf('disk-full-soon') },
    }),
  ];
}
