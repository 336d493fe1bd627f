/** What breaks on a machine itself: disks, cooling, power, services. */
import { rule } from './rule.ts';

const machineAdmin = { vi: 'Quản trị máy.', en: 'Whoever runs the machine.' };
const roomKeeper = { vi: 'Người quản lý phòng máy.', en: 'Whoever runs the server room.' };

const failingDisk = {
  query: { measurement: 'disk_health', field: 'failing', by: ['device'], reduce: 'last', windowSeconds: 7_800 },
  condition: { kind: 'is', value: 1 },
  pendingSeconds: 120,
  keepFiringSeconds: 0,
  scope: 'machine',
} as const;

export const hardwareRules = [
  rule({
    ...failingDisk,
    id: 'disk-failing',
    title: { vi: 'Ổ đĩa máy chủ sắp hỏng', en: 'A disk of a server fails' },
    texts: {
      what: {
        vi: 'Ổ đĩa của máy chủ tự báo sắp hỏng (SMART).',
        en: 'A disk of the server says itself that it fails (SMART).',
      },
      impact: {
        vi: 'Ổ đĩa có thể ngừng bất cứ lúc nào, mất dữ liệu trên đó.',
        en: 'It may stop at any time, with the data on it.',
      },
      firstAction: {
        vi: 'Sao lưu ngay và thử khôi phục một tệp; chuẩn bị ổ thay thế.',
        en: 'Back up now and try to restore a file; get another disk.',
      },
      whomToCall: machineAdmin,
    },
    severity: 'critical',
    classes: ['server'],
  }),
  rule({
    ...failingDisk,
    id: 'disk-failing-pc',
    title: { vi: 'Ổ đĩa máy trạm sắp hỏng', en: 'A disk of a PC fails' },
    texts: {
      what: {
        vi: 'Ổ đĩa của máy trạm hoặc cổng LAN tự báo sắp hỏng (SMART).',
        en: 'A disk of the PC or gateway says itself that it fails (SMART).',
      },
      impact: {
        vi: 'Người dùng có thể mất tài liệu chỉ lưu trên máy.',
        en: 'Its user may lose documents that are nowhere else.',
      },
      firstAction: {
        vi: 'Chép tài liệu sang nơi khác trong ngày, rồi thay ổ đĩa.',
        en: 'Copy the documents elsewhere today, then replace the disk.',
      },
      whomToCall: machineAdmin,
    },
    severity: 'warning',
    classes: ['pc', 'gateway'],
  }),
  rule({
    id: 'temperature-high',
    title: { vi: 'Máy quá nóng', en: 'A machine is too hot' },
    texts: {
      what: {
        vi: 'Trung bình 10 phút, một cảm biến còn cách giới hạn nguy hiểm dưới 10 °C.',
        en: 'Over 10 minutes a sensor is less than 10 °C below its critical limit.',
      },
      impact: {
        vi: 'Máy tự giảm tốc, có thể tự tắt; linh kiện mau hỏng.',
        en: 'It slows down and may switch itself off; parts wear out.',
      },
      firstAction: {
        vi: 'Xem điều hòa và quạt; nhiều máy cùng phòng cùng nóng là do điều hòa.',
        en: 'Look at air conditioning and fans; several hot machines in one room are the former.',
      },
      whomToCall: roomKeeper,
    },
    query: {
      measurement: 'temperature',
      field: 'headroom_celsius',
      by: ['sensor'],
      reduce: 'mean',
      windowSeconds: 600,
    },
    condition: { kind: 'below', threshold: 10, recovers: 15 },
    pendingSeconds: 120,
    keepFiringSeconds: 300,
    severity: 'warning',
    scope: 'machine',
    classes: ['server', 'gateway'],
  }),
  rule({
    id: 'ups-on-battery',
    title: { vi: 'Bộ lưu điện chạy bằng pin', en: 'A UPS is on battery' },
    texts: {
      what: {
        vi: 'Bộ lưu điện mất điện lưới và đang chạy bằng pin.',
        en: 'The UPS has lost the mains and lives on its battery.',
      },
      impact: {
        vi: 'Máy cắm vào đó chỉ còn chạy được ít phút đến vài chục phút.',
        en: 'What hangs on it goes on for minutes to tens of minutes.',
      },
      firstAction: {
        vi: 'Hỏi đơn vị có mất điện không; nếu không, xem áptômát và dây nguồn của bộ lưu điện.',
        en: 'Ask whether the mains are out; if not, look at the breaker and the cable of the UPS.',
      },
      whomToCall: roomKeeper,
    },
    query: {
      measurement: 'ups',
      field: 'on_battery',
      where: { kind: 'ups' },
      by: ['ups'],
      reduce: 'last',
      windowSeconds: 300,
    },
    condition: { kind: 'is', value: 1 },
    pendingSeconds: 120,
    keepFiringSeconds: 60,
    severity: 'warning',
    scope: 'machine',
    yieldsTo: ['ups-battery-low'],
  }),
  rule({
    id: 'ups-battery-low',
    title: { vi: 'Bộ lưu điện sắp hết pin', en: 'The battery of a UPS is low' },
    texts: {
      what: { vi: 'Bộ lưu điện báo sắp hết pin.', en: 'The UPS says that its battery is low.' },
      impact: {
        vi: 'Mất điện là máy tắt đột ngột, có thể hỏng dữ liệu.',
        en: 'Without the mains its machines stop at once, and data may be damaged.',
      },
      firstAction: {
        vi: 'Đang mất điện: tắt máy đúng cách ngay. Đang có điện mà vẫn báo: ắc quy cần thay.',
        en: 'Mains out: shut the machines down in order, now. Mains there and still low: replace the battery.',
      },
      whomToCall: roomKeeper,
    },
    query: {
      measurement: 'ups',
      field: 'low_battery',
      where: { kind: 'ups' },
      by: ['ups'],
      reduce: 'last',
      windowSeconds: 300,
    },
    condition: { kind: 'is', value: 1 },
    pendingSeconds: 120,
    keepFiringSeconds: 60,
    severity: 'critical',
    scope: 'machine',
  }),
  rule({
    id: 'os-service-down',
    title: { vi: 'Dịch vụ trên máy không chạy', en: 'A service of a machine is down' },
    texts: {
      what: {
        vi: 'Dịch vụ hệ điều hành được chỉ định theo dõi không có tiến trình nào.',
        en: 'A service of the operating system that is to be watched has no process.',
      },
      impact: { vi: 'Việc do dịch vụ đó làm đã ngừng.', en: 'What it does has stopped.' },
      firstAction: {
        vi: 'Xem nhật ký dịch vụ, khởi động lại, theo dõi xem có dừng tiếp không.',
        en: 'Read its log, start it, and see whether it stays.',
      },
      whomToCall: machineAdmin,
    },
    query: { measurement: 'os_service', field: 'running', by: ['service'], reduce: 'last', windowSeconds: 600 },
    condition: { kind: 'is', value: 0 },
    pendingSeconds: 120,
    keepFiringSeconds: 60,
    severity: 'critical',
    scope: 'machine',
  }),
] as const;
