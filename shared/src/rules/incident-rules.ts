/**
 * What detectors of the collector conclude from more than one series: the rules follow the incidents that they open. A
 * detector has waited already, so these wait no longer.
 */
import { rule } from './rule.ts';

const securityOfficer = {
  vi: 'Cán bộ an toàn thông tin của tỉnh.',
  en: 'The security officer of the province.',
};
const operator = { vi: 'Người vận hành trung tâm.', en: 'Whoever operates the collector.' };

const told = { measurement: 'incident', field: 'alertable', reduce: 'last', windowSeconds: 300 } as const;
const atOnce = { condition: { kind: 'is', value: 1 }, pendingSeconds: 0, keepFiringSeconds: 0 } as const;

export const incidentRules = [
  rule({
    id: 'outbreak',
    title: { vi: 'Mã độc lây lan', en: 'Malware spreads' },
    texts: {
      what: {
        vi: 'Cùng một mã độc xuất hiện trên nhiều máy hoặc nhiều đơn vị trong thời gian ngắn.',
        en: 'The same malware was found on several machines or units within a short time.',
      },
      impact: {
        vi: 'Mã độc đang lây qua mạng hoặc qua tệp dùng chung; mỗi giờ thêm máy bị nhiễm.',
        en: 'It spreads over the network or by shared files; each hour more machines have it.',
      },
      firstAction: {
        vi: 'Cô lập các máy ghi trong sự cố, bắt đầu từ máy phát hiện đầu tiên.',
        en: 'Isolate the machines that the incident names, the first one first.',
      },
      whomToCall: securityOfficer,
    },
    query: { ...told, where: { kind: 'outbreak' }, by: ['subject'] },
    ...atOnce,
    severity: 'critical',
    scope: 'unit',
    tells: 'outbreak',
  }),
  rule({
    id: 'compromise-hint',
    title: { vi: 'Dấu hiệu máy bị xâm nhập', en: 'A machine may be compromised' },
    texts: {
      what: {
        vi: 'Diệt virus của máy dừng cùng lúc với dấu hiệu khác: tường lửa tắt, tác tử khởi động lại, mã độc.',
        en: 'The antivirus of the machine stopped together with other signs: firewall off, agent restarted, malware.',
      },
      impact: {
        vi: 'Có thể có người hoặc mã độc đang tắt bảo vệ trước khi ra tay.',
        en: 'Someone, or malware, may be taking protection down before the attack.',
      },
      firstAction: {
        vi: 'Hỏi ngay quản trị máy có tự làm không; không ai nhận thì cô lập máy.',
        en: 'Ask at once whether its administrator did that; if nobody did, isolate the machine.',
      },
      whomToCall: securityOfficer,
    },
    query: { ...told, where: { kind: 'compromise-hint' } },
    ...atOnce,
    severity: 'critical',
    scope: 'machine',
    tells: 'compromise-hint',
  }),
  rule({
    id: 'clone',
    title: { vi: 'Danh tính máy bị sao chép', en: 'The identity of a machine is cloned' },
    texts: {
      what: {
        vi: 'Hai máy cùng dùng khóa của một tác tử.',
        en: 'Two machines use the key of one agent.',
      },
      impact: {
        vi: 'Không biết số đo là của máy nào; nếu không phải do nhân bản máy ảo thì khóa đã bị lấy cắp.',
        en: 'Nobody knows whose readings they are; unless a virtual machine was copied, the key was stolen.',
      },
      firstAction: {
        vi: 'So địa chỉ và phần cứng của hai bên trong sự cố, hỏi ai vừa nhân bản hay khôi phục máy.',
        en: 'Compare address and hardware of both in the incident, and ask who has copied or restored the machine.',
      },
      whomToCall: securityOfficer,
    },
    query: { ...told, where: { kind: 'clone' } },
    ...atOnce,
    severity: 'critical',
    scope: 'machine',
    tells: 'clone',
  }),
  rule({
    id: 'collector-cut-off',
    title: { vi: 'Trung tâm bị cắt khỏi mạng', en: 'The collector is cut off' },
    texts: {
      what: {
        vi: 'Phần lớn đơn vị cùng lúc im lặng: chính đường của trung tâm đã đứt.',
        en: "Most units fell silent at once: it is the collector's own line.",
      },
      impact: {
        vi: 'Không biết tình trạng của ai cho tới khi đường thông lại; số đo nằm chờ ở các máy.',
        en: 'Nobody is seen until the line is back; readings wait on the machines.',
      },
      firstAction: {
        vi: 'Xem mạng và tường lửa của trung tâm dữ liệu trước, không gọi từng đơn vị.',
        en: 'Look at the network and firewall of the data centre first; call no unit.',
      },
      whomToCall: { vi: 'Quản trị mạng của trung tâm dữ liệu.', en: 'Whoever runs the network of the data centre.' },
    },
    query: { ...told, where: { kind: 'collector-cut-off' }, by: ['subject'] },
    ...atOnce,
    severity: 'critical',
    scope: 'collector',
    tells: 'collector-cut-off',
  }),
  rule({
    id: 'store-failing',
    title: { vi: 'Kho không nhận số đo', en: 'The store takes no readings' },
    texts: {
      what: {
        vi: 'Kho chuỗi thời gian từ chối ghi hoặc không trả lời trong hơn 30 giây.',
        en: 'The store has refused writes, or not answered, for more than 30 seconds.',
      },
      impact: {
        vi: 'Biểu đồ dừng lại; không mất gì vì tác tử giữ số đo cho tới khi kho nhận.',
        en: 'Charts stand still; nothing is lost, agents keep their readings until the store takes them.',
      },
      firstAction: {
        vi: 'Xem dịch vụ InfluxDB có chạy không và ổ đĩa của nó còn trống không.',
        en: 'See whether InfluxDB runs and whether its disk has room.',
      },
      whomToCall: operator,
    },
    query: { ...told, where: { kind: 'collector-trouble', subject: 'store' }, by: ['subject'] },
    ...atOnce,
    severity: 'critical',
    scope: 'collector',
    tells: 'collector-trouble',
  }),
  rule({
    id: 'backup-failed',
    title: { vi: 'Sao lưu hỏng hoặc quá hạn', en: 'The backup failed or is overdue' },
    texts: {
      what: {
        vi: 'Bản sao lưu theo lịch của trung tâm không làm được, hoặc đã quá hạn.',
        en: "The collector's scheduled backup could not be made, or is overdue.",
      },
      impact: {
        vi: 'Hỏng máy lúc này thì mất danh sách máy, khóa và sự cố từ bản sao lưu cũ đến nay.',
        en: 'If the machine broke now, agents, keys and incidents since the last backup would be lost.',
      },
      firstAction: {
        vi: 'Đọc lỗi trong sự cố, giải phóng chỗ ở thư mục sao lưu rồi sao lưu bằng tay.',
        en: 'Read the error in the incident, free room in its folder, then make one by hand.',
      },
      whomToCall: operator,
    },
    query: { ...told, where: { kind: 'backup-failed' }, by: ['subject'] },
    ...atOnce,
    severity: 'critical',
    scope: 'collector',
    tells: 'backup-failed',
  }),
] as const;
