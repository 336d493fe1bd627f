/** Lines of units, shared services and what they need. */
import { rule } from './rule.ts';

const carrier = {
  vi: 'Nhà mạng ghi trong hồ sơ đường truyền, kèm giờ bắt đầu và bằng chứng hai đầu.',
  en: 'The carrier in the record of the link, with the time it began and the evidence of both ends.',
};
const serviceOwner = { vi: 'Đơn vị vận hành dịch vụ.', en: 'Whoever runs the service.' };

export const linkRules = [
  rule({
    id: 'link-down',
    title: { vi: 'Đứt đường truyền', en: 'A link is down' },
    texts: {
      what: {
        vi: 'Đường truyền của đơn vị không thông, nhìn từ hai đầu.',
        en: "The unit's line is down, seen from both ends.",
      },
      impact: {
        vi: 'Đơn vị chỉ còn đường dự phòng, hoặc bị cắt hẳn.',
        en: 'The unit lives on its other line, or is cut off.',
      },
      firstAction: {
        vi: 'Đọc nguyên nhân: phía nhà mạng, phía đơn vị hay mất điện.',
        en: "Read the cause: the carrier's side, the unit's, or power.",
      },
      whomToCall: carrier,
    },
    query: { measurement: 'unit_link', field: 'alert', by: ['link', 'carrier'], reduce: 'last', windowSeconds: 900 },
    condition: { kind: 'is', value: 1 },
    pendingSeconds: 120,
    keepFiringSeconds: 120,
    severity: 'critical',
    scope: 'link',
    tells: 'link-down',
  }),
  rule({
    id: 'internet-down',
    title: { vi: 'Đơn vị mất Internet', en: 'A unit has lost the Internet' },
    texts: {
      what: {
        vi: 'Đường Internet của đơn vị đứt trong khi đường khác của đơn vị vẫn thông.',
        en: "The unit's Internet line is down while another line of it works.",
      },
      impact: {
        vi: 'Người dân và cán bộ không vào được Internet; dịch vụ trên mạng TSLCD vẫn chạy.',
        en: 'Nobody there reaches the Internet; services on the government network still work.',
      },
      firstAction: {
        vi: 'Nhờ đơn vị khởi động lại modem Internet, không thông thì báo hỏng nhà mạng.',
        en: 'Ask the unit to restart its Internet modem; if that does not help, report it to the carrier.',
      },
      whomToCall: carrier,
    },
    query: { measurement: 'unit_link', field: 'alert', by: ['link', 'carrier'], reduce: 'last', windowSeconds: 900 },
    condition: { kind: 'is', value: 3 },
    pendingSeconds: 120,
    keepFiringSeconds: 120,
    severity: 'warning',
    scope: 'link',
    tells: 'link-down',
  }),
  rule({
    id: 'link-degraded',
    title: { vi: 'Đường truyền kém', en: 'A link is poor' },
    texts: {
      what: { vi: 'Đường truyền chậm hoặc mất gói kéo dài.', en: 'The line is slow or loses packets, and it lasts.' },
      impact: { vi: 'Họp trực tuyến và dịch vụ công chập chờn.', en: 'Meetings and public services stutter.' },
      firstAction: {
        vi: 'Xem đơn vị có đang tải nhiều không, rồi mới báo nhà mạng.',
        en: 'See whether the unit itself fills the line before you tell the carrier.',
      },
      whomToCall: carrier,
    },
    query: { measurement: 'unit_link', field: 'alert', by: ['link', 'carrier'], reduce: 'last', windowSeconds: 900 },
    condition: { kind: 'is', value: 2 },
    pendingSeconds: 300,
    keepFiringSeconds: 300,
    severity: 'warning',
    scope: 'link',
    tells: 'link-degraded',
  }),
  rule({
    id: 'link-lossy',
    title: { vi: 'Đường truyền mất gói', en: 'A link loses packets' },
    texts: {
      what: { vi: 'Mất gói trung bình trên 5 % trong 10 phút.', en: 'More than 5 % of packets lost over 10 minutes.' },
      impact: { vi: 'Thoại và họp trực tuyến ngắt quãng.', en: 'Calls and meetings break up.' },
      firstAction: {
        vi: 'So với đường khác của đơn vị và xem mất từ chặng nào.',
        en: "Compare with the unit's other line, and see at which hop it begins.",
      },
      whomToCall: carrier,
    },
    query: {
      measurement: 'unit_link',
      field: 'loss_percent',
      by: ['link', 'carrier'],
      reduce: 'mean',
      windowSeconds: 600,
    },
    condition: { kind: 'above', threshold: 5, recovers: 2 },
    pendingSeconds: 300,
    keepFiringSeconds: 300,
    severity: 'warning',
    scope: 'link',
    tells: 'link-degraded',
  }),
  rule({
    id: 'link-slow',
    title: { vi: 'Đường truyền chậm', en: 'A link is slow' },
    texts: {
      what: {
        vi: 'Thời gian khứ hồi trung bình trên 300 ms trong 10 phút.',
        en: 'A mean round trip of more than 300 ms over 10 minutes.',
      },
      impact: { vi: 'Trang dịch vụ mở chậm, phiên hay hết giờ.', en: 'Pages open slowly and sessions time out.' },
      firstAction: {
        vi: 'Xem ai trong đơn vị đang tải hoặc sao lưu qua đường này.',
        en: 'See who at the unit loads or backs up over the line.',
      },
      whomToCall: carrier,
    },
    query: { measurement: 'unit_link', field: 'rtt_ms', by: ['link', 'carrier'], reduce: 'mean', windowSeconds: 600 },
    condition: { kind: 'above', threshold: 300, recovers: 200 },
    pendingSeconds: 300,
    keepFiringSeconds: 300,
    severity: 'info',
    scope: 'link',
    tells: 'link-degraded',
  }),
  rule({
    id: 'service-down',
    title: { vi: 'Dịch vụ dùng chung ngừng', en: 'A shared service is down' },
    texts: {
      what: {
        vi: 'Phần lớn điểm đo trong tỉnh không dùng được dịch vụ dù đường truyền của họ thông.',
        en: 'Most vantage points cannot use the service although their lines work.',
      },
      impact: { vi: 'Cả tỉnh không dùng được dịch vụ.', en: 'Nobody in the province can use it.' },
      firstAction: {
        vi: 'Xem lỗi thường gặp nhất, rồi kiểm tra máy chủ của dịch vụ.',
        en: 'Read the most frequent error, then look at its servers.',
      },
      whomToCall: serviceOwner,
    },
    query: { measurement: 'service', field: 'state', by: ['service'], reduce: 'last', windowSeconds: 900 },
    condition: { kind: 'is', value: 0 },
    pendingSeconds: 120,
    keepFiringSeconds: 120,
    severity: 'critical',
    scope: 'service',
    tells: 'service-down',
  }),
  rule({
    id: 'service-partial',
    title: { vi: 'Dịch vụ dùng chung chập chờn', en: 'A shared service works in part' },
    texts: {
      what: {
        vi: 'Một số điểm đo không dùng được dịch vụ, nơi khác vẫn dùng được.',
        en: 'Some vantage points cannot use the service, others can.',
      },
      impact: { vi: 'Một phần đơn vị không làm việc được.', en: 'Some units cannot work.' },
      firstAction: {
        vi: 'Xem những đơn vị không tới được có chung đường, DNS hay tường lửa không.',
        en: 'See whether those cut off share a line, a DNS server or a firewall.',
      },
      whomToCall: serviceOwner,
    },
    query: { measurement: 'service', field: 'state', by: ['service'], reduce: 'last', windowSeconds: 900 },
    condition: { kind: 'is', value: 1 },
    pendingSeconds: 300,
    keepFiringSeconds: 300,
    severity: 'warning',
    scope: 'service',
    tells: 'service-unreachable',
  }),
  rule({
    id: 'dns-failing',
    title: { vi: 'Phân giải tên hỏng', en: 'Names are not resolved' },
    texts: {
      what: {
        vi: 'Máy chủ DNS mà máy đang dùng không trả lời trong 5 phút.',
        en: "The machine's DNS server has not answered for 5 minutes.",
      },
      impact: {
        vi: 'Người dùng thấy "mất mạng" dù đường truyền vẫn thông.',
        en: 'People see "no network" although the line works.',
      },
      firstAction: {
        vi: 'Hỏi thử máy chủ DNS khác; kiểm tra dịch vụ DNS của đơn vị.',
        en: 'Ask another DNS server; check the one of the unit.',
      },
      whomToCall: { vi: 'Quản trị mạng của đơn vị.', en: "Whoever runs the unit's network." },
    },
    query: {
      measurement: 'connectivity',
      field: 'up',
      where: { kind: 'dns' },
      by: ['target'],
      reduce: 'max',
      windowSeconds: 300,
    },
    condition: { kind: 'is', value: 0 },
    pendingSeconds: 180,
    keepFiringSeconds: 120,
    severity: 'warning',
    scope: 'machine',
  }),
  rule({
    id: 'certificate-expiring',
    title: { vi: 'Chứng thư sắp hết hạn', en: 'A certificate expires' },
    texts: {
      what: {
        vi: 'Chứng thư TLS của một đích đang kiểm tra còn dưới 14 ngày.',
        en: 'The TLS certificate of a target ends in less than 14 days.',
      },
      impact: {
        vi: 'Quá hạn thì trình duyệt và phần mềm từ chối kết nối.',
        en: 'Past its end, browsers and programs refuse to connect.',
      },
      firstAction: { vi: 'Gia hạn và cài chứng thư mới, cả chuỗi.', en: 'Renew it and install it with its chain.' },
      whomToCall: serviceOwner,
    },
    query: {
      measurement: 'age',
      field: 'left_days',
      where: { kind: 'certificate' },
      by: ['item'],
      reduce: 'last',
      windowSeconds: 1_800,
    },
    condition: { kind: 'below', threshold: 14, recovers: 15 },
    pendingSeconds: 300,
    keepFiringSeconds: 0,
    severity: 'warning',
    scope: 'service',
  }),
] as const;
