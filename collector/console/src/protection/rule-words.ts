/** What is wrong when a rule is not met, in words. */
import type { ProtectionView } from '../../../src/http/protection-schemas.ts';
import type { Language } from '../text/dictionary.ts';
import { writeName } from './words.ts';

type Rule = ProtectionView['findings'][number]['rule'];

const rules: Readonly<Record<Rule, Readonly<Record<Language, string>>>> = {
  'AV-01': { vi: 'Thiếu phần mềm diệt vi-rút thường trực', en: 'No antivirus that guards the machine' },
  'AV-02': { vi: 'Phần mềm diệt vi-rút không chạy', en: 'The antivirus does not run' },
  'AV-03': { vi: 'Bảo vệ thời gian thực đang tắt', en: 'Real-time protection is off' },
  'AV-04': { vi: 'Mẫu nhận dạng quá cũ', en: 'The signatures are too old' },
  'AV-05': { vi: 'Không cập nhật được mẫu nhận dạng', en: 'Signature updates do not succeed' },
  'AV-06': { vi: 'Lâu chưa quét', en: 'Scans are overdue' },
  'AV-07': { vi: 'Giấy phép hết hạn hoặc sắp hết hạn', en: 'The licence has ended or ends soon' },
  'AV-08': { vi: 'Đã phát hiện mã độc trên máy', en: 'Malware was found on the machine' },
  'AV-09': { vi: 'Chống can thiệp đang tắt', en: 'Tamper protection is off' },
  'AV-10': { vi: 'Hai phần mềm diệt vi-rút cùng chạy', en: 'Two antivirus products at the same time' },
  'AV-11': { vi: 'Phần mềm chờ người thao tác', en: 'The product waits for somebody to act' },
  'AV-12': { vi: 'Phần mềm diệt vi-rút cần nâng cấp', en: 'The product itself needs an update' },
  'AV-13': { vi: 'Không nối với máy chủ quản trị tập trung', en: 'Not centrally managed' },
  'AV-15': {
    vi: 'Windows Security Center ghi một phần mềm không còn trên máy',
    en: 'Windows Security Center lists a product that is not there',
  },
  'AV-16': { vi: 'Chưa rõ máy có được bảo vệ không', en: 'Nobody knows whether it is protected' },
  'FW-01': { vi: 'Tường lửa của máy chưa bật đủ', en: 'The host firewall is not fully on' },
  'UP-01': { vi: 'Còn bản vá bảo mật chưa cài', en: 'Security updates are missing' },
  'UP-02': { vi: 'Chờ khởi động lại đã lâu', en: 'A restart has been pending for long' },
  'DE-01': { vi: 'Ổ hệ thống chưa được mã hóa', en: 'The system volume is not encrypted' },
  'OS-EOL': {
    vi: 'Hệ điều hành hết hoặc sắp hết hỗ trợ',
    en: 'The operating system is out of support, or soon will be',
  },
};

/** A rule of a newer collector is shown by its code. */
export function ruleWords(rule: string, language: Language): string {
  return writeName(rules, rule, language);
}
