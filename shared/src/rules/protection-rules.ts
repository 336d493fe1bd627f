/** Antivirus, malware and security settings. */
import { rule } from './rule.ts';

const security = { vi: 'Cán bộ an toàn thông tin của tỉnh.', en: 'The security officer of the province.' };
const unitContact = {
  vi: 'Đầu mối CNTT của đơn vị (trang đơn vị).',
  en: "The unit's IT contact (page of the unit).",
};

/**
 * How gravely the collector tells of its incidents. Not the machines' own words: whether malware is dealt with may be said
 * later or not at all, and PCs that are not protected are one matter of their unit.
 */
const told = { measurement: 'incident', field: 'alert', reduce: 'last', windowSeconds: 300 } as const;

export const protectionRules = [
  rule({
    id: 'antivirus-unprotected',
    title: { vi: 'Máy không được bảo vệ', en: 'A machine is not protected' },
    texts: {
      what: {
        vi: 'Không có phần mềm diệt vi-rút nào đang bảo vệ máy theo thời gian thực.',
        en: 'No antivirus protects the machine in real time.',
      },
      impact: { vi: 'Mã độc chạy được mà không ai biết.', en: 'Malware runs unseen.' },
      firstAction: { vi: 'Bật lại, cài hoặc cập nhật phần mềm.', en: 'Turn it on, install or update it.' },
      whomToCall: unitContact,
    },
    query: { ...told, where: { kind: 'unprotected' } },
    condition: { kind: 'is', value: 3 },
    pendingSeconds: 0,
    keepFiringSeconds: 0,
    severity: 'critical',
    scope: 'machine',
    tells: 'unprotected',
  }),
  rule({
    id: 'pcs-unprotected',
    title: { vi: 'Máy trạm không được bảo vệ', en: 'PCs are not protected' },
    texts: {
      what: {
        vi: 'Đơn vị có máy trạm không được phần mềm diệt vi-rút nào bảo vệ theo thời gian thực.',
        en: 'The unit has PCs that no antivirus protects in real time.',
      },
      impact: {
        vi: 'Mã độc vào qua thư hoặc USB ở máy đó rồi lây ra cả đơn vị.',
        en: 'Malware comes in there by mail or USB and spreads through the unit.',
      },
      firstAction: {
        vi: 'Gửi danh sách máy trong sự cố cho đơn vị để bật lại hoặc cài diệt vi-rút.',
        en: 'Send the unit the list in the incident, to turn their antivirus on or install one.',
      },
      whomToCall: unitContact,
    },
    query: { ...told, where: { kind: 'unprotected' }, by: ['subject'] },
    condition: { kind: 'is', value: 2 },
    pendingSeconds: 0,
    keepFiringSeconds: 0,
    severity: 'warning',
    scope: 'unit',
    tells: 'unprotected',
  }),
  rule({
    id: 'antivirus-unknown',
    title: { vi: 'Không rõ có được bảo vệ không', en: 'Protection unknown for too long' },
    texts: {
      what: {
        vi: 'Suốt 24 giờ không có bằng chứng máy được bảo vệ hay không.',
        en: 'For 24 hours there is no proof of protection either way.',
      },
      impact: { vi: 'Máy không được tính là an toàn.', en: 'The machine does not count as safe.' },
      firstAction: {
        vi: 'Xem vì sao tác tử không đọc được phần mềm diệt vi-rút (quyền, phiên bản).',
        en: 'See why the agent cannot read the antivirus (rights, version).',
      },
      whomToCall: unitContact,
    },
    query: { measurement: 'antivirus_state', field: 'state', reduce: 'last', windowSeconds: 1_800 },
    condition: { kind: 'is', value: -1 },
    pendingSeconds: 86_400,
    keepFiringSeconds: 0,
    severity: 'warning',
    scope: 'machine',
  }),
  rule({
    id: 'signatures-old',
    title: { vi: 'Mẫu vi-rút cũ', en: 'Signatures are old' },
    texts: {
      what: { vi: 'Cơ sở dữ liệu mẫu cũ quá 7 ngày.', en: 'The signatures are older than 7 days.' },
      impact: { vi: 'Mã độc mới không bị nhận ra.', en: 'New malware is not recognised.' },
      firstAction: {
        vi: 'Cho cập nhật ngay; xem máy có ra được máy chủ cập nhật không.',
        en: 'Update now; see whether the machine reaches the update server.',
      },
      whomToCall: unitContact,
    },
    query: { measurement: 'antivirus_state', field: 'signature_age_hours', reduce: 'last', windowSeconds: 1_800 },
    condition: { kind: 'above', threshold: 168, recovers: 96 },
    pendingSeconds: 3_600,
    keepFiringSeconds: 0,
    severity: 'warning',
    scope: 'machine',
  }),
  rule({
    id: 'unit-protection-low',
    title: { vi: 'Tỷ lệ bảo vệ của đơn vị thấp', en: 'Too few machines of a unit are protected' },
    texts: {
      what: {
        vi: 'Dưới 80 % số máy đơn vị đã khai báo được chứng minh là đang được bảo vệ.',
        en: 'Fewer than 80 % of the machines that the unit declares are proved protected.',
      },
      impact: { vi: 'Đơn vị là điểm vào dễ nhất của mã độc.', en: 'The unit is the easiest way in.' },
      firstAction: {
        vi: 'Lọc máy không được bảo vệ và máy chưa cài tác tử của đơn vị.',
        en: "List the unit's unprotected machines and those without an agent.",
      },
      whomToCall: unitContact,
    },
    query: { measurement: 'unit_protection', field: 'protected_percent', reduce: 'last', windowSeconds: 1_800 },
    condition: { kind: 'below', threshold: 80, recovers: 85 },
    pendingSeconds: 3_600,
    keepFiringSeconds: 3_600,
    severity: 'info',
    scope: 'unit',
  }),
  rule({
    id: 'malware-unresolved',
    title: { vi: 'Mã độc chưa xử lý', en: 'Malware is not dealt with' },
    texts: {
      what: {
        vi: 'Phần mềm diệt vi-rút phát hiện mã độc nhưng chưa xử lý xong.',
        en: 'The antivirus found malware and has not dealt with it.',
      },
      impact: { vi: 'Mã độc có thể đang chạy và lây lan.', en: 'It may be running and spreading.' },
      firstAction: {
        vi: 'Rút máy khỏi mạng, giữ nguyên hiện trường.',
        en: 'Take the machine off the network; leave it as it is.',
      },
      whomToCall: security,
    },
    query: { ...told, where: { kind: 'malware' }, by: ['subject'] },
    condition: { kind: 'is', value: 3 },
    pendingSeconds: 0,
    keepFiringSeconds: 0,
    severity: 'critical',
    scope: 'machine',
    tells: 'malware',
  }),
  rule({
    id: 'malware-resolved',
    title: { vi: 'Mã độc đã xử lý', en: 'Malware was dealt with' },
    texts: {
      what: {
        vi: 'Phần mềm diệt vi-rút phát hiện và đã xử lý mã độc.',
        en: 'The antivirus found malware and dealt with it.',
      },
      impact: { vi: 'Máy đã tiếp xúc với nguồn mã độc.', en: 'The machine met a source of malware.' },
      firstAction: {
        vi: 'Hỏi nguồn gốc (thư, USB, trang web) và quét toàn bộ.',
        en: 'Ask where it came from, and scan in full.',
      },
      whomToCall: security,
    },
    query: { ...told, where: { kind: 'malware' }, by: ['subject'] },
    condition: { kind: 'is', value: 2 },
    pendingSeconds: 0,
    keepFiringSeconds: 0,
    severity: 'warning',
    scope: 'machine',
    tells: 'malware',
  }),
  rule({
    id: 'firewall-off',
    title: { vi: 'Tường lửa tắt', en: 'The firewall is off' },
    texts: {
      what: { vi: 'Tường lửa của máy không lọc.', en: 'The host firewall does not filter.' },
      impact: { vi: 'Máy khác trong mạng vào được mọi cổng.', en: 'Any neighbour reaches every port.' },
      firstAction: { vi: 'Bật lại, và hỏi ai đã tắt.', en: 'Turn it on, and ask who turned it off.' },
      whomToCall: unitContact,
    },
    query: { measurement: 'posture', field: 'firewall', reduce: 'last', windowSeconds: 1_800 },
    condition: { kind: 'is', value: 0 },
    pendingSeconds: 900,
    keepFiringSeconds: 0,
    severity: 'warning',
    scope: 'machine',
  }),
  rule({
    id: 'updates-overdue',
    title: { vi: 'Bản vá bảo mật chờ quá lâu', en: 'Security updates are overdue' },
    texts: {
      what: {
        vi: 'Có bản vá bảo mật chờ cài quá 14 ngày.',
        en: 'A security update has been pending for more than 14 days.',
      },
      impact: { vi: 'Lỗ hổng đã công bố vẫn mở.', en: 'A published hole stays open.' },
      firstAction: { vi: 'Cài bản vá và khởi động lại nếu cần.', en: 'Install it, and reboot if asked.' },
      whomToCall: unitContact,
    },
    query: {
      measurement: 'age',
      field: 'age_days',
      where: { kind: 'security-update' },
      reduce: 'last',
      windowSeconds: 1_800,
    },
    condition: { kind: 'above', threshold: 14, recovers: 14 },
    pendingSeconds: 300,
    keepFiringSeconds: 0,
    severity: 'info',
    scope: 'machine',
  }),
  rule({
    id: 'scan-overdue',
    title: { vi: 'Lâu chưa quét toàn bộ', en: 'A full scan is overdue' },
    texts: {
      what: { vi: 'Quá 30 ngày chưa quét toàn bộ máy.', en: 'No full scan for more than 30 days.' },
      impact: { vi: 'Mã độc nằm sẵn có thể chưa bị tìm ra.', en: 'What lies dormant may not have been found.' },
      firstAction: { vi: 'Hẹn một lần quét toàn bộ ngoài giờ.', en: 'Schedule a full scan outside working hours.' },
      whomToCall: unitContact,
    },
    query: {
      measurement: 'age',
      field: 'age_days',
      where: { kind: 'full-scan' },
      by: ['item'],
      reduce: 'last',
      windowSeconds: 1_800,
    },
    condition: { kind: 'above', threshold: 30, recovers: 30 },
    pendingSeconds: 300,
    keepFiringSeconds: 0,
    severity: 'info',
    scope: 'machine',
  }),
  rule({
    id: 'licence-ending',
    title: { vi: 'Giấy phép diệt vi-rút sắp hết', en: 'The licence of an antivirus ends' },
    texts: {
      what: { vi: 'Giấy phép còn dưới 15 ngày.', en: 'The licence ends in less than 15 days.' },
      impact: { vi: 'Hết hạn thì mẫu ngừng cập nhật.', en: 'Past its end, signatures are no longer updated.' },
      firstAction: { vi: 'Gia hạn, hoặc đổi sang phần mềm khác.', en: 'Renew it, or change the product.' },
      whomToCall: unitContact,
    },
    query: {
      measurement: 'age',
      field: 'left_days',
      where: { kind: 'licence' },
      by: ['item'],
      reduce: 'last',
      windowSeconds: 1_800,
    },
    condition: { kind: 'below', threshold: 15, recovers: 16 },
    pendingSeconds: 300,
    keepFiringSeconds: 0,
    severity: 'warning',
    scope: 'machine',
  }),
  rule({
    id: 'new-device',
    title: { vi: 'Thiết bị lạ trong mạng LAN', en: 'A new device on a LAN' },
    texts: {
      what: {
        vi: 'Cổng LAN thấy thiết bị chưa từng có trong mạng.',
        en: 'The gateway saw a device for the first time.',
      },
      impact: { vi: 'Có thể là máy cá nhân hoặc thiết bị cài trộm.', en: 'It may be a private machine, or planted.' },
      firstAction: { vi: 'Hỏi đơn vị thiết bị của ai.', en: 'Ask the unit whose it is.' },
      whomToCall: unitContact,
    },
    query: { measurement: 'lan_census', field: 'new_devices', by: ['network'], reduce: 'max', windowSeconds: 600 },
    condition: { kind: 'above', threshold: 0.5, recovers: 0.5 },
    pendingSeconds: 0,
    keepFiringSeconds: 0,
    severity: 'info',
    scope: 'machine',
    classes: ['gateway'],
    tells: 'new-device',
  }),
] as const;
