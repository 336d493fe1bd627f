import { accountTexts } from '../account/account-texts.ts';
import { auditTexts } from '../audit/audit-texts.ts';
import { availabilityTexts } from '../availability/availability-texts.ts';
import { gapTexts } from '../charts/gap-texts.ts';
import { codeTexts } from '../codes/code-texts.ts';
import { collectorTexts } from '../collector/collector-texts.ts';
import { connectivityTexts } from '../connectivity/connectivity-texts.ts';
import { incidentTexts } from '../incidents/incident-texts.ts';
import { linkPageTexts } from '../links/link-texts.ts';
import { maintenanceTexts } from '../maintenance/maintenance-texts.ts';
import { outageTexts } from '../outages/outage-texts.ts';
import { peopleTexts } from '../people/people-texts.ts';
import { protectionTexts } from '../protection/protection-texts.ts';
import { ruleTexts } from '../rules/rule-texts.ts';
import { serviceTexts } from '../services/service-texts.ts';
import { signInTexts } from '../sign-in/sign-in-texts.ts';
import { deviceTexts } from '../units/device-texts.ts';
import { unitTexts } from '../units/unit-texts.ts';

/**
 * Every text of the console, in both languages; those of one page only stand in its folder. `{name}` stands for a value. A text that lacks a language, and a key
 * or a value that lacks a text, does not compile.
 */
export const languages = ['vi', 'en'] as const;
export type Language = (typeof languages)[number];

export const dictionary = {
  ...accountTexts,
  ...auditTexts,
  ...availabilityTexts,
  ...codeTexts,
  ...collectorTexts,
  ...connectivityTexts,
  ...deviceTexts,
  ...gapTexts,
  ...incidentTexts,
  ...linkPageTexts,
  ...maintenanceTexts,
  ...outageTexts,
  ...peopleTexts,
  ...protectionTexts,
  ...ruleTexts,
  ...serviceTexts,
  ...signInTexts,
  ...unitTexts,

  tagline: {
    vi: 'Giám sát máy, đường truyền và phòng chống mã độc',
    en: 'Watches machines, links and antivirus protection',
  },
  skipToContent: { vi: 'Đến nội dung chính', en: 'Skip to content' },
  language: { vi: 'Ngôn ngữ', en: 'Language' },
  signOut: { vi: 'Đăng xuất', en: 'Sign out' },
  unknown: { vi: 'Chưa rõ', en: 'Unknown' },
  none: { vi: 'Không có', en: 'None' },
  yes: { vi: 'Có', en: 'Yes' },
  no: { vi: 'Không', en: 'No' },
  tryAgain: { vi: 'Thử lại', en: 'Try again' },
  loading: { vi: 'Đang tải…', en: 'Loading…' },
  emptyValue: { vi: 'trống', en: 'empty' },
  close: { vi: 'Đóng', en: 'Close' },
  cancel: { vi: 'Hủy', en: 'Cancel' },
  save: { vi: 'Lưu', en: 'Save' },
  copied: { vi: 'Đã chép', en: 'Copied' },
  failed: { vi: 'Không chép được', en: 'Could not copy' },

  navigation: { vi: 'Các trang', en: 'Pages' },
  incidents: { vi: 'Sự cố', en: 'Incidents' },
  links: { vi: 'Đường truyền', en: 'Links' },
  services: { vi: 'Dịch vụ dùng chung', en: 'Shared services' },
  protection: { vi: 'Bảo vệ', en: 'Protection' },
  units: { vi: 'Đơn vị', en: 'Units' },
  codes: { vi: 'Cài đặt máy', en: 'Enrolment' },
  people: { vi: 'Tài khoản', en: 'People' },
  tokens: { vi: 'Khóa API', en: 'API tokens' },
  audit: { vi: 'Nhật ký', en: 'Audit log' },
  account: { vi: 'Tài khoản của tôi', en: 'My account' },
  openIncidents: { vi: '{count} sự cố đang mở', en: '{count} open' },
  waitingMachines: { vi: '{count} máy chờ duyệt', en: '{count} machines waiting' },
  oneTimeLink: { vi: 'Liên kết một lần', en: 'One-time link' },

  roleViewer: { vi: 'Người xem', en: 'Viewer' },
  roleUnitAdmin: { vi: 'Quản trị đơn vị', en: 'Unit administrator' },
  roleOperator: { vi: 'Trực vận hành', en: 'Operator' },
  roleSecurity: { vi: 'An toàn thông tin', en: 'Security officer' },
  roleAdmin: { vi: 'Quản trị hệ thống', en: 'Administrator' },

  connectionLive: { vi: 'Trực tiếp', en: 'Live' },
  connectionAge: { vi: 'Dữ liệu cách đây {age}', en: 'Data is {age} old' },
  connectionConnecting: { vi: 'Đang kết nối…', en: 'Connecting…' },
  connectionLost: { vi: 'Mất kết nối tới trung tâm', en: 'Connection to the collector lost' },
  connectionLostLong: {
    vi: 'Mất kết nối tới trung tâm. Số liệu trên màn hình đã cũ {age}; đang tự kết nối lại.',
    en: 'Connection to the collector lost. What you see is {age} old; reconnecting by itself.',
  },

  stateOnline: { vi: 'Đang hoạt động', en: 'Online' },
  stateLate: { vi: 'Chậm tín hiệu', en: 'Late' },
  stateOffline: { vi: 'Mất kết nối', en: 'Offline' },
  statePlanned: { vi: 'Nghỉ theo kế hoạch', en: 'Planned' },
  stateInconclusive: { vi: 'Chưa rõ', en: 'Unknown' },
  stateRetired: { vi: 'Ngừng theo dõi', en: 'Retired' },
  stateSince: { vi: '{age} nay', en: 'for {age}' },

  classServer: { vi: 'Máy chủ', en: 'Server' },
  classGateway: { vi: 'Cổng LAN', en: 'Gateway' },
  classPc: { vi: 'Máy trạm', en: 'PC' },

  machines: { vi: 'Máy', en: 'Machines' },
  machine: { vi: 'Máy', en: 'Machine' },
  unit: { vi: 'Đơn vị', en: 'Unit' },
  class: { vi: 'Loại', en: 'Class' },
  state: { vi: 'Trạng thái', en: 'State' },
  cpu: { vi: 'CPU', en: 'CPU' },
  memory: { vi: 'Bộ nhớ', en: 'Memory' },
  disk: { vi: 'Đĩa', en: 'Disk' },
  fullestDisk: { vi: 'Ổ đầy nhất: {mount}', en: 'Fullest: {mount}' },
  lastSeen: { vi: 'Tín hiệu cuối', en: 'Last seen' },
  neverSeen: { vi: 'Chưa từng', en: 'Never' },
  lastKnownValue: { vi: 'Giá trị cuối cùng nhận được', en: 'Last value received' },
  allMachines: { vi: 'Tất cả', en: 'All' },
  allUnits: { vi: 'Mọi đơn vị', en: 'All units' },
  allClasses: { vi: 'Mọi loại máy', en: 'All classes' },
  searchMachines: { vi: 'Tìm theo tên máy, mã, đơn vị', en: 'Search by name, id or unit' },
  filterByState: { vi: 'Lọc theo trạng thái', en: 'Filter by state' },
  clearFilters: { vi: 'Bỏ bộ lọc', en: 'Clear filters' },
  noMachinesMatch: { vi: 'Không có máy nào khớp bộ lọc', en: 'No machine matches the filters' },
  noMachinesYet: { vi: 'Chưa có máy nào được cài tác tử', en: 'No machine is enrolled yet' },
  noMachinesYetHint: {
    vi: 'Tạo mã cài đặt cho một đơn vị rồi chạy tác tử trên máy cần theo dõi; máy sẽ tự hiện ra ở đây.',
    en: 'Make an enrolment code for a unit and run the agent on a machine; it will appear here by itself.',
  },
  pageRange: { vi: '{from}–{to} trong {total} máy', en: '{from}–{to} of {total} machines' },
  previousPage: { vi: 'Trang trước', en: 'Previous' },
  firstPage: { vi: 'Về đầu danh sách', en: 'First page' },
  nextPage: { vi: 'Trang sau', en: 'Next' },

  backToMachines: { vi: 'Danh sách máy', en: 'All machines' },
  operatingSystem: { vi: 'Hệ điều hành', en: 'Operating system' },
  agentVersion: { vi: 'Phiên bản tác tử', en: 'Agent version' },
  agentWay: { vi: 'Đường về trung tâm', en: 'Way to the centre' },
  wayDirect: { vi: 'trực tiếp', en: 'direct' },
  wayVia: { vi: 'qua trạm chuyển tiếp {name}, chỉ định bằng tay', en: 'by the relay {name}, named by hand' },
  wayRelay: { vi: 'qua trạm chuyển tiếp {name}', en: 'by the relay {name}' },
  clockOffset: { vi: 'Lệch đồng hồ', en: 'Clock offset' },
  clockAhead: { vi: 'nhanh {offset}', en: '{offset} fast' },
  clockBehind: { vi: 'chậm {offset}', en: '{offset} slow' },
  clockExact: { vi: 'đúng giờ', en: 'exact' },
  runningFor: { vi: 'Đã chạy liên tục', en: 'Running for' },
  enrolledAt: { vi: 'Theo dõi từ', en: 'Enrolled' },
  machineId: { vi: 'Mã máy', en: 'Id' },
  timeRange: { vi: 'Khoảng thời gian', en: 'Time range' },
  range15m: { vi: '15 phút', en: '15 min' },
  range1h: { vi: '1 giờ', en: '1 h' },
  range6h: { vi: '6 giờ', en: '6 h' },
  range24h: { vi: '24 giờ', en: '24 h' },
  range7d: { vi: '7 ngày', en: '7 d' },
  network: { vi: 'Mạng', en: 'Network' },
  diskIo: { vi: 'Đọc/ghi đĩa', en: 'Disk I/O' },
  load: { vi: 'Tải trung bình', en: 'Load average' },
  loadOfCores: { vi: '{load} trên {cores} nhân', en: '{load} on {cores} cores' },
  usedOfTotal: { vi: '{used} / {total}', en: '{used} / {total}' },
  chooseInterface: { vi: 'Chọn cổng mạng', en: 'Choose the interface' },
  chooseDisk: { vi: 'Chọn đĩa', en: 'Choose the disk' },
  chartLabel: { vi: 'Biểu đồ {name}, mới nhất: {value}', en: 'Chart of {name}, newest: {value}' },
  noDataInRange: { vi: 'Không có số liệu trong khoảng này', en: 'No data in this range' },
  fileSystems: { vi: 'Hệ thống tệp', en: 'File systems' },
  freeOfTotal: { vi: 'còn {free} / {total}', en: '{free} free of {total}' },
  readOnly: { vi: 'chỉ đọc', en: 'read-only' },
  noFileSystems: { vi: 'Chưa có số liệu về hệ thống tệp', en: 'No data about file systems yet' },
  hardware: { vi: 'Phần cứng và dịch vụ', en: 'Hardware and services' },
  ups: { vi: 'bộ lưu điện', en: 'UPS' },
  battery: { vi: 'pin', en: 'battery' },
  onMains: { vi: 'điện lưới', en: 'on mains' },
  onBattery: { vi: 'chạy bằng pin', en: 'on battery' },
  batteryLow: { vi: 'sắp hết pin', en: 'battery low' },
  diskFailing: { vi: 'sắp hỏng', en: 'failing' },
  diskWell: { vi: 'ổ đĩa không báo lỗi', en: 'the disk reports no fault' },
  enduranceUsed: { vi: 'đã dùng {percent} tuổi thọ ghi', en: '{percent} of its endurance used' },
  osService: { vi: 'dịch vụ', en: 'service' },
  serviceRuns: { vi: 'đang chạy', en: 'running' },
  serviceStopped: { vi: 'không chạy', en: 'not running' },
  temperatureLimit: { vi: 'giới hạn {limit}', en: 'limit {limit}' },
  inventory: { vi: 'Kiểm kê', en: 'Inventory' },
  noInventory: { vi: 'Chưa nhận được kiểm kê của máy này', en: 'No inventory of this machine yet' },
  machineUnknown: { vi: 'Không có máy mang mã này', en: 'There is no machine with this id' },

  pageForbidden: { vi: 'Trang này cần quyền khác', en: 'This page needs another role' },
  pageNotFound: { vi: 'Không có trang này', en: 'There is no such page' },
  errorTitle: { vi: 'Không tải được số liệu', en: 'The data could not be loaded' },
  errorNetwork: { vi: 'Không kết nối được tới trung tâm.', en: 'The collector cannot be reached.' },
  errorStoreAway: {
    vi: 'Kho số liệu tạm thời không trả lời. Trạng thái máy vẫn được cập nhật.',
    en: 'The store does not answer for now. The state of the machines is still live.',
  },
  errorForbidden: { vi: 'Tài khoản không đủ quyền.', en: 'Your role does not allow this.' },
  errorWrongPassword: { vi: 'Mật khẩu không đúng.', en: 'The password is wrong.' },
  errorWrongCode: {
    vi: 'Mã 6 số không đúng hoặc đã hết hạn. Hãy chờ mã mới rồi nhập lại.',
    en: 'The 6 digits are wrong or out of date. Wait for the next ones.',
  },
  errorLocked: {
    vi: 'Sai quá nhiều lần. Hãy thử lại sau {seconds} giây.',
    en: 'Too many attempts. Try again in {seconds} seconds.',
  },
  errorInvalid: { vi: 'Có giá trị chưa đúng; xem ở từng ô.', en: 'Some values cannot be used; see beside each.' },
  errorOther: { vi: 'Trung tâm trả lời lỗi {status}.', en: 'The collector answered with error {status}.' },
} as const satisfies Record<string, Readonly<Record<Language, string>>>;

export type TextKey = keyof typeof dictionary;

type NamesIn<S extends string> = S extends `${string}{${infer Name}}${infer Rest}` ? Name | NamesIn<Rest> : never;

/** The values that the text of a key asks for. */
export type TextValues<K extends TextKey> = NamesIn<(typeof dictionary)[K][Language]>;

/** Keys of texts that ask for no values. */
export type PlainTextKey = { [K in TextKey]: [TextValues<K>] extends [never] ? K : never }[TextKey];

/** `translate('pageRange', { from, to, total })`; a text without values takes none. */
export type Translate = <K extends TextKey>(
  key: K,
  ...values: [TextValues<K>] extends [never] ? [] : [Readonly<Record<TextValues<K>, string>>]
) => string;

export function translator(language: Language): Translate {
  return (key, ...[values]) => {
    const text: string = dictionary[key][language];
    if (!values) return text;
    return text.replace(/\{(\w+)\}/g, (_, name: string) => (values as Record<string, string>)[name] ?? '');
  };
}
