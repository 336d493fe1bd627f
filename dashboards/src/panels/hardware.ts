import type { Chart, Context } from '../charts/chart.ts';
import { stateTimeline } from '../charts/state-timeline.ts';
import { table } from '../charts/table.ts';
import { timeSeries } from '../charts/time-series.ts';
import type { Text } from '../language.ts';
import { select } from '../queries.ts';
import { limitsOf, type State } from '../theme.ts';

const chosen = ['agent'] as const;
const notReported: Text = { vi: 'Không có hoặc không đọc được', en: 'Not there, or not to be read' };

const failingStates: Readonly<Record<string, State>> = {
  0: { text: { vi: 'Không', en: 'No' }, colour: 'ok' },
  1: { text: { vi: 'Sắp hỏng', en: 'Yes' }, colour: 'critical' },
};
const powerStates: Readonly<Record<string, State>> = {
  0: { text: { vi: 'Điện lưới', en: 'Mains' }, colour: 'ok' },
  1: { text: { vi: 'Chạy bằng pin', en: 'On battery' }, colour: 'warning' },
};
const runningStates: Readonly<Record<string, State>> = {
  0: { text: { vi: 'Không chạy', en: 'Down' }, colour: 'critical' },
  1: { text: { vi: 'Đang chạy', en: 'Running' }, colour: 'ok' },
};

/** Ids 70 to 79: what wears out, gets hot or loses its power, and the services that are watched. */
export function hardwarePanels(context: Context): Chart[] {
  return [
    table(context, {
      id: 70,
      title: { vi: 'Sức khỏe ổ đĩa', en: 'Disk health' },
      description: {
        vi: 'Ổ đĩa tự báo (SMART), đọc mỗi giờ, sắp hỏng đứng đầu. Ô trống là không biết, không phải là tốt: xem cột cuối.',
        en: 'What disks say themselves (SMART), each hour, failing ones first. Empty is unknown, not well: see the last column.',
      },
      width: 16,
      fresh: true,
      noRows: notReported,
      sortBy: 'failing',
      selection: select('disk_health', {
        read: {
          failing: 'last',
          pending_sectors: 'last',
          reallocated_sectors: 'last',
          used_percent: 'last',
          temperature_celsius: 'last',
          power_on_hours: 'last',
          model: 'last',
          problem: 'last',
        },
        by: ['device'],
        chosen,
      }),
      states: { failing: failingStates },
    }),
    table(context, {
      id: 71,
      title: { vi: 'Gần giới hạn nhiệt nhất', en: 'Nearest to their limit' },
      description: {
        vi: 'Cảm biến gần giới hạn nguy hiểm nhất đứng đầu. Cả phòng cùng nóng: xem điều hòa.',
        en: 'The sensor nearest to its critical limit first. A whole room that is hot: look at the air conditioning.',
      },
      width: 8,
      fresh: true,
      noRows: notReported,
      sortBy: 'headroom_celsius',
      ascending: true,
      selection: select('temperature', {
        read: { headroom_celsius: 'last', current_celsius: 'last' },
        by: ['sensor'],
        chosen,
      }),
      limits: { headroom_celsius: limitsOf('temperature-high') },
    }),
    timeSeries(context, {
      id: 72,
      title: { vi: 'Nhiệt độ', en: 'Temperature' },
      description: {
        vi: 'Từng cảm biến. Tăng dần qua nhiều ngày: bụi hoặc quạt yếu; tăng đột ngột: quạt hoặc điều hòa hỏng.',
        en: 'Each sensor. Rising over days: dust or a weak fan; at once: a dead fan or air conditioning.',
      },
      width: 12,
      noRows: notReported,
      selections: [select('temperature', { read: { current_celsius: 'max' }, by: ['sensor'], chosen })],
    }),
    timeSeries(context, {
      id: 73,
      title: { vi: 'Mức pin', en: 'Charge' },
      description: {
        vi: 'Mức pin của bộ lưu điện và của chính máy. Tụt nhanh khi mất điện: ắc quy đã chai.',
        en: 'Of the UPS and of the machine itself. Falling fast without the mains: the battery is worn.',
      },
      width: 12,
      max: 100,
      noRows: notReported,
      selections: [select('ups', { read: { charge_percent: 'min' }, by: ['ups'], chosen })],
    }),
    stateTimeline(context, {
      id: 74,
      title: { vi: 'Nguồn điện', en: 'Power' },
      description: {
        vi: 'Bộ lưu điện hoặc pin đang dùng điện lưới hay chạy bằng pin. Chỗ trống là lúc không có số đo.',
        en: 'Whether UPS and battery have the mains. A gap is a time without readings.',
      },
      width: 12,
      noRows: notReported,
      selection: select('ups', { read: { on_battery: 'max' }, by: ['ups'], chosen }),
      states: powerStates,
    }),
    stateTimeline(context, {
      id: 75,
      title: { vi: 'Dịch vụ được theo dõi', en: 'Services that are watched' },
      description: {
        vi: 'Các dịch vụ ghi trong `services` của agent.yaml có đang chạy không. Chỗ trống là lúc không có số đo.',
        en: 'Whether the services named in `services` of agent.yaml run. A gap is a time without readings.',
      },
      width: 12,
      noRows: notReported,
      selection: select('os_service', { read: { running: 'min' }, by: ['service'], chosen }),
      states: runningStates,
    }),
  ];
}
