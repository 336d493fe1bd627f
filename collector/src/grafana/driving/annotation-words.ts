/** What annotations say. Grafana shows their text as HTML that it has cleaned: machines and people get no say in that. */

import type { Language } from '@vonggac/dashboards';
import { type InBothLanguages, ruleById, rules } from '@vonggac/shared';
import type { IncidentKind } from '../../incidents/incident.ts';
import type { Verdict } from '../../outages/outage.ts';
import { cleanText } from '../../registry/audit-entry.ts';

export const words = {
  about: { vi: 'Đối tượng', en: 'About' },
  unit: { vi: 'Đơn vị', en: 'Unit' },
  verdict: { vi: 'Kết luận', en: 'Verdict' },
  machines: { vi: 'Số máy', en: 'Machines' },
  incident: { vi: 'Sự cố số', en: 'Incident' },
  acknowledged: { vi: 'Đã nhận bởi {by} lúc {time}', en: 'Acknowledged by {by} on {time}' },
  closed: { vi: 'Đã đóng bởi {by} lúc {time}', en: 'Closed by {by} on {time}' },
  toldBy: { vi: 'Cùng nguyên nhân với sự cố số {id}', en: 'Has the same cause as incident {id}' },
  maintenance: { vi: 'Bảo trì', en: 'Maintenance' },
  line: { vi: 'đường truyền {link}', en: 'line {link}' },
  madeBy: { vi: 'Lịch số {id}, {by} lập', en: 'Window {id}, made by {by}' },
  cancelledBy: { vi: '{by} đã hủy', en: 'Cancelled by {by}' },
  enrolled: { vi: 'Máy mới cài tác tử', en: 'Machines were enrolled' },
  retired: { vi: 'Máy ngừng giám sát', en: 'Machines were retired' },
  updated: { vi: 'Tác tử đổi phiên bản', en: 'Agents changed their version' },
} satisfies Record<string, InBothLanguages>;

const kinds: Partial<Readonly<Record<IncidentKind, InBothLanguages>>> = {
  'unit-unreachable': { vi: 'Mất liên lạc với đơn vị', en: 'A unit cannot be reached' },
  'machine-offline': { vi: 'Máy mất tín hiệu', en: 'A machine is away' },
  'agent-stopped': { vi: 'Tác tử đã dừng', en: 'An agent has stopped' },
  'collector-cut-off': { vi: 'Trung tâm giám sát mất đường truyền', en: 'The collector is cut off' },
  'link-down': { vi: 'Đứt đường truyền', en: 'A line is down' },
  'service-down': { vi: 'Dịch vụ dùng chung ngừng', en: 'A shared service is down' },
  malware: { vi: 'Phát hiện mã độc', en: 'Malware was found' },
  outbreak: { vi: 'Mã độc lây lan', en: 'Malware spreads' },
  'compromise-hint': { vi: 'Dấu hiệu bị xâm nhập', en: 'A hint of a break-in' },
  clone: { vi: 'Hai máy dùng chung một khóa', en: 'Two machines with one key' },
  'backup-failed': { vi: 'Không sao lưu được', en: 'The backup could not be made' },
};

export const verdictWords: Readonly<Record<Verdict, InBothLanguages>> = {
  'agent-stopped': { vi: 'tác tử dừng hoặc treo, máy vẫn chạy', en: 'the agent stopped, the machine goes on' },
  'machine-shut-down': { vi: 'máy được tắt đúng cách', en: 'the machine was shut down' },
  'machine-lost': {
    vi: 'máy mất nguồn, treo cứng hoặc đứt mạng',
    en: 'the machine lost power, crashed or was cut off',
  },
  'lan-isolated': { vi: 'lỗi mạng LAN của đơn vị', en: "the unit's LAN is broken" },
  'unit-link-down': { vi: 'đứt đường truyền của đơn vị', en: "the unit's line is down" },
  'unit-power-loss': { vi: 'đơn vị mất điện', en: 'the unit lost its power' },
  'internet-down': { vi: 'đứt đường Internet của đơn vị', en: "the unit's Internet line is down" },
  'collector-outage': { vi: 'trung tâm giám sát bị gián đoạn', en: 'the collector itself was cut off' },
  planned: { vi: 'trong kế hoạch', en: 'planned' },
  unknown: { vi: 'chưa rõ nguyên nhân', en: 'unknown' },
};

export function kindWords(kind: IncidentKind, language: Language): string {
  const told = kinds[kind] ?? (ruleById(kind) ?? rules.find(({ tells }) => tells === kind))?.title;
  return told?.[language] ?? kind;
}

/** Text from machines and people: no tag in it is one. */
export function plain(text: string): string {
  return cleanText(text).replaceAll('<', '‹').replaceAll('>', '›').replaceAll('&', '＆');
}

export function fill(text: InBothLanguages, language: Language, values: Readonly<Record<string, string>>): string {
  return text[language].replace(/\{(\w+)\}/g, (_, name: string) => plain(values[name] ?? ''));
}

/** Reads well on lines of their own and, where Grafana joins them, as one. */
export function sentences(texts: readonly string[]): string {
  return texts.map((text) => text.replace(/[.\s]+$/, '')).join('.\n');
}

/** The wall clock of the calendar. */
export function clockWords(time: number, { language, timeZone }: { language: Language; timeZone: string }): string {
  return new Intl.DateTimeFormat(language === 'vi' ? 'vi-VN' : 'en-GB', {
    timeZone,
    dateStyle: 'short',
    timeStyle: 'short',
  }).format(time);
}
