/** The words of messages, in both languages. */

import { type InBothLanguages, type RuleTexts, ruleById, rules } from '@vonggac/shared';
import type { DetectorKind, IncidentKind, Severity } from '../incidents/incident.ts';
import type { IncidentEvent } from './events.ts';

export type Language = 'vi' | 'en';

export const severityWords: Readonly<Record<Severity, InBothLanguages>> = {
  critical: { vi: 'NGHIÊM TRỌNG', en: 'CRITICAL' },
  warning: { vi: 'CẢNH BÁO', en: 'WARNING' },
  info: { vi: 'LƯU Ý', en: 'NOTE' },
};

export const eventWords: Readonly<Record<IncidentEvent, InBothLanguages>> = {
  opened: { vi: 'Mới', en: 'New' },
  updated: { vi: 'Diễn biến thêm', en: 'Goes on' },
  escalated: { vi: 'Chưa ai nhận xử lý', en: 'Nobody has taken it' },
  resolved: { vi: 'ĐÃ XONG', en: 'RESOLVED' },
};

export const labels = {
  since: { vi: 'Từ', en: 'Since' },
  until: { vi: 'Đến', en: 'Until' },
  times: { vi: 'Số lần thấy', en: 'Times seen' },
  unit: { vi: 'Đơn vị', en: 'Unit' },
  contact: { vi: 'Liên hệ của đơn vị', en: 'Contact of the unit' },
  level: { vi: 'Mức báo', en: 'Level' },
  acknowledged: { vi: 'Đã nhận xử lý', en: 'Acknowledged by' },
  assigned: { vi: 'Người phụ trách', en: 'Assigned to' },
  note: { vi: 'Ghi chú', en: 'Note' },
  seen: { vi: 'Ghi nhận gần nhất', en: 'Seen last' },
  impact: { vi: 'Ảnh hưởng', en: 'Impact' },
  first: { vi: 'Làm ngay', en: 'Do first' },
  call: { vi: 'Gọi ai', en: 'Call' },
  runbook: { vi: 'Hướng dẫn xử lý', en: 'Runbook' },
  console: { vi: 'Xem và nhận xử lý', en: 'See and acknowledge' },
  number: { vi: 'Sự cố số', en: 'Incident' },
  merged: { vi: 'Đã gộp vào sự cố số', en: 'Is told by incident' },
} as const satisfies Readonly<Record<string, InBothLanguages>>;

const facts: Readonly<Record<string, InBothLanguages>> = {
  names: { vi: 'Các máy', en: 'Machines' },
  affected: { vi: 'Máy đã dính', en: 'Affected' },
  machines: { vi: 'Số máy', en: 'Number of machines' },
  units: { vi: 'Số đơn vị', en: 'Number of units' },
  cut_off: { vi: 'Đơn vị không tới được', en: 'Units cut off' },
  hostname: { vi: 'Tên máy', en: 'Hostname' },
  reading: { vi: 'Số đo', en: 'Reading' },
  value: { vi: 'Giá trị', en: 'Value' },
  carrier: { vi: 'Nhà mạng', en: 'Carrier' },
  link: { vi: 'Đường truyền', en: 'Line' },
  error: { vi: 'Lỗi', en: 'Error' },
  problem: { vi: 'Lỗi gặp phải', en: 'Problem' },
  text: { vi: 'Chi tiết', en: 'Detail' },
  product: { vi: 'Phần mềm', en: 'Product' },
  name: { vi: 'Tên', en: 'Name' },
  object: { vi: 'Tìm thấy trong', en: 'Found in' },
};

/** The facts that a reader of a message needs, of all that were seen. */
export function factWord(name: string, language: Language): string | undefined {
  return Object.hasOwn(facts, name) ? facts[name]?.[language] : undefined;
}

interface KindWords extends Partial<RuleTexts> {
  readonly title: InBothLanguages;
  readonly runbook: string | undefined;
}

/** Detectors of whose matter several rules tell, each of a part. */
const common: Readonly<Partial<Record<DetectorKind, Omit<KindWords, 'runbook'>>>> = {
  'machine-offline': {
    title: { vi: 'Máy chủ hoặc cổng LAN mất liên lạc', en: 'A server or gateway is away' },
  },
  malware: {
    title: { vi: 'Phát hiện mã độc', en: 'Malware was found' },
  },
  'collector-trouble': {
    title: { vi: 'Trung tâm giám sát gặp trục trặc', en: 'The collector is in trouble' },
    what: { vi: 'Một phần của trung tâm không làm được việc.', en: 'A part of the collector does not do its work.' },
    impact: {
      vi: 'Số liệu hoặc thông báo có thể đến muộn; máy ở các đơn vị vẫn giữ số liệu để gửi lại.',
      en: 'Data or notifications may be late; machines keep their data and send it later.',
    },
    firstAction: {
      vi: 'Mở trang Trung tâm: trang đó nói hỏng gì và phải làm gì.',
      en: 'Open the page Collector: it says what is wrong and what to do.',
    },
  },
};

/** What is said of a kind; of a detector's, by the rule of the same matter. */
export function wordsOf(kind: IncidentKind, severity: Severity = 'critical'): KindWords {
  const telling = rules.filter(({ tells }) => tells === kind);
  const rule = ruleById(kind) ?? telling.find((each) => each.severity === severity) ?? telling[0];
  const said: Readonly<Record<string, Omit<KindWords, 'runbook'>>> = common;
  return { ...rule?.texts, title: rule?.title ?? { vi: kind, en: kind }, ...said[kind], runbook: rule?.id };
}
