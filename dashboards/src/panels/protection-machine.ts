import type { Chart, Context } from '../charts/chart.ts';
import { eventTable, table } from '../charts/table.ts';
import { select } from '../queries.ts';
import { limitsOf } from '../theme.ts';
import { firewallStates, malwareActions, nothingWrong, protectionStates, resolvedStates } from './states.ts';

const chosen = ['unit'] as const;
const machine = ['unit', 'host', 'agent', 'class'] as const;

/** Ids 20 to 29: the machines behind the numbers, and what was found on them. */
export function protectionMachinePanels(context: Context): Chart[] {
  return [
    table(context, {
      id: 20,
      title: { vi: 'Máy không được bảo vệ hoặc chưa rõ', en: 'Unprotected and unknown machines' },
      description: {
        vi: 'Từng máy và quy tắc không đạt; nhiều điểm nghiêm trọng đứng đầu. Bấm tên máy để xem máy còn bật không.',
        en: 'Each machine and the rules it does not meet, the most critical first. Click one to see whether it is on.',
      },
      width: 12,
      fresh: true,
      sortBy: 'critical_findings',
      noRows: nothingWrong,
      selection: select('antivirus_state', {
        read: { state: 'last', critical_findings: 'last', findings: 'last' },
        by: machine,
        ofLast: ['agent'],
        only: { state: { below: 1 } },
        chosen,
      }),
      titles: {
        state: { vi: 'Trạng thái', en: 'State' },
        critical_findings: { vi: 'Nghiêm trọng', en: 'Critical' },
        findings: { vi: 'Không đạt', en: 'Not met' },
      },
      states: { state: protectionStates },
    }),
    table(context, {
      id: 21,
      title: { vi: 'Mẫu diệt virus cũ nhất', en: 'Oldest signatures' },
      description: {
        vi: 'Máy có mẫu cũ hơn 2 ngày, cũ nhất đứng đầu. Nhiều máy một đơn vị cùng cũ: nguồn cập nhật bị chặn.',
        en: 'Machines with signatures older than 2 days, the oldest first. Many of one unit: updates are blocked there.',
      },
      width: 12,
      fresh: true,
      sortBy: 'signature_age_hours',
      noRows: nothingWrong,
      selection: select('antivirus_state', {
        read: { signature_age_hours: 'last', state: 'last' },
        by: machine,
        ofLast: ['agent'],
        only: { signature_age_hours: { above: 48 } },
        chosen,
      }),
      titles: {
        signature_age_hours: { vi: 'Tuổi mẫu (giờ)', en: 'Age (hours)' },
        state: { vi: 'Trạng thái', en: 'State' },
      },
      limits: { signature_age_hours: limitsOf('signatures-old') },
      states: { state: protectionStates },
    }),
    eventTable(context, {
      id: 22,
      title: { vi: 'Mã độc mới nhất', en: 'Latest malware' },
      description: {
        vi: 'Phát hiện trong khoảng thời gian đang xem, mới nhất đứng đầu. Cùng tên trên nhiều máy: đang lây, cách ly trước.',
        en: 'Detections in the range shown, the newest first. One name on several machines: it spreads, isolate them first.',
      },
      width: 16,
      noRows: nothingWrong,
      selection: select('malware', {
        read: { name: 'last', category: 'last', action: 'last', resolved: 'last', object: 'last' },
        by: ['unit', 'host', 'agent', 'product', 'severity'],
        chosen,
      }),
      titles: { category: { vi: 'Loại', en: 'Category' }, action: { vi: 'Xử lý', en: 'Action' } },
      states: { action: malwareActions, resolved: resolvedStates },
    }),
    table(context, {
      id: 23,
      title: { vi: 'Tường lửa tắt', en: 'Firewall off' },
      description: {
        vi: 'Máy có tường lửa không lọc, kèm số bản vá bảo mật còn chờ. Bật lại rồi tìm xem phần mềm nào đã tắt.',
        en: 'Machines whose firewall does not filter, with security updates that wait. Turn it on, find who turned it off.',
      },
      width: 8,
      fresh: true,
      sortBy: 'security_updates',
      noRows: nothingWrong,
      selection: select('posture', {
        read: { firewall: 'last', security_updates: 'last' },
        by: ['unit', 'host', 'agent'],
        ofLast: ['agent'],
        only: { firewall: { is: 0 } },
        chosen,
      }),
      titles: {
        firewall: { vi: 'Tường lửa', en: 'Firewall' },
        security_updates: { vi: 'Bản vá chờ', en: 'Security updates' },
      },
      states: { firewall: firewallStates },
    }),
  ];
}
