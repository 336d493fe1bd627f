/** Why a rule is not met: the collector's short facts in words. What is not known here is shown as it was written. */
import type { Language } from '../text/dictionary.ts';
import type { Format } from '../text/format.ts';
import { safeText } from '../text/safe-text.ts';
import {
  encryptions,
  licences,
  modes,
  pendingActions,
  productName,
  profiles,
  readStates,
  type Words,
  writeName,
} from './words.ts';

const reasons: Words = {
  ...licences,
  'no-reading': { vi: 'máy chưa gửi số liệu nào', en: 'the machine has told nothing' },
  'no-fresh-reading': { vi: 'số liệu đã quá cũ', en: 'what it told is out of date' },
  'state-unknown': { vi: 'có phần mềm, không đọc được trạng thái', en: 'a product is there, its state is not known' },
  'signature-age-unknown': { vi: 'không biết ngày của mẫu', en: 'the date of its signatures is not known' },
  clock: { vi: 'đồng hồ của máy sai nên không tính được tuổi mẫu', en: 'its clock is wrong, so ages cannot be told' },
  'out-of-date': { vi: 'phần mềm tự báo mẫu cũ', en: 'the product itself says they are old' },
  'update-failed': { vi: 'lần cập nhật gần nhất hỏng', en: 'the last update failed' },
  never: { vi: 'chưa từng quét toàn bộ', en: 'never scanned in full' },
};

const onOff: Words = { true: { vi: 'bật', en: 'on' }, false: { vi: 'tắt', en: 'off' } };

const names: Words = {
  mode: { vi: 'chế độ', en: 'mode' },
  realtime: { vi: 'thời gian thực', en: 'real-time' },
  realtime_proven: { vi: 'theo hệ điều hành', en: 'by the system' },
  running: { vi: 'dịch vụ', en: 'service' },
  read_state: { vi: 'đọc', en: 'reading' },
  problem: { vi: 'chi tiết', en: 'details' },
  age_hours: { vi: 'tuổi mẫu', en: 'age' },
  limit_days: { vi: 'giới hạn', en: 'limit' },
  signature_at: { vi: 'mẫu ngày', en: 'signatures of' },
  expires_at: { vi: 'hết hạn', en: 'ends' },
  last_quick_scan: { vi: 'quét nhanh gần nhất', en: 'last quick scan' },
  last_full_scan: { vi: 'quét toàn bộ gần nhất', en: 'last full scan' },
  action: { vi: 'chờ', en: 'waits for' },
  threats: { vi: 'số loại mã độc', en: 'threats' },
  unresolved: { vi: 'chưa xử lý xong', en: 'not dealt with' },
  active_threats: { vi: 'phần mềm báo còn', en: 'active by the product' },
  names: { vi: 'tên', en: 'names' },
  products: { vi: 'phần mềm', en: 'products' },
  name: { vi: 'tên', en: 'name' },
  firewall: { vi: 'tường lửa', en: 'firewall' },
  profiles: { vi: 'tắt ở', en: 'off in' },
  pending: { vi: 'số bản', en: 'pending' },
  since: { vi: 'từ', en: 'since' },
  oldest: { vi: 'lâu nhất từ', en: 'the oldest since' },
  encryption: { vi: 'mã hóa', en: 'encryption' },
  proof_at: { vi: 'bằng chứng cuối', en: 'last proof' },
  support_ends: { vi: 'hết hỗ trợ', en: 'support ends' },
  skew_hours: { vi: 'lệch', en: 'off by' },
};

const values: Readonly<Record<string, Words>> = {
  mode: modes,
  realtime: onOff,
  realtime_proven: onOff,
  firewall: onOff,
  running: { true: { vi: 'đang chạy', en: 'running' }, false: { vi: 'đã dừng', en: 'stopped' } },
  read_state: readStates,
  action: pendingActions,
  encryption: encryptions,
};

const hourMs = 3_600_000;
const instant = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/;
const count = /^-?\d{1,9}$/;

interface Writing {
  readonly language: Language;
  readonly format: Pick<Format, 'date' | 'duration' | 'number'>;
}

/** `tuổi mẫu: 9 ngày`, one text a fact. */
export function evidenceTexts(evidence: Readonly<Record<string, string>>, writing: Writing): string[] {
  const { language } = writing;
  return Object.entries(evidence).map(([name, value]) =>
    name === 'reason'
      ? value
          .split(', ')
          .map((each) => writeName(reasons, each, language))
          .join('; ')
      : `${writeName(names, name, language)}: ${writeValue(name, value, writing)}`,
  );
}

function writeValue(name: string, value: string, { language, format }: Writing): string {
  const known = Object.hasOwn(values, name) ? values[name] : undefined;
  if (known) return writeEach(value, (each) => writeName(known, each, language));
  if (instant.test(value)) return format.date(Date.parse(value));
  if (name === 'products') return writeEach(value, (each) => productName(each));
  if (name === 'profiles') return writeEach(value, (each) => writeName(profiles, each, language));
  if (!count.test(value)) return safeText(value);
  if (name === 'age_hours' || name === 'skew_hours') return format.duration(Math.abs(Number(value)) * hourMs);
  if (name === 'limit_days') return format.duration(Number(value) * 24 * hourMs);
  return name === 'names' ? value : format.number(Number(value));
}

/** Of a list as the collector cuts it: `a, b +4`. */
function writeEach(list: string, write: (name: string) => string): string {
  const [, names = list, more = ''] = /^(.*?)( \+\d+)?$/s.exec(list) ?? [];
  return names.split(', ').map(write).join(', ') + more;
}
