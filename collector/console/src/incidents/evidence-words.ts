/** What detectors saw, in words. What is not known here is shown as it was written. */
import { writeCause } from '../links/link-causes.ts';
import { confidenceWords, outageSights } from '../outages/verdict-words.ts';
import { ruleWords } from '../protection/rule-words.ts';
import { actions, productName } from '../protection/words.ts';
import { writeCheckError } from '../text/check-errors.ts';
import type { Language } from '../text/dictionary.ts';
import type { Format } from '../text/format.ts';
import { safeText } from '../text/safe-text.ts';
import { deviceClassWords } from '../units/device-classes.ts';
import { readingWords } from './reading-words.ts';

type Words = Readonly<Record<Language, string>>;

const sights: Readonly<Record<string, Words>> = {
  'second-holder': {
    vi: 'Một máy thứ hai đến với khóa này trong khi máy thứ nhất vẫn đang kết nối; đã từ chối máy thứ hai.',
    en: 'A second machine came with this key while the first was connected; the second was refused.',
  },
  'former-holder': {
    vi: 'Một máy từng bị từ chối hoặc từng bị thay quay lại với khóa này; đã từ chối.',
    en: 'A machine that had been refused or succeeded came back with this key; it was refused.',
  },
  'took-over': {
    vi: 'Một máy từng bị từ chối hoặc từng bị thay được nhận, vì máy kia đã vắng lâu.',
    en: 'A machine that had been refused or succeeded was let in, because the other had been away for long.',
  },
  'hardware-changed': {
    vi: 'Khóa này đến từ phần cứng hoàn toàn khác trước.',
    en: 'The key came from hardware of which nothing is what it was.',
  },
  withdrawn: {
    vi: 'Sau khi các máy trở lại mới rõ: không phải đường truyền của trung tâm. Khoảng thời gian này đã được rút lại.',
    en: 'The machines that came back tell that it was not the line of the collector. Its gap is withdrawn.',
  },
  watched: { vi: 'Bắt đầu theo dõi đường truyền này.', en: 'The line is watched from now on.' },
  'gateway-lost-line': {
    vi: 'Số liệu đến muộn: trong lúc đó cổng LAN vẫn chạy và không dùng được đường này.',
    en: 'Late data: the gateway was running then and could not use the line.',
  },
  'gateway-had-line': {
    vi: 'Số liệu đến muộn: trong lúc đó cổng LAN vẫn tới được bộ định tuyến kế tiếp.',
    en: 'Late data: the gateway reached the next router then.',
  },
  'lan-lived': {
    vi: 'Số liệu đến muộn: trong lúc đó máy của đơn vị vẫn tới được bộ định tuyến của mình.',
    en: 'Late data: machines of the unit reached their router then.',
  },
  'gateway-started': { vi: 'Cổng LAN khởi động lại giữa lúc đứt.', en: 'The gateway started in the middle of it.' },
  down: { vi: 'Phần lớn điểm đo không dùng được dịch vụ.', en: 'Most vantage points cannot use the service.' },
  partial: { vi: 'Một số điểm đo không dùng được dịch vụ.', en: 'Some vantage points cannot use the service.' },
  path: { vi: 'Đường đi lúc đổi trạng thái, qua từng chặng.', en: 'The path when the state changed, hop by hop.' },
  detected: { vi: 'Phần mềm diệt vi-rút phát hiện mã độc.', en: 'The antivirus found malware.' },
  updated: { vi: 'Có thêm tin về mã độc đã phát hiện.', en: 'More is known of what was found.' },
  spread: { vi: 'Mã độc xuất hiện trên một máy nữa.', en: 'The threat was found on one more machine.' },
  'protection-stopped-with': {
    vi: 'Bảo vệ bị dừng, cùng lúc có thay đổi khác trên máy.',
    en: 'Protection stopped, and something else changed at the same time.',
  },
  'rule-fires': { vi: 'Số đo vượt ngưỡng của luật cảnh báo.', en: 'A reading crossed the threshold of the rule.' },
  assigned: { vi: 'Sự cố được giao cho một người.', en: 'It was given to a person.' },
  unassigned: { vi: 'Sự cố không còn ai phụ trách.', en: 'Nobody looks after it any more.' },
  snoozed: { vi: 'Sự cố được tạm hoãn.', en: 'It was snoozed.' },
  unsnoozed: { vi: 'Sự cố thôi tạm hoãn.', en: 'The snooze was ended.' },
  escalated: {
    vi: 'Chưa ai nhận xử lý trong thời hạn; báo lên mức cao hơn.',
    en: 'Nobody took it in time; it rose to the next level.',
  },
  'collector-notify': {
    vi: 'Một kênh thông báo không gửi được gì.',
    en: 'Nothing goes through a channel of notifications.',
  },
  'clock-wrong': { vi: 'Đồng hồ của máy lệch so với trung tâm.', en: "The machine's clock is off the collector's." },
  'collector-store': { vi: 'Kho không nhận số liệu.', en: 'The store takes no data.' },
  'collector-disk': { vi: 'Ổ đĩa dữ liệu hết chỗ.', en: 'The data disk has no room.' },
  'collector-event-loop': { vi: 'Trung tâm bị kẹt.', en: 'The collector was stuck.' },
  'collector-ingest': { vi: 'Số đo phải chờ ghi lâu.', en: 'Readings wait long for the store.' },
  'collector-memory': { vi: 'Gần hết bộ nhớ.', en: 'Memory runs out.' },
  'collector-certificate': { vi: 'Chứng chỉ sắp hết hạn.', en: 'A certificate ends.' },
  unprotected: { vi: 'Máy không được bảo vệ đã một lúc.', en: 'Not protected for a while.' },
  'backup-failed': { vi: 'Một lần sao lưu không thành công.', en: 'A backup could not be made.' },
  'backup-overdue': {
    vi: 'Bản sao lưu gần nhất đã cũ hơn hai kỳ sao lưu.',
    en: 'The newest backup is older than twice the time between two.',
  },
  'new-device': { vi: 'Thiết bị lạ xuất hiện trong mạng LAN.', en: 'A device was seen on the LAN for the first time.' },
  ...outageSights,
};

const facts: Readonly<Record<string, Words>> = {
  address: { vi: 'Địa chỉ', en: 'Address' },
  hostname: { vi: 'Tên máy', en: 'Hostname' },
  epoch: { vi: 'Mã hàng đợi', en: 'Queue id' },
  started: { vi: 'Tác tử khởi động', en: 'Agent started' },
  booted: { vi: 'Máy khởi động', en: 'Machine started' },
  hardware: { vi: 'Phần cứng', en: 'Hardware' },
  carrier: { vi: 'Nhà mạng', en: 'Carrier' },
  edge: { vi: 'Địa chỉ biên, nhìn từ trung tâm', en: 'Edge, seen from the collector' },
  gateway: { vi: 'Đường truyền, nhìn từ cổng LAN', en: 'Line, seen from the gateway' },
  agents_heard: { vi: 'Máy của đơn vị còn tín hiệu', en: 'Machines of the unit heard' },
  last_heard: { vi: 'Tín hiệu cuối của đơn vị', en: 'Unit heard last' },
  agent: { vi: 'Máy', en: 'Machine' },
  name: { vi: 'Tên', en: 'Name' },
  url: { vi: 'Địa chỉ kiểm tra', en: 'What is checked' },
  vantage_points: { vi: 'Số điểm đo', en: 'Vantage points' },
  failing_points: { vi: 'Số điểm không dùng được', en: 'Failing' },
  error: { vi: 'Lỗi', en: 'Error' },
  offset_seconds: { vi: 'Lệch (giây, trung tâm trừ máy)', en: 'Offset (seconds, collector minus machine)' },
  free: { vi: 'Còn trống', en: 'Free' },
  longest: { vi: 'Lâu nhất', en: 'Longest' },
  lag: { vi: 'Chờ ghi', en: 'Wait' },
  text: { vi: 'Chi tiết', en: 'Detail' },
  days: { vi: 'Số ngày còn lại', en: 'Days left' },
  target: { vi: 'Đích', en: 'Target' },
  path: { vi: 'Các chặng', en: 'Hops' },
  path_more: { vi: 'Các chặng tiếp', en: 'More hops' },
  cut_off: { vi: 'Đơn vị không tới được', en: 'Units cut off' },
  folder: { vi: 'Thư mục', en: 'Folder' },
  last_backup: { vi: 'Bản sao lưu gần nhất', en: 'Newest backup' },
  problem: { vi: 'Lỗi gặp phải', en: 'What went wrong' },
  mac: { vi: 'Địa chỉ MAC', en: 'MAC address' },
  network: { vi: 'Mạng con', en: 'Network' },
  vendor: { vi: 'Hãng', en: 'Maker' },
  class: { vi: 'Loại, phỏng đoán', en: 'Kind, guessed' },
  unit: { vi: 'Đơn vị', en: 'Unit' },
  product: { vi: 'Phần mềm', en: 'Product' },
  object: { vi: 'Tìm thấy trong', en: 'Found in' },
  action: { vi: 'Xử lý', en: 'Action' },
  resolved: { vi: 'Đã xử lý xong', en: 'Dealt with' },
  error_code: { vi: 'Mã lỗi', en: 'Error code' },
  event: { vi: 'Mã sự kiện', en: 'Event' },
  detections: { vi: 'Số lần phát hiện', en: 'Detections' },
  first_seen: { vi: 'Thấy lần đầu', en: 'First seen' },
  machines: { vi: 'Số máy', en: 'Machines' },
  units: { vi: 'Số đơn vị', en: 'Units' },
  affected: { vi: 'Máy đã dính', en: 'Affected' },
  neighbours: { vi: 'Máy lân cận, chưa dính', en: 'Neighbours, not affected' },
  neighbour_count: { vi: 'Số máy lân cận', en: 'Number of neighbours' },
  stopped: { vi: 'Đã dừng', en: 'Stopped' },
  stopped_at: { vi: 'Dừng lúc', en: 'Stopped at' },
  signals: { vi: 'Kèm theo', en: 'Together with' },
  minutes: { vi: 'Cách nhau, phút', en: 'Minutes apart' },
  enrolled: { vi: 'Máy có tác tử', en: 'Machines with an agent' },
  reason: { vi: 'Lý do', en: 'Reason' },
  note: { vi: 'Ghi chú', en: 'Note' },
  until: { vi: 'Đến', en: 'Until' },
  others: { vi: 'Số máy khác', en: 'Other machines' },
  readings: { vi: 'Số điểm đo', en: 'Readings' },
  link: { vi: 'Đường truyền', en: 'Line' },
  kind: { vi: 'Loại', en: 'Kind' },
  confidence: { vi: 'Mức chắc chắn', en: 'Confidence' },
  evidence: { vi: 'Căn cứ', en: 'Rests on' },
  machine: { vi: 'Máy', en: 'Machine' },
  of: { vi: 'Trên tổng số đơn vị', en: 'Of so many units' },
  why: { vi: 'Căn cứ quyết định', en: 'What decided' },
  names: { vi: 'Các máy', en: 'Which' },
  rules: { vi: 'Quy tắc không đạt', en: 'Rules not met' },
  to: { vi: 'Giao cho', en: 'Given to' },
  by: { vi: 'Người thực hiện', en: 'By' },
  level: { vi: 'Mức báo', en: 'Level' },
  waited_minutes: { vi: 'Đã chờ, phút', en: 'Waited, minutes' },
  reading: { vi: 'Số đo', en: 'Reading' },
  value: { vi: 'Giá trị', en: 'Value' },
};

const values: Readonly<Record<string, Readonly<Record<string, Words>>>> = {
  hardware: {
    same: { vi: 'giống', en: 'the same' },
    other: { vi: 'khác', en: 'different' },
    unknown: { vi: 'chưa rõ', en: 'unknown' },
  },
  class: {
    ...deviceClassWords,
    server: { vi: 'Máy chủ', en: 'Server' },
    gateway: { vi: 'Cổng LAN', en: 'Gateway' },
    pc: { vi: 'Máy trạm', en: 'PC' },
  },
  action: actions,
  reason: {
    stop: { vi: 'dịch vụ bị dừng', en: 'the service was stopped' },
    shutdown: { vi: 'hệ điều hành tắt máy', en: 'the system shuts down' },
    update: { vi: 'cập nhật tác tử', en: 'the agent is updated' },
    restart: { vi: 'nối lại đường khác', en: 'it comes back another way' },
  },
  kind: { tslcd: { vi: 'TSLCD', en: 'TSLCD' }, internet: { vi: 'Internet', en: 'Internet' } },
  resolved: { true: { vi: 'rồi', en: 'yes' }, false: { vi: 'chưa', en: 'no' } },
  stopped: {
    running: { vi: 'dịch vụ của phần mềm', en: 'its service' },
    realtime: { vi: 'bảo vệ thời gian thực', en: 'real-time protection' },
  },
};

const signals: Readonly<Record<string, Words>> = {
  'new-local-admin': { vi: 'thêm tài khoản quản trị cục bộ', en: 'a new local administrator' },
  'firewall-off': { vi: 'tắt tường lửa', en: 'the firewall went off' },
  detection: { vi: 'phát hiện mã độc', en: 'malware was found' },
  'agent-restart': { vi: 'tác tử khởi động lại', en: 'the agent started again' },
};

function find<T>(known: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(known, name) ? known[name] : undefined;
}

export function sightWords(what: string, language: Language): string {
  return find(sights, what)?.[language] ?? writeCause(what, language);
}

export interface FactRow {
  readonly name: string;
  /** Of the machine that came; undefined when nothing is said of it. */
  readonly newcomer: string | undefined;
  /** Of the one that was known. */
  readonly other: string | undefined;
}

const otherPrefix = 'other_';
const instant = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/;

interface Writing {
  readonly language: Language;
  readonly format: Pick<Format, 'moment' | 'number'>;
}

/** The facts side by side: those of the machine that came, and those of the other one. */
export function factRows(all: Readonly<Record<string, string>>, writing: Writing): FactRow[] {
  const names = new Set(Object.keys(all).map((name) => name.replace(otherPrefix, '')));
  return [...names]
    .map((name) => ({
      name: find(facts, name)?.[writing.language] ?? safeText(name),
      newcomer: writeFact(all[name], { ...writing, name }),
      other: writeFact(all[otherPrefix + name], { ...writing, name }),
    }))
    .filter(({ newcomer, other }) => newcomer || other);
}

function writeFact(value: string | undefined, { name, ...writing }: Writing & { name: string }): string | undefined {
  if (value === undefined) return undefined;
  const known = find(find(values, name) ?? {}, value)?.[writing.language];
  if (known !== undefined) return known;
  if (instant.test(value)) return writing.format.moment(Date.parse(value));
  if (name === 'edge' || (name === 'gateway' && !/^a-[0-9a-f]+$/.test(value))) return readingWords(value, writing);
  if (name === 'confidence') return confidenceWords(value, writing.language);
  if (name === 'why' || name === 'evidence') return eachWord(value, (what) => sightWords(what, writing.language));
  if (name === 'error') return writeCheckError(value, writing.language);
  if (name === 'product') return productName(value);
  if (name === 'rules') {
    return eachWord(value, (rule) => `${ruleWords(rule, writing.language)} (${safeText(rule)})`);
  }
  if (name === 'signals') {
    return eachWord(value, (signal) => find(signals, signal)?.[writing.language] ?? safeText(signal));
  }
  if (name === 'agents_heard') return safeText(value).replace(' of ', ' / ');
  return safeText(value);
}

function eachWord(words: string, write: (word: string) => string): string {
  return words.split(' ').filter(Boolean).map(write).join('; ');
}
