import type { Chart, Context } from '../charts/chart.ts';
import { table } from '../charts/table.ts';
import { timeSeries } from '../charts/time-series.ts';
import { select } from '../queries.ts';
import type { State } from '../theme.ts';

const chosen = ['agent'] as const;

/** The values of `agent.spool_state`. */
export const spoolStates: Readonly<Record<string, State>> = {
  0: { text: { vi: 'Bình thường', en: 'Normal' }, colour: 'ok' },
  1: { text: { vi: 'Sắp đầy', en: 'Almost full' }, colour: 'warning' },
  2: { text: { vi: 'Đầy', en: 'Full' }, colour: 'critical' },
  3: { text: { vi: 'Không ghi được', en: 'Cannot be written' }, colour: 'critical' },
};

/** Ids 60 to 69: what the agent costs and whether it can be believed. */
export function agentPanels(context: Context): Chart[] {
  return [
    timeSeries(context, {
      id: 60,
      title: { vi: 'CPU tác tử dùng', en: 'Processor used by the agent' },
      description: {
        vi: 'Tính theo một lõi; bình thường dưới 1 %.',
        en: 'Of one core; normally below 1 %.',
      },
      width: 6,
      selections: [select('agent', { read: { cpu_percent: 'mean' }, chosen })],
    }),
    timeSeries(context, {
      id: 61,
      title: { vi: 'Bộ nhớ tác tử dùng', en: 'Memory used by the agent' },
      description: {
        vi: 'Bộ nhớ thường trú của tác tử. Tăng mãi không giảm là lỗi cần báo lại.',
        en: 'Resident memory of the agent. Growth without end is a defect to report.',
      },
      width: 6,
      selections: [select('agent', { read: { resident_bytes: 'max' }, chosen })],
    }),
    timeSeries(context, {
      id: 62,
      title: { vi: 'Số đo chờ gửi', en: 'Readings waiting' },
      description: {
        vi: 'Dung lượng hàng đợi trên đĩa. Tăng lên là chưa gửi được; giảm dần sau khi nối lại là bình thường.',
        en: 'Bytes in the spool. It grows while nothing can be sent and shrinks after the link is back.',
      },
      width: 6,
      selections: [select('agent', { read: { spool_bytes: 'max' }, chosen })],
    }),
    timeSeries(context, {
      id: 63,
      title: { vi: 'Độ lệch đồng hồ', en: 'Clock offset' },
      description: {
        vi: 'Đồng hồ trung tâm trừ đồng hồ máy này. Lệch quá vài giây: bật đồng bộ giờ trên máy.',
        en: "The collector's clock minus this machine's. Off by more than seconds: turn time synchronisation on.",
      },
      width: 6,
      signed: true,
      selections: [select('agent', { read: { clock_offset_seconds: 'mean' }, chosen })],
    }),
    timeSeries(context, {
      id: 64,
      title: { vi: 'Số đo mất và phép đo hỏng', en: 'Losses and failures' },
      description: {
        vi: 'Cộng dồn từ lúc tác tử khởi động; mọi bậc tăng đều là số đo không có được.',
        en: 'Counted since the agent started; every step up is a reading that nobody has.',
      },
      width: 12,
      selections: [select('agent', { read: { spool_lost_points: 'max', probe_failures: 'max' }, chosen })],
    }),
    table(context, {
      id: 65,
      title: { vi: 'Các phép đo', en: 'Probes' },
      description: {
        vi: 'Số lần chạy, số lần hỏng và lần chạy lâu nhất trong khoảng thời gian đang xem; chậm nhất đứng đầu.',
        en: 'Runs, failed runs and the longest run in the range shown, the slowest first.',
      },
      width: 12,
      sortBy: 'max_duration_seconds',
      selection: select('probe', {
        read: { runs: 'sum', failures: 'sum', max_duration_seconds: 'max' },
        by: ['probe'],
        chosen,
      }),
    }),
  ];
}
