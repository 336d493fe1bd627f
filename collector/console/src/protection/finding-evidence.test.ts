import { expect, test } from 'vitest';
import { createFormat } from '../text/format.ts';
import { evidenceTexts } from './finding-evidence.ts';

const writing = { language: 'vi', format: { ...createFormat('vi'), date: () => 'ngày đó' } } as const;

test.each([
  [
    { age_hours: '216', limit_days: '7', signature_at: '2026-01-05T08:00:00.000Z' },
    'tuổi mẫu: 9 ngày · giới hạn: 7 ngày · mẫu ngày: ngày đó',
  ],
  [
    { reason: 'state-unknown', read_state: 'denied' },
    'có phần mềm, không đọc được trạng thái · đọc: tác tử không có quyền đọc',
  ],
  [
    { reason: 'state-unknown, signature-age-unknown', read_state: 'denied, timeout' },
    'có phần mềm, không đọc được trạng thái; không biết ngày của mẫu · đọc: tác tử không có quyền đọc, đọc quá lâu, không kịp trả lời',
  ],
  [
    { running: 'false', realtime: 'true', mode: 'on_demand' },
    'dịch vụ: đã dừng · thời gian thực: bật · chế độ: chỉ quét khi được gọi',
  ],
  [
    { products: 'clamav, other-x +4', profiles: 'domain, public' },
    'phần mềm: ClamAV, other-x +4 · tắt ở: mạng miền, mạng công cộng',
  ],
  [{ threats: '1200', names: '7', action: 'reboot' }, 'số loại mã độc: 1.200 · tên: 7 · chờ: khởi động lại máy'],
  [{ skew_hours: '-30' }, 'lệch: 1 ngày'],
  [{ constructor: 'x\u202e', mode: 'toString' }, 'constructor: x\ufffd · chế độ: toString'],
  [{}, ''],
])('%j', (evidence, texts) => expect(evidenceTexts(evidence, writing).join(' · ')).toBe(texts));
