/** What the numbers and codes of derived series say, in the one colour language. */
import { rules } from '@vonggac/shared';
import type { Text } from '../language.ts';
import type { State } from '../theme.ts';

type States = Readonly<Record<string, State>>;

/** Where a list holds only what is wrong. */
export const nothingWrong: Text = { vi: 'Không có (hoặc chưa có dữ liệu)', en: 'None (or no data yet)' };

/** The values of `unit_state.state`. */
export const unitStates: States = {
  '-1': { text: { vi: 'Chưa rõ', en: 'Unknown' }, colour: 'noData' },
  0: { text: { vi: 'Mất liên lạc', en: 'Unreachable' }, colour: 'critical' },
  1: { text: { vi: 'Mất một phần', en: 'Partly away' }, colour: 'warning' },
  2: { text: { vi: 'Bình thường', en: 'All there' }, colour: 'ok' },
  3: { text: { vi: 'Không máy nào bật', en: 'No machine is on' }, colour: 'planned' },
};

/** The values of `agent_state.state`. */
export const agentStates: States = {
  '-1': { text: { vi: 'Chưa rõ', en: 'Unknown' }, colour: 'noData' },
  0: { text: { vi: 'Mất kết nối', en: 'Offline' }, colour: 'critical' },
  1: { text: { vi: 'Trễ', en: 'Late' }, colour: 'warning' },
  2: { text: { vi: 'Đang kết nối', en: 'Online' }, colour: 'ok' },
  3: { text: { vi: 'Nghỉ theo kế hoạch', en: 'Planned' }, colour: 'planned' },
};

/** `alertable` of units and machines: whether someone should be told. */
export const alertableStates: States = {
  0: { text: { vi: 'Không', en: 'No' }, colour: 'ok' },
  1: { text: { vi: 'Cần báo', en: 'Yes' }, colour: 'critical' },
};

/** The values of `antivirus_state.state`. */
export const protectionStates: States = {
  '-1': { text: { vi: 'Chưa rõ', en: 'Unknown' }, colour: 'noData' },
  0: { text: { vi: 'Không được bảo vệ', en: 'Unprotected' }, colour: 'critical' },
  1: { text: { vi: 'Cần chú ý', en: 'Attention' }, colour: 'warning' },
  2: { text: { vi: 'Được bảo vệ', en: 'Protected' }, colour: 'ok' },
};

/** `malware.resolved`. */
export const resolvedStates: States = {
  0: { text: { vi: 'Chưa', en: 'No' }, colour: 'critical' },
  1: { text: { vi: 'Rồi', en: 'Yes' }, colour: 'ok' },
};

/** `malware.action`. */
export const malwareActions: States = {
  none: { text: { vi: 'Không xử lý', en: 'None' } },
  detected: { text: { vi: 'Chỉ phát hiện', en: 'Detected' } },
  blocked: { text: { vi: 'Đã chặn', en: 'Blocked' } },
  cleaned: { text: { vi: 'Đã làm sạch', en: 'Cleaned' } },
  quarantined: { text: { vi: 'Đã cách ly', en: 'Quarantined' } },
  removed: { text: { vi: 'Đã xóa', en: 'Removed' } },
  allowed: { text: { vi: 'Được cho phép', en: 'Allowed' } },
  failed: { text: { vi: 'Xử lý hỏng', en: 'Failed' } },
};

/** Why something is away. */
export const verdicts: States = {
  'agent-stopped': { text: { vi: 'Tác tử dừng hoặc treo', en: 'The agent stopped or hangs' } },
  'machine-shut-down': { text: { vi: 'Máy được tắt đúng cách', en: 'The machine was shut down' } },
  'machine-lost': { text: { vi: 'Máy mất nguồn, treo hoặc đứt mạng', en: 'Power lost, crashed or cut off' } },
  'lan-isolated': { text: { vi: 'Lỗi mạng LAN của đơn vị', en: "The unit's LAN is broken" } },
  'unit-link-down': { text: { vi: 'Đứt đường truyền của đơn vị', en: "The unit's line is down" } },
  'unit-power-loss': { text: { vi: 'Đơn vị mất điện', en: 'The unit lost its power' } },
  'internet-down': { text: { vi: 'Đứt Internet của đơn vị', en: "The unit's Internet line is down" } },
  'collector-outage': { text: { vi: 'Trung tâm bị gián đoạn', en: 'The collector was cut off' } },
  planned: { text: { vi: 'Trong kế hoạch', en: 'Planned' } },
  unknown: { text: { vi: 'Chưa rõ nguyên nhân', en: 'Unknown' } },
};

/** `collector_watchdog.ready`. */
export const readyStates: States = {
  0: { text: { vi: 'Không làm được việc', en: 'Cannot work' }, colour: 'critical' },
  1: { text: { vi: 'Làm việc tốt', en: 'Works' }, colour: 'ok' },
};

/** `incident.severity`. */
export const incidentSeverities: States = {
  0: { text: { vi: 'Thông tin', en: 'Info' }, colour: 'info' },
  1: { text: { vi: 'Cảnh báo', en: 'Warning' }, colour: 'warning' },
  2: { text: { vi: 'Nghiêm trọng', en: 'Critical' }, colour: 'critical' },
};

/** `incident.acknowledged`. */
export const seenStates: States = {
  0: { text: { vi: 'Chưa', en: 'No' }, colour: 'warning' },
  1: { text: { vi: 'Rồi', en: 'Yes' }, colour: 'ok' },
};

/** `incident.open`. */
export const openStates: States = {
  0: { text: { vi: 'Đã đóng', en: 'Closed' }, colour: 'ok' },
  1: { text: { vi: 'Đang mở', en: 'Open' }, colour: 'critical' },
};

/** `incident.kind`: as the rule says it that tells of the same, but where several rules do. */
export const incidentKinds: States = {
  ...Object.fromEntries(rules.map(({ id, tells = id, title }) => [tells, { text: title }])),
  'machine-offline': { text: { vi: 'Máy mất tín hiệu', en: 'A machine is away' } },
  'link-down': { text: { vi: 'Đứt đường truyền', en: 'A line is down' } },
  'link-degraded': { text: { vi: 'Đường truyền kém', en: 'A line is poor' } },
  'service-unreachable': { text: { vi: 'Không tới được dịch vụ', en: 'A service is out of reach' } },
  malware: { text: { vi: 'Mã độc', en: 'Malware' } },
  'collector-trouble': { text: { vi: 'Trung tâm trục trặc', en: 'Trouble of the collector' } },
};

/** `posture.firewall`. */
export const firewallStates: States = {
  0: { text: { vi: 'Tắt', en: 'Off' }, colour: 'warning' },
  1: { text: { vi: 'Bật', en: 'On' }, colour: 'ok' },
};
