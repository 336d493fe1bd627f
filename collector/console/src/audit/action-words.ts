/** What actions of the audit log are called. What is not known here is shown as it was written. */
import type { Language } from '../text/dictionary.ts';
import { safeText } from '../text/safe-text.ts';

type Words = Readonly<Record<Language, string>>;

/** The first half of an action. */
export const things: Readonly<Record<string, Words>> = {
  'sign-in': { vi: 'Đăng nhập', en: 'Signing in' },
  'sign-in-link': { vi: 'Liên kết một lần', en: 'One-time links' },
  user: { vi: 'Tài khoản', en: 'People' },
  token: { vi: 'Khóa API', en: 'API tokens' },
  unit: { vi: 'Đơn vị', en: 'Units' },
  code: { vi: 'Mã cài đặt', en: 'Enrolment codes' },
  enrolment: { vi: 'Máy chờ duyệt', en: 'Waiting machines' },
  agent: { vi: 'Máy', en: 'Machines' },
  incident: { vi: 'Sự cố', en: 'Incidents' },
  maintenance: { vi: 'Lịch bảo trì', en: 'Maintenance' },
  availability: { vi: 'Mức sẵn sàng', en: 'Availability' },
  trust: { vi: 'Chứng thư gốc', en: 'Root certificate' },
  audit: { vi: 'Nhật ký', en: 'Audit log' },
};

const actions: Readonly<Record<string, Words>> = {
  'sign-in.accept': { vi: 'Đăng nhập', en: 'Signed in' },
  'sign-in.end': { vi: 'Đăng xuất', en: 'Signed out' },
  'sign-in.refuse': { vi: 'Đăng nhập bị từ chối', en: 'Sign-in refused' },
  'sign-in.refuse-more': { vi: 'Nhiều lần đăng nhập bị từ chối', en: 'More sign-ins refused' },
  'sign-in-link.create': { vi: 'Tạo liên kết một lần', en: 'Made a one-time link' },
  'user.add': { vi: 'Thêm tài khoản', en: 'Added a person' },
  'user.change': { vi: 'Sửa tài khoản', en: 'Changed a person' },
  'user.set-password': { vi: 'Đặt lại mật khẩu', en: 'Set a password' },
  'user.reset-totp': { vi: 'Bật/tắt xác thực hai lớp', en: 'Changed two-step sign-in' },
  'user.sign-out-everywhere': { vi: 'Đăng xuất mọi nơi', en: 'Signed out everywhere' },
  'token.create': { vi: 'Tạo khóa API', en: 'Made a token' },
  'token.revoke': { vi: 'Thu hồi khóa API', en: 'Revoked a token' },
  'unit.add': { vi: 'Thêm đơn vị', en: 'Added a unit' },
  'unit.change': { vi: 'Sửa đơn vị', en: 'Changed a unit' },
  'unit.move': { vi: 'Chuyển đơn vị', en: 'Moved a unit' },
  'unit.retire': { vi: 'Kết thúc đơn vị', en: 'Retired a unit' },
  'unit.import': { vi: 'Nhập danh sách đơn vị', en: 'Imported units' },
  'code.create': { vi: 'Tạo mã cài đặt', en: 'Made a code' },
  'code.revoke': { vi: 'Thu hồi mã cài đặt', en: 'Revoked a code' },
  'enrolment.accept': { vi: 'Duyệt máy', en: 'Accepted a machine' },
  'enrolment.refuse': { vi: 'Từ chối máy', en: 'Refused a machine' },
  'agent.rekey': { vi: 'Máy đổi khóa', en: 'A machine changed its key' },
  'agent.rotate-key': { vi: 'Yêu cầu máy đổi khóa', en: 'Asked a machine to change its key' },
  'agent.revoke': { vi: 'Thu hồi máy', en: 'Revoked a machine' },
  'incident.acknowledge': { vi: 'Nhận xử lý sự cố', en: 'Acknowledged an incident' },
  'incident.assign': { vi: 'Giao sự cố', en: 'Assigned an incident' },
  'incident.snooze': { vi: 'Tạm hoãn sự cố', en: 'Snoozed an incident' },
  'incident.unsnooze': { vi: 'Thôi tạm hoãn sự cố', en: 'Ended the snooze of an incident' },
  'incident.close': { vi: 'Đóng sự cố', en: 'Closed an incident' },
  'maintenance.add': { vi: 'Lên lịch bảo trì', en: 'Planned maintenance' },
  'maintenance.cancel': { vi: 'Hủy lịch bảo trì', en: 'Cancelled maintenance' },
  'availability.revise': { vi: 'Điều chỉnh số liệu đã chốt', en: 'Changed a figure that was taken' },
  'trust.prepare': { vi: 'Chuẩn bị chứng thư gốc mới', en: 'Prepared a new root' },
  'trust.promote': { vi: 'Chuyển sang chứng thư gốc mới', en: 'Went over to the new root' },
  'audit.damaged': { vi: 'Nhật ký bị mất mục', en: 'Entries of the log were lost' },
};

export function actionWords(action: string, language: Language): string {
  return (Object.hasOwn(actions, action) ? actions[action] : undefined)?.[language] ?? safeText(action);
}
