import type { Chart, Context } from '../charts/chart.ts';
import { lastSeen, stat } from '../charts/stat.ts';
import { select } from '../queries.ts';
import { limits } from '../theme.ts';
import { spoolStates } from './agent.ts';

const chosen = ['agent'] as const;

/** Ids 1 to 9: whether the machine is heard and well, at a glance. */
export function overviewPanels(context: Context): Chart[] {
  return [
    lastSeen(context, {
      id: 1,
      title: { vi: 'Số liệu mới nhất', en: 'Latest reading' },
      description: {
        vi: 'Máy gửi số đo 10 giây một lần. Lâu hơn 1 phút: máy tắt, mất mạng hoặc tác tử đã dừng.',
        en: 'The machine sends readings every 10 seconds. Over a minute: it is off, cut off, or its agent has stopped.',
      },
      width: 4,
      selection: select('system', { read: { uptime_seconds: 'last' }, chosen }),
    }),
    stat(context, {
      id: 2,
      title: { vi: 'CPU', en: 'Processor' },
      description: {
        vi: 'Mức sử dụng CPU trung bình trong 5 phút qua. Cao kéo dài: xem bảng CPU bên dưới.',
        en: 'Mean use of the processors in the last 5 minutes. High for long: see the processor panel below.',
      },
      width: 4,
      selection: select('cpu', { read: { usage_percent: 'mean' }, chosen }),
      limits: limits.cpuPercent,
    }),
    stat(context, {
      id: 3,
      title: { vi: 'Bộ nhớ', en: 'Memory' },
      description: {
        vi: 'Tỷ lệ RAM đã dùng ở lần đo gần nhất. Gần đầy: máy chậm, có thể phải đẩy dữ liệu ra đĩa.',
        en: 'Memory in use at the last reading. Almost full: the machine slows down and may start to swap.',
      },
      width: 4,
      selection: select('memory', { read: { used_percent: 'last' }, chosen }),
      limits: limits.memoryPercent,
    }),
    stat(context, {
      id: 4,
      title: { vi: 'Ổ đầy nhất', en: 'Fullest file system' },
      description: {
        vi: 'Tỷ lệ đã dùng của hệ thống tệp đầy nhất trong 5 phút qua. Bảng bên dưới cho biết là ổ nào.',
        en: 'Use of the fullest file system in the last 5 minutes. The table below says which one it is.',
      },
      width: 4,
      selection: select('filesystem', { read: { used_percent: 'max' }, chosen }),
      limits: limits.filesystemPercent,
    }),
    stat(context, {
      id: 5,
      title: { vi: 'Thời gian chạy', en: 'Uptime' },
      description: {
        vi: 'Thời gian từ lúc máy khởi động. Ngắn bất thường: máy vừa bị tắt hoặc mất điện.',
        en: 'Time since the machine started. Unexpectedly short: it was restarted or lost power.',
      },
      width: 4,
      selection: select('system', { read: { uptime_seconds: 'last' }, chosen }),
    }),
    stat(context, {
      id: 6,
      title: { vi: 'Hàng đợi của tác tử', en: "Agent's spool" },
      description: {
        vi: 'Nơi tác tử giữ số đo khi chưa gửi được. Khác bình thường: có nguy cơ mất số đo, kiểm tra đường truyền và ổ đĩa.',
        en: 'Where the agent keeps readings it could not send yet. Not normal: readings may be lost, check link and disk.',
      },
      width: 4,
      selection: select('agent', { read: { spool_state: 'last' }, chosen }),
      states: spoolStates,
    }),
  ];
}
