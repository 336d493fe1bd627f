import type { Chart, Context } from '../charts/chart.ts';
import { lastSeen, stat } from '../charts/stat.ts';
import { stateTimeline } from '../charts/state-timeline.ts';
import { timeSeries } from '../charts/time-series.ts';
import { select } from '../queries.ts';
import { limitsOf } from '../theme.ts';
import { readyStates } from './states.ts';

/** Ids 1 to 19: whether the collector can be believed, and whether it keeps up. */
export function collectorPanels(context: Context): Chart[] {
  return [...tiles(context), ...lines(context)];
}

function tiles(context: Context): Chart[] {
  return [
    stat(context, {
      id: 1,
      title: { vi: 'Trung tâm', en: 'Collector' },
      description: {
        vi: 'Trung tâm tự báo có làm được việc không. Không làm được: xem thẻ Trung tâm trong giao diện để biết vì sao.',
        en: 'Whether it says that it can work. If not, its page in the console says why.',
      },
      width: 4,
      selection: select('collector_watchdog', { read: { ready: 'last' } }),
      states: readyStates,
    }),
    lastSeen(context, {
      id: 2,
      title: { vi: 'Tuổi dữ liệu', en: 'Data age' },
      description: {
        vi: 'Trung tâm ghi dấu 15 giây một lần. Lâu hơn 1 phút: trung tâm hoặc kho đã dừng, mọi bảng khác đều cũ.',
        en: 'It signs every 15 seconds. Over a minute: collector or store has stopped, all other dashboards are old.',
      },
      width: 4,
      selection: select('collector_watchdog', { read: { ready: 'last' } }),
    }),
    stat(context, {
      id: 3,
      title: { vi: 'Máy đang kết nối', en: 'Agents connected' },
      description: {
        vi: 'Số tác tử có phiên với trung tâm. Giảm đột ngột: mạng của trung tâm dữ liệu hoặc chính trung tâm.',
        en: 'Agents with a session. A sudden fall: the network of the data centre, or the collector itself.',
      },
      width: 4,
      selection: select('collector', { read: { sessions: 'last' } }),
    }),
    stat(context, {
      id: 4,
      title: { vi: 'Điểm đo chờ ghi', en: 'Points waiting' },
      description: {
        vi: 'Số điểm đo đã nhận nhưng kho chưa ghi. Nhiều: kho chậm; tác tử giữ lại nên không mất.',
        en: 'Points received that the store has not written. Many: the store is slow; agents keep theirs, none is lost.',
      },
      width: 4,
      selection: select('collector', { read: { queue_points: 'last' } }),
      limits: limitsOf('ingest-refusing'),
    }),
    stat(context, {
      id: 5,
      title: { vi: 'Thời gian ghi kho', en: 'Time of a write' },
      description: {
        vi: 'Phân vị 99 của thời gian ghi một lần. Lâu: xem tải ổ đĩa của máy chủ kho.',
        en: "The 99th percentile of a write. Long: see how busy the store's disk is.",
      },
      width: 4,
      selection: select('collector', { read: { store_write_p99_ms: 'mean' } }),
      limits: limitsOf('store-slow'),
    }),
    stat(context, {
      id: 6,
      title: { vi: 'Đĩa dữ liệu còn trống', en: 'Free on the data disk' },
      description: {
        vi: 'Tỷ lệ còn trống nơi lưu dữ liệu. Hết chỗ thì trung tâm ngừng nhận: thêm dung lượng hoặc dọn bản sao lưu cũ.',
        en: 'Free share of the disk of the data folder. Full, nothing is taken: add space or remove old backups.',
      },
      width: 4,
      selection: select('collector', { read: { disk_free_percent: 'last' } }),
      limits: limitsOf('collector-disk-low'),
    }),
  ];
}

function lines(context: Context): Chart[] {
  return [
    stateTimeline(context, {
      id: 10,
      title: { vi: 'Nhịp sống', en: 'Sign of life' },
      description: {
        vi: 'Chỗ trống là lúc trung tâm không ghi được gì: dừng, khởi động lại hoặc kho hỏng.',
        en: 'A gap is a time in which nothing was written: stopped, restarted, or the store was down.',
      },
      width: 24,
      selection: select('collector_watchdog', { read: { ready: 'min' }, by: ['host'] }),
      states: readyStates,
    }),
    timeSeries(context, {
      id: 11,
      title: { vi: 'Độ trễ từ nhận đến ghi', en: 'From receipt to commit' },
      description: {
        vi: 'Số đo chờ lâu nhất và thời gian ghi kho. Cùng tăng: kho chậm; chỉ chờ tăng: quá nhiều số liệu một lúc.',
        en: 'The longest wait and the time of a write. Both rise: a slow store; only the wait: too much at once.',
      },
      width: 12,
      limits: limitsOf('store-slow'),
      selections: [select('collector', { read: { ingest_lag_ms: 'max', store_write_p99_ms: 'mean' } })],
    }),
    timeSeries(context, {
      id: 12,
      title: { vi: 'Vòng lặp chính', en: 'Event loop' },
      description: {
        vi: 'Độ trễ vòng lặp chính. Trên 100 ms kéo dài: bộ xử lý không kịp, xem CPU bên dưới.',
        en: 'Delay of the event loop. Above 100 ms for long: the processor cannot keep up, see below.',
      },
      width: 12,
      selections: [select('collector', { read: { event_loop_p99_ms: 'mean', event_loop_max_ms: 'max' } })],
    }),
    timeSeries(context, {
      id: 13,
      title: { vi: 'Máy kết nối và điểm đo chờ', en: 'Sessions and points waiting' },
      description: {
        vi: 'Số tác tử đang kết nối và số điểm đo chờ ghi. Chờ tăng khi số máy không đổi: kho chậm.',
        en: 'Agents connected and points that wait. More wait while agents stay the same: the store is slow.',
      },
      width: 12,
      selections: [select('collector', { read: { sessions: 'last', queue_points: 'max' } })],
    }),
    timeSeries(context, {
      id: 14,
      title: { vi: 'Đã từ chối', en: 'Refused' },
      description: {
        vi: 'Cộng dồn từ lúc khởi động; mỗi bậc tăng là có tác tử gửi sai hoặc kho quá tải. Về 0 khi khởi động lại.',
        en: 'Counted since the start; a step up: an agent sent what is wrong, or the store was full. A restart begins at 0.',
      },
      width: 12,
      selections: [
        select('collector', { read: { refused_points: 'max', refused_frames: 'max', put_off_batches: 'max' } }),
      ],
    }),
    timeSeries(context, {
      id: 15,
      title: { vi: 'CPU trung tâm dùng', en: 'Processor used' },
      description: {
        vi: 'Tính theo một lõi. Gần 100 % kéo dài: trung tâm sắp không kịp, cần máy nhanh hơn.',
        en: 'Of one core. Near 100 % for long: it soon cannot keep up and needs a faster machine.',
      },
      width: 12,
      selections: [select('collector', { read: { cpu_percent: 'mean' } })],
    }),
    timeSeries(context, {
      id: 16,
      title: { vi: 'Bộ nhớ trung tâm dùng', en: 'Memory used' },
      description: {
        vi: 'Bộ nhớ thường trú. Tăng mãi không giảm là lỗi cần báo lại.',
        en: 'Resident memory. Growth without end is a defect to report.',
      },
      width: 12,
      selections: [select('collector', { read: { resident_bytes: 'max' } })],
    }),
  ];
}
