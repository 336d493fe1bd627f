/** What fields of the API, of files and of the audit log are called, and how their values are written. */
import { kindTexts } from '../incidents/incident-kinds.ts';
import { agentClasses, classTexts } from '../parts/class-texts.ts';
import { roleTexts } from '../parts/role-texts.ts';
import { kindWords } from '../units/unit-kinds.ts';
import type { Language } from './dictionary.ts';
import type { Texts } from './language.tsx';
import { safeText } from './safe-text.ts';

type Words = Readonly<Record<Language, string>>;

const fields: Readonly<Record<string, Words>> = {
  name: { vi: 'Tên', en: 'Name' },
  code: { vi: 'Mã', en: 'Code' },
  parent: { vi: 'Cấp trên', en: 'Parent' },
  kind: { vi: 'Loại', en: 'Kind' },
  contact_name: { vi: 'Người liên hệ', en: 'Contact' },
  contact_phone: { vi: 'Điện thoại', en: 'Phone' },
  location: { vi: 'Địa điểm', en: 'Location' },
  security_level: { vi: 'Cấp độ an toàn', en: 'Security level' },
  declared_servers: { vi: 'Máy chủ khai báo', en: 'Servers declared' },
  declared_gateways: { vi: 'Cổng LAN khai báo', en: 'Gateways declared' },
  declared_pcs: { vi: 'Máy trạm khai báo', en: 'PCs declared' },
  links: { vi: 'Đường truyền', en: 'Links' },
  calendar: { vi: 'Lịch làm việc', en: 'Calendar' },
  note: { vi: 'Ghi chú', en: 'Note' },
  from: { vi: 'Từ ngày', en: 'From' },
  valid_from: { vi: 'Có từ', en: 'Valid from' },
  retired: { vi: 'Kết thúc', en: 'Retired' },
  into: { vi: 'Nhập vào', en: 'Successor' },
  moved_units: { vi: 'Đơn vị chuyển theo', en: 'Units moved' },
  moved_agents: { vi: 'Máy chuyển theo', en: 'Machines moved' },
  moved_codes: { vi: 'Mã chuyển theo', en: 'Codes moved' },
  revoked_codes: { vi: 'Mã bị thu hồi', en: 'Codes revoked' },
  added: { vi: 'Thêm mới', en: 'Added' },
  changed: { vi: 'Thay đổi', en: 'Changed' },
  sha256: { vi: 'Mã kiểm tra tệp', en: 'SHA-256 of the file' },
  role: { vi: 'Vai trò', en: 'Role' },
  unit: { vi: 'Đơn vị', en: 'Unit' },
  class: { vi: 'Loại máy', en: 'Class' },
  uses: { vi: 'Số máy', en: 'Uses' },
  approve: { vi: 'Cần duyệt', en: 'Needs approval' },
  expires_at: { vi: 'Hết hạn', en: 'Expires' },
  revoked: { vi: 'Đã thu hồi', en: 'Revoked' },
  disabled: { vi: 'Đã khóa', en: 'Disabled' },
  totp: { vi: 'Xác thực hai lớp', en: 'Two-step sign-in' },
  reason: { vi: 'Lý do', en: 'Reason' },
  count: { vi: 'Số lần', en: 'Count' },
  root: { vi: 'Chứng thư gốc', en: 'Root' },
  detail: { vi: 'Chi tiết', en: 'Detail' },
  hostname: { vi: 'Tên máy', en: 'Hostname' },
  address: { vi: 'Địa chỉ', en: 'Address' },
  agent: { vi: 'Máy', en: 'Machine' },
  key: { vi: 'Khóa', en: 'Key' },
  key_fingerprint: { vi: 'Vân tay khóa', en: 'Key fingerprint' },
  refused_machines: { vi: 'Máy chờ bị từ chối', en: 'Waiting machines refused' },
  about: { vi: 'Về', en: 'About' },
  password: { vi: 'Mật khẩu', en: 'Password' },
  issuer: { vi: 'Hệ thống tài khoản', en: 'Directory' },
};

/** Values of the field `reason`. */
const reasons: Readonly<Record<string, Words>> = {
  refused: { vi: 'sai tên, mật khẩu hoặc mã', en: 'wrong name, password or code' },
  wait: { vi: 'sai quá nhiều lần', en: 'too many attempts' },
  'own account: refused': { vi: 'sai mật khẩu của chính mình', en: 'wrong own password' },
  'own account: wait': { vi: 'sai quá nhiều lần', en: 'too many attempts' },
  'no-role': { vi: 'tài khoản chung chưa có vai trò', en: 'no role in the directory' },
  'no-unit': { vi: 'tài khoản chung chưa có đơn vị', en: 'no unit in the directory' },
  disabled: { vi: 'tài khoản đã khóa', en: 'the account is disabled' },
};

function wordsIn(known: Readonly<Record<string, Words>>, name: string): Words | undefined {
  return Object.hasOwn(known, name) ? known[name] : undefined;
}

export function fieldWords(field: string, language: Language): string {
  return wordsIn(fields, field)?.[language] ?? safeText(field);
}

const instant = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/;

export function valueWords(
  value: string | number | boolean | null,
  about: { readonly field: string; readonly texts: Texts },
): string {
  const { field, texts } = about;
  const { t, format, language } = texts;
  if (typeof value === 'boolean') return t(value ? 'yes' : 'no');
  if (typeof value === 'number') return format.number(value);
  if (value === null) return t('emptyValue');
  if (instant.test(value)) return format.moment(Date.parse(value));
  if (field === 'role' && Object.hasOwn(roleTexts, value)) return t(roleTexts[value as keyof typeof roleTexts]);
  const agentClass = agentClasses.find((each) => each === value);
  if (field === 'class' && agentClass) return t(classTexts[agentClass]);
  if (field === 'password' && value === 'initial') return t('initialPasswordValue');
  const [incident] = field === 'kind' ? (kindTexts(value) ?? []) : [];
  if (incident) return t(incident);
  if (field === 'kind') return kindWords(value, language);
  if (field === 'reason') return wordsIn(reasons, value)?.[language] ?? safeText(value);
  return safeText(value);
}
