/** Names that machines and the collector use for what they know of protection, in words. */
import type { Language } from '../text/dictionary.ts';
import { safeText } from '../text/safe-text.ts';

export type Words = Readonly<Record<string, Readonly<Record<Language, string>>>>;

/** A name that is not known here is shown as it was said. */
export function writeName(words: Words, name: string, language: Language): string {
  return (Object.hasOwn(words, name) ? words[name]?.[language] : undefined) ?? safeText(name);
}

const products: Readonly<Record<string, string>> = {
  clamav: 'ClamAV',
  defender: 'Microsoft Defender',
  kaspersky: 'Kaspersky',
  kesl: 'Kaspersky (Linux)',
  eset: 'ESET',
  bitdefender: 'Bitdefender',
  symantec: 'Symantec',
  trend: 'Trend Micro',
  sophos: 'Sophos',
  trellix: 'Trellix',
  crowdstrike: 'CrowdStrike Falcon',
  sentinelone: 'SentinelOne',
  mde: 'Microsoft Defender for Endpoint',
  bkav: 'Bkav',
  cmc: 'CMC',
  viettel: 'Viettel',
};

/** The name that the machine gave, or that of the tag. */
export function productName(product: string, name?: string): string {
  return safeText(name ?? (Object.hasOwn(products, product) ? products[product] : undefined) ?? product);
}

export const readStates = {
  ok: { vi: 'đọc được', en: 'read' },
  absent: { vi: 'không còn trên máy', en: 'no longer on the machine' },
  denied: { vi: 'tác tử không có quyền đọc', en: 'the agent may not read it' },
  timeout: { vi: 'đọc quá lâu, không kịp trả lời', en: 'no answer in time' },
  error: { vi: 'đọc bị lỗi', en: 'it could not be read' },
  unsupported: { vi: 'có trên máy, nhưng chưa biết cách đọc trạng thái', en: 'present, but its state cannot be read' },
} as const satisfies Words;

export const modes = {
  active: { vi: 'chủ động', en: 'active' },
  passive: { vi: 'thụ động', en: 'passive' },
  on_demand: { vi: 'chỉ quét khi được gọi', en: 'only on demand' },
  disabled: { vi: 'bị tắt', en: 'disabled' },
  not_running: { vi: 'không chạy', en: 'not running' },
  starting: { vi: 'đang khởi động', en: 'starting' },
} as const satisfies Words;

export const licences = {
  valid: { vi: 'còn hạn', en: 'valid' },
  expiring: { vi: 'sắp hết hạn', en: 'ends soon' },
  expired: { vi: 'hết hạn', en: 'expired' },
  none: { vi: 'không có', en: 'none' },
  builtin: { vi: 'có sẵn trong hệ điều hành', en: 'part of the system' },
  free: { vi: 'miễn phí', en: 'free' },
} as const satisfies Words;

export const pendingActions = {
  reboot: { vi: 'khởi động lại máy', en: 'a restart' },
  full_scan: { vi: 'quét toàn bộ', en: 'a full scan' },
  platform_update: { vi: 'nâng cấp phần mềm', en: 'an update of the product' },
} as const satisfies Words;

export const actions = {
  none: { vi: 'chưa làm gì', en: 'none' },
  detected: { vi: 'chỉ phát hiện', en: 'detected only' },
  blocked: { vi: 'đã chặn', en: 'blocked' },
  cleaned: { vi: 'đã làm sạch', en: 'cleaned' },
  quarantined: { vi: 'đã cách ly', en: 'quarantined' },
  removed: { vi: 'đã xóa', en: 'removed' },
  allowed: { vi: 'được cho phép', en: 'allowed' },
  failed: { vi: 'xử lý không thành', en: 'failed' },
} as const satisfies Words;

export const severities = {
  low: { vi: 'Thấp', en: 'Low' },
  medium: { vi: 'Trung bình', en: 'Medium' },
  high: { vi: 'Cao', en: 'High' },
  critical: { vi: 'Rất cao', en: 'Critical' },
  unknown: { vi: 'Chưa rõ', en: 'Unknown' },
} as const satisfies Words;

export const categories = {
  virus: { vi: 'vi-rút', en: 'virus' },
  trojan: { vi: 'trojan', en: 'trojan' },
  worm: { vi: 'sâu máy tính', en: 'worm' },
  ransomware: { vi: 'mã độc tống tiền', en: 'ransomware' },
  spyware: { vi: 'phần mềm gián điệp', en: 'spyware' },
  adware: { vi: 'phần mềm quảng cáo', en: 'adware' },
  pua: { vi: 'phần mềm không mong muốn', en: 'unwanted application' },
  exploit: { vi: 'khai thác lỗ hổng', en: 'exploit' },
  tool: { vi: 'công cụ tấn công', en: 'hacking tool' },
  rootkit: { vi: 'rootkit', en: 'rootkit' },
  phishing: { vi: 'lừa đảo', en: 'phishing' },
  test: { vi: 'tệp thử nghiệm', en: 'test file' },
  other: { vi: 'loại khác', en: 'other' },
} as const satisfies Words;

export const encryptions = {
  on: { vi: 'bật', en: 'on' },
  off: { vi: 'tắt', en: 'off' },
  suspended: { vi: 'tạm dừng', en: 'suspended' },
  in_progress: { vi: 'đang mã hóa', en: 'in progress' },
  unsupported: { vi: 'máy không hỗ trợ', en: 'not supported' },
} as const satisfies Words;

export const profiles = {
  domain: { vi: 'mạng miền', en: 'domain' },
  private: { vi: 'mạng riêng', en: 'private' },
  public: { vi: 'mạng công cộng', en: 'public' },
} as const satisfies Words;
