/** Units and machines that are not heard, and agents that cannot do their work. */
import { rule } from './rule.ts';

const unitContact = {
  vi: 'Đầu mối CNTT của đơn vị (trang đơn vị).',
  en: "The unit's IT contact (page of the unit).",
};

export const reachabilityRules = [
  rule({
    id: 'unit-unreachable',
    title: { vi: 'Mất liên lạc với đơn vị', en: 'A unit cannot be reached' },
    texts: {
      what: {
        vi: 'Mọi máy của đơn vị cùng mất tín hiệu vì một nguyên nhân chung: điện, mạng LAN hoặc đường truyền.',
        en: 'All machines of the unit fell silent together for one cause: power, its LAN or its line.',
      },
      impact: {
        vi: 'Đơn vị không dùng được dịch vụ dùng chung; không ai thấy được tình trạng máy ở đó.',
        en: 'The unit has no shared services, and nobody sees how its machines are.',
      },
      firstAction: {
        vi: 'Đọc kết luận và bằng chứng của sự cố, rồi gọi đơn vị hỏi điện và đèn của bộ định tuyến.',
        en: 'Read the verdict and its evidence, then ask the unit about power and the lights of its router.',
      },
      whomToCall: {
        vi: 'Mất điện: đầu mối của đơn vị. Đứt đường: nhà mạng ghi trong hồ sơ đường truyền.',
        en: "Power: the unit's contact. Line: the carrier in the record of the link.",
      },
    },
    query: { measurement: 'unit_state', field: 'alertable', reduce: 'last', windowSeconds: 300 },
    condition: { kind: 'is', value: 1 },
    pendingSeconds: 120,
    keepFiringSeconds: 0,
    severity: 'critical',
    scope: 'unit',
    tells: 'unit-unreachable',
  }),
  rule({
    id: 'server-down',
    title: { vi: 'Máy chủ mất tín hiệu', en: 'A server is down' },
    texts: {
      what: {
        vi: 'Máy chủ không còn gửi tín hiệu, ngoài kế hoạch, trong khi đơn vị của nó vẫn liên lạc được.',
        en: 'The server is silent, unplanned, while its unit can still be reached.',
      },
      impact: { vi: 'Dịch vụ chạy trên máy đó có thể đã ngừng.', en: 'What runs on it has probably stopped.' },
      firstAction: {
        vi: 'Ping máy từ một máy cùng phòng; xem nguồn, màn hình quản trị hoặc máy chủ ảo hóa.',
        en: 'Ping it from a neighbour; look at its power, its console or its hypervisor.',
      },
      whomToCall: { vi: 'Quản trị viên phòng máy chủ.', en: 'Whoever runs the server room.' },
    },
    query: { measurement: 'agent_state', field: 'alert', reduce: 'last', windowSeconds: 300 },
    condition: { kind: 'is', value: 1 },
    pendingSeconds: 120,
    keepFiringSeconds: 0,
    severity: 'critical',
    scope: 'machine',
    classes: ['server'],
    tells: 'machine-offline',
  }),
  rule({
    id: 'gateway-down',
    title: { vi: 'Cổng LAN mất tín hiệu', en: 'A LAN gateway is down' },
    texts: {
      what: {
        vi: 'Máy làm cổng LAN không còn gửi tín hiệu, ngoài kế hoạch.',
        en: "The unit's LAN gateway is silent, unplanned.",
      },
      impact: {
        vi: 'Không còn ai ở đơn vị quan sát mạng LAN và đường truyền; kết luận về đơn vị kém chắc chắn.',
        en: 'Nobody at the unit watches its LAN and lines; verdicts on it are less sure.',
      },
      firstAction: {
        vi: 'Nhờ đơn vị bật lại máy và xem dây mạng.',
        en: 'Ask the unit to turn it on and check its cable.',
      },
      whomToCall: unitContact,
    },
    query: { measurement: 'agent_state', field: 'alert', reduce: 'last', windowSeconds: 300 },
    condition: { kind: 'is', value: 1 },
    pendingSeconds: 120,
    keepFiringSeconds: 0,
    severity: 'warning',
    scope: 'machine',
    classes: ['gateway'],
    tells: 'machine-offline',
  }),
  rule({
    id: 'agent-stopped',
    title: { vi: 'Tác tử đã dừng', en: 'An agent has stopped' },
    texts: {
      what: {
        vi: 'Máy vẫn chạy nhưng tác tử trên máy đã dừng hoặc bị dừng.',
        en: 'The machine runs, but its agent has stopped or was stopped.',
      },
      impact: {
        vi: 'Máy không được giám sát; kẻ xâm nhập cũng thường làm việc này trước.',
        en: 'Nobody watches the machine; intruders do this first, too.',
      },
      firstAction: {
        vi: 'Hỏi quản trị máy có chủ động dừng không; nếu không, xem nhật ký dịch vụ rồi khởi động lại.',
        en: 'Ask whether it was stopped on purpose; if not, read the log of the service and start it.',
      },
      whomToCall: {
        vi: 'Quản trị máy; không ai nhận thì báo cán bộ an toàn thông tin.',
        en: 'Whoever runs the machine; the security officer when nobody did it.',
      },
    },
    query: { measurement: 'agent_state', field: 'alert', reduce: 'last', windowSeconds: 300 },
    condition: { kind: 'is', value: 2 },
    pendingSeconds: 120,
    keepFiringSeconds: 0,
    severity: 'warning',
    scope: 'machine',
    tells: 'agent-stopped',
  }),
  rule({
    id: 'clock-wrong',
    title: { vi: 'Đồng hồ máy sai', en: 'The clock is wrong' },
    texts: {
      what: {
        vi: 'Đồng hồ của máy lệch trung tâm quá 60 giây.',
        en: "The machine's clock is more than 60 seconds off the collector's.",
      },
      impact: {
        vi: 'Đăng nhập miền, chứng thư và nhật ký của máy có thể sai; thời gian sự kiện không dùng làm bằng chứng được.',
        en: 'Domain sign-in, certificates and logs may fail; times of its events are no evidence.',
      },
      firstAction: {
        vi: 'Bật đồng bộ giờ và xem máy chủ giờ.',
        en: 'Turn time synchronisation on and check its source.',
      },
      whomToCall: { vi: 'Quản trị máy.', en: 'Whoever runs the machine.' },
    },
    query: { measurement: 'agent', field: 'clock_offset_seconds', reduce: 'last', windowSeconds: 600 },
    condition: { kind: 'outside', low: -60, high: 60 },
    pendingSeconds: 180,
    keepFiringSeconds: 120,
    severity: 'warning',
    scope: 'machine',
    tells: 'clock-wrong',
  }),
  rule({
    id: 'spool-overflow',
    title: { vi: 'Hàng đợi của tác tử đầy', en: 'The spool of an agent overflows' },
    texts: {
      what: {
        vi: 'Hàng đợi trên đĩa của tác tử đã đầy hoặc không ghi được.',
        en: "The agent's spool is full or cannot be written.",
      },
      impact: {
        vi: 'Số đo cũ đang bị tỉa bớt rồi bỏ; khoảng mất được đếm và ghi lại.',
        en: 'Old readings are thinned and then dropped; what is lost is counted.',
      },
      firstAction: {
        vi: 'Xem vì sao số đo không gửi đi được (đường truyền, trung tâm) và ổ đĩa của máy còn trống không.',
        en: 'See why readings cannot be sent (line, collector), and whether the disk has room.',
      },
      whomToCall: unitContact,
    },
    query: { measurement: 'agent', field: 'spool_state', reduce: 'last', windowSeconds: 600 },
    condition: { kind: 'above', threshold: 1.5, recovers: 0.5 },
    pendingSeconds: 180,
    keepFiringSeconds: 300,
    severity: 'warning',
    scope: 'machine',
  }),
  rule({
    id: 'budget-spent',
    title: { vi: 'Hết dung lượng truyền trong ngày', en: 'The bytes of the day are spent' },
    texts: {
      what: {
        vi: 'Tác tử đã dùng hết dung lượng truyền của ngày, chỉ còn gửi sự kiện.',
        en: "The agent has spent the day's bytes and sends events only.",
      },
      impact: { vi: 'Số đo của máy đến muộn, tới ngày hôm sau.', en: 'Its readings come late: the next day.' },
      firstAction: {
        vi: 'Xem máy gửi gì nhiều (trang máy), hoặc tăng dung lượng nếu đường truyền cho phép.',
        en: 'See what it sends most (page of the machine), or raise the budget if the line allows it.',
      },
      whomToCall: { vi: 'Người vận hành trung tâm.', en: 'Whoever operates the collector.' },
    },
    query: { measurement: 'agent', field: 'budget_state', reduce: 'last', windowSeconds: 600 },
    condition: { kind: 'above', threshold: 2.5, recovers: 2.5 },
    pendingSeconds: 300,
    keepFiringSeconds: 300,
    severity: 'info',
    scope: 'machine',
  }),
] as const;
