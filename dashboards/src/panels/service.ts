import type { Chart, Context } from '../charts/chart.ts';
import { stateTimeline } from '../charts/state-timeline.ts';
import { timeSeries } from '../charts/time-series.ts';
import { select } from '../queries.ts';
import type { State } from '../theme.ts';

const by = ['service'] as const;

/** The values of `service.state`. */
export const serviceStates: Readonly<Record<string, State>> = {
  '-1': { text: { vi: 'Chưa rõ', en: 'Unknown' }, colour: 'noData' },
  0: { text: { vi: 'Ngừng', en: 'Down' }, colour: 'critical' },
  1: { text: { vi: 'Ngừng một phần', en: 'Partly down' }, colour: 'warning' },
  2: { text: { vi: 'Hoạt động', en: 'Up' }, colour: 'ok' },
};

/** Ids 10 to 19: services of the whole province, whichever unit is chosen. */
export function servicePanels(context: Context): Chart[] {
  return [
    stateTimeline(context, {
      id: 10,
      title: { vi: 'Trạng thái dịch vụ', en: 'State of services' },
      description: {
        vi: 'Ngừng: phần lớn điểm đo không dùng được dù đường truyền của họ vẫn thông. Một phần: chỉ vài nơi không dùng được.',
        en: 'Down: most vantage points cannot use it while their own lines work. Partly: only some places cannot.',
      },
      width: 24,
      selection: select('service', { read: { state: 'last' }, by }),
      states: serviceStates,
    }),
    timeSeries(context, {
      id: 11,
      title: { vi: 'Thời gian trả lời', en: 'Answer time' },
      description: {
        vi: 'Trung vị của các điểm đo dùng được dịch vụ.',
        en: 'The median of the vantage points that reach the service.',
      },
      width: 12,
      selections: [select('service', { read: { rtt_ms: 'mean' }, by })],
    }),
    timeSeries(context, {
      id: 12,
      title: { vi: 'Điểm đo không dùng được', en: 'Failing vantage points' },
      description: {
        vi: 'Số điểm đo không dùng được, bên cạnh số điểm đang có kết quả.',
        en: 'Vantage points that cannot use it, beside all that have a current result.',
      },
      width: 12,
      selections: [select('service', { read: { failing_points: 'max', vantage_points: 'max' }, by })],
    }),
  ];
}
