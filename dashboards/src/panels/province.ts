import type { Chart, Context } from '../charts/chart.ts';
import { lastSeen, stat } from '../charts/stat.ts';
import { stateTimeline } from '../charts/state-timeline.ts';
import { countTable, table } from '../charts/table.ts';
import { select } from '../queries.ts';
import { noneOf } from '../theme.ts';
import { incidentTable } from './incidents.ts';
import { agentStates, alertableStates, nothingWrong, readyStates, unitStates, verdicts } from './states.ts';

/** Ids 1 to 19: what is broken, where and since when, without scrolling. */
export function provincePanels(context: Context): Chart[] {
  return [...tiles(context), ...lists(context)];
}

function tiles(context: Context): Chart[] {
  return [
    stat(context, {
      id: 1,
      title: { vi: 'Đơn vị mất liên lạc', en: 'Units cut off' },
      description: {
        vi: 'Số đơn vị mất điện, mất mạng hoặc đứt đường truyền ngoài kế hoạch. Xem danh sách bên dưới, gọi theo nguyên nhân.',
        en: 'Units that lost power, network or line, not as planned. See the list below and call by its cause.',
      },
      width: 4,
      selection: select('unit_state', { read: { alertable: 'sum' }, ofLast: ['unit'] }),
      limits: noneOf('unit-unreachable'),
    }),
    stat(context, {
      id: 2,
      title: { vi: 'Máy chủ mất tín hiệu', en: 'Servers away' },
      description: {
        vi: 'Số máy chủ mất ngoài kế hoạch, không tính máy mất vì sự cố chung của đơn vị. Mở từng máy trong danh sách bên dưới.',
        en: "Servers away not as planned and not for their unit's outage. Open each from the list below.",
      },
      width: 4,
      selection: select('agent_state', { read: { alertable: 'sum' }, ofLast: ['agent'], where: { class: 'server' } }),
      limits: noneOf('server-down'),
    }),
    stat(context, {
      id: 3,
      title: { vi: 'Cổng LAN mất tín hiệu', en: 'Gateways away' },
      description: {
        vi: 'Số cổng LAN mất ngoài kế hoạch. Khi cổng mất, không thấy được bên trong LAN của đơn vị.',
        en: "Gateways away not as planned. Without its gateway the inside of a unit's LAN is not seen.",
      },
      width: 4,
      selection: select('agent_state', { read: { alertable: 'sum' }, ofLast: ['agent'], where: { class: 'gateway' } }),
      limits: noneOf('gateway-down'),
    }),
    stat(context, {
      id: 4,
      title: { vi: 'Máy không nghe được', en: 'Machines not heard' },
      description: {
        vi: 'Số máy mất kết nối hoặc trễ của mọi đơn vị, kể cả máy trạm. Tăng nhanh cùng lúc: sự cố chung.',
        en: 'Machines of all units that are offline or late, PCs included. A sudden rise: one common cause.',
      },
      width: 4,
      selection: select('unit_state', { read: { offline: 'sum' }, ofLast: ['unit'] }),
    }),
    lastSeen(context, {
      id: 5,
      title: { vi: 'Tuổi dữ liệu', en: 'Data age' },
      description: {
        vi: 'Trung tâm ghi dấu 15 giây một lần. Lâu hơn 1 phút: mọi ô khác trên trang này đã cũ, kiểm tra trung tâm trước.',
        en: 'The collector signs every 15 seconds. Over a minute: all else on this page is old, look at the collector first.',
      },
      width: 4,
      selection: select('collector_watchdog', { read: { ready: 'last' } }),
    }),
    stat(context, {
      id: 6,
      title: { vi: 'Trung tâm', en: 'Collector' },
      description: {
        vi: 'Trung tâm có làm được việc không: kho, ổ đĩa, bộ nhớ. Chi tiết ở bảng Trung tâm thu thập.',
        en: 'Whether the collector can work: store, disk, memory. Details are on its own dashboard.',
      },
      width: 4,
      selection: select('collector_watchdog', { read: { ready: 'last' } }),
      states: readyStates,
    }),
  ];
}

function lists(context: Context): Chart[] {
  return [
    table(context, {
      id: 7,
      title: { vi: 'Các đơn vị, xấu nhất đứng đầu', en: 'Units, the worst first' },
      description: {
        vi: 'Đơn vị cần báo đứng đầu, rồi đến chưa rõ, mất liên lạc, mất một phần. Bấm tên đơn vị để xem bên trong.',
        en: 'Those to be told of first, then unknown, unreachable, partly away. Click a unit to look inside.',
      },
      width: 10,
      fresh: true,
      sortBy: 'alertable',
      thenBy: 'state',
      selection: select('unit_state', {
        read: { alertable: 'last', state: 'last', offline: 'last', machines: 'last', verdict: 'last' },
        by: ['unit'],
      }),
      titles: { alertable: { vi: 'Báo', en: 'Tell' }, state: { vi: 'Trạng thái', en: 'State' } },
      states: { alertable: alertableStates, state: unitStates, verdict: verdicts },
    }),
    incidentTable(context, {
      id: 11,
      title: { vi: 'Sự cố đang mở, nặng nhất đứng đầu', en: 'Open incidents, the gravest first' },
      description: {
        vi: 'Mọi sự cố chưa đóng; cùng mức thì chưa ai nhận đứng trước. Bấm số để mở sự cố và nhận việc.',
        en: 'All incidents that are open; of one severity those that nobody has seen. Click the number to open and take one.',
      },
      width: 14,
    }),
    table(context, {
      id: 8,
      title: { vi: 'Máy cần xử lý, lâu nhất đứng đầu', en: 'Machines to act on, longest first' },
      description: {
        vi: 'Máy chủ và cổng LAN mất ngoài kế hoạch, mất bao lâu và vì sao. Bấm tên máy để xem số đo cuối cùng.',
        en: 'Servers and gateways away not as planned, for how long and why. Click a machine for its last readings.',
      },
      width: 10,
      height: 7,
      fresh: true,
      sortBy: 'silent_seconds',
      noRows: nothingWrong,
      selection: select('agent_state', {
        read: { silent_seconds: 'last', state: 'last', verdict: 'last' },
        by: ['unit', 'host', 'agent', 'class'],
        // No other is ever to be told of, and thousands of PCs would have to be read.
        where: { class: ['server', 'gateway'] },
        ofLast: ['agent'],
        only: { alertable: { is: 1 } },
      }),
      titles: { silent_seconds: { vi: 'Đã mất', en: 'Away for' }, state: { vi: 'Trạng thái', en: 'State' } },
      states: { state: agentStates, verdict: verdicts },
    }),
    countTable(context, {
      id: 9,
      title: { vi: 'Số đơn vị theo trạng thái', en: 'Units by state' },
      description: {
        vi: 'Bao nhiêu đơn vị ở mỗi trạng thái. Không máy nào bật: ngoài giờ hoặc nghỉ, không phải sự cố.',
        en: 'How many units are in each state. No machine is on: after hours or a holiday, not an outage.',
      },
      width: 4,
      height: 7,
      selection: select('unit_state', { read: { state: 'last' }, by: ['unit'] }),
      states: unitStates,
      counted: { vi: 'Số đơn vị', en: 'Units' },
    }),
    stateTimeline(context, {
      id: 10,
      title: { vi: 'Đơn vị mất liên lạc từ khi nào', en: 'Since when units are cut off' },
      description: {
        vi: 'Mỗi vạch là một lần mất liên lạc ngoài kế hoạch. Nhiều đơn vị cùng bắt đầu một lúc: cùng một nguyên nhân.',
        en: 'Each bar is an outage that was not planned. Several units that begin together have one cause.',
      },
      width: 10,
      height: 7,
      noRows: nothingWrong,
      selection: select('unit_state', { read: { alertable: 'max' }, by: ['unit'], only: { alertable: { is: 1 } } }),
      states: alertableStates,
    }),
  ];
}
