import type { Chart, Context } from '../charts/chart.ts';
import { stat } from '../charts/stat.ts';
import { stateTimeline } from '../charts/state-timeline.ts';
import { table } from '../charts/table.ts';
import { select } from '../queries.ts';
import { noneOf } from '../theme.ts';
import { incidentTable } from './incidents.ts';
import { agentStates, alertableStates, unitStates, verdicts } from './states.ts';

const chosen = ['unit'] as const;

/** Ids 40 to 49: the unit's machines, and whether they are heard. */
export function unitPanels(context: Context): Chart[] {
  return [...tiles(context), ...machines(context)];
}

function tiles(context: Context): Chart[] {
  return [
    stat(context, {
      id: 40,
      title: { vi: 'Đơn vị mất liên lạc', en: 'Units cut off' },
      description: {
        vi: 'Số đơn vị đang chọn mất điện, mất mạng hoặc đứt đường truyền ngoài kế hoạch. Xem đường truyền bên dưới.',
        en: 'Chosen units that lost power, network or line, not as planned. See the lines below.',
      },
      width: 6,
      selection: select('unit_state', { read: { alertable: 'sum' }, ofLast: ['unit'], chosen }),
      limits: noneOf('unit-unreachable'),
    }),
    stat(context, {
      id: 41,
      title: { vi: 'Máy đang kết nối', en: 'Machines online' },
      description: {
        vi: 'Số máy đang gửi số liệu. Ngoài giờ làm việc, số này giảm là bình thường.',
        en: 'Machines that send readings. After hours it is normal that they are fewer.',
      },
      width: 6,
      selection: select('unit_state', { read: { online: 'sum' }, ofLast: ['unit'], chosen }),
    }),
    stat(context, {
      id: 42,
      title: { vi: 'Máy không nghe được', en: 'Machines not heard' },
      description: {
        vi: 'Số máy mất kết nối hoặc trễ ngoài kế hoạch. Danh sách bên dưới cho biết máy nào, từ bao lâu.',
        en: 'Machines offline or late, not as planned. The list below says which, and for how long.',
      },
      width: 6,
      selection: select('unit_state', { read: { offline: 'sum' }, ofLast: ['unit'], chosen }),
    }),
    stat(context, {
      id: 43,
      title: { vi: 'Máy không được bảo vệ', en: 'Unprotected machines' },
      description: {
        vi: 'Số máy không có diệt virus hoặc đã tắt. Danh sách nằm ở phần Bảo vệ bên dưới.',
        en: 'Machines without antivirus, or with it off. The list is under protection, below.',
      },
      width: 6,
      selection: select('unit_protection', { read: { unprotected: 'sum' }, ofLast: ['unit'], chosen }),
      limits: noneOf('antivirus-unprotected'),
    }),
  ];
}

function machines(context: Context): Chart[] {
  return [
    table(context, {
      id: 44,
      title: { vi: 'Các máy, xấu nhất đứng đầu', en: 'Machines, the worst first' },
      description: {
        vi: 'Máy cần báo đứng đầu, rồi đến chưa rõ và mất kết nối. Bấm tên máy để xem CPU, bộ nhớ, ổ đĩa của máy.',
        en: 'Those to be told of first, then unknown and offline. Click one for its processor, memory and disks.',
      },
      width: 24,
      fresh: true,
      sortBy: 'alertable',
      thenBy: 'state',
      selection: select('agent_state', {
        read: { alertable: 'last', state: 'last', silent_seconds: 'last', verdict: 'last' },
        by: ['unit', 'host', 'agent', 'class'],
        chosen,
      }),
      titles: {
        alertable: { vi: 'Báo', en: 'Tell' },
        state: { vi: 'Trạng thái', en: 'State' },
        silent_seconds: { vi: 'Lần nghe cuối, cách đây', en: 'Heard, ago' },
      },
      states: { alertable: alertableStates, state: agentStates, verdict: verdicts },
    }),
    incidentTable(context, {
      id: 46,
      title: { vi: 'Sự cố đang mở của đơn vị', en: 'Open incidents of the unit' },
      description: {
        vi: 'Sự cố chưa đóng của đơn vị và máy của đơn vị, nặng nhất đứng đầu. Bấm số để mở sự cố và nhận việc.',
        en: 'Open incidents of the unit and its machines, the gravest first. Click the number to open and take one.',
      },
      width: 24,
      chosen,
    }),
    stateTimeline(context, {
      id: 45,
      title: { vi: 'Diễn biến của đơn vị', en: 'The unit over time' },
      description: {
        vi: 'Trạng thái theo thời gian. Mất một phần lặp lại mỗi ngày cùng giờ: xem lịch làm việc đã khai đúng chưa.',
        en: 'The state over time. Partly away each day at one hour: see whether its calendar is right.',
      },
      width: 24,
      selection: select('unit_state', { read: { state: 'last' }, by: ['unit'], chosen }),
      states: unitStates,
    }),
  ];
}
