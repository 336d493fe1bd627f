/** Why a check of connectivity failed, in words. */
import type { CheckError } from '@vonggac/shared';
import type { Language } from './dictionary.ts';
import { safeText } from './safe-text.ts';

const words: Readonly<Record<CheckError, Readonly<Record<Language, string>>>> = {
  refused: { vi: 'bị từ chối kết nối', en: 'connection refused' },
  timeout: { vi: 'không trả lời kịp', en: 'no answer in time' },
  unreachable: { vi: 'không có đường tới', en: 'no way there' },
  dns: { vi: 'không phân giải được tên', en: 'the name does not resolve' },
  'dns-refused': { vi: 'máy chủ DNS từ chối trả lời', en: 'the resolver refuses to answer' },
  'dns-answer': { vi: 'DNS trả lời sai', en: 'wrong answer of the resolver' },
  tls: { vi: 'không thiết lập được TLS', en: 'TLS could not be set up' },
  'tls-expired': { vi: 'chứng thư hết hạn', en: 'the certificate has expired' },
  'tls-name': { vi: 'chứng thư cấp cho tên khác', en: 'the certificate is for another name' },
  'tls-chain': { vi: 'chứng thư không đáng tin', en: 'the certificate cannot be trusted' },
  'http-3xx': { vi: 'bị chuyển sang địa chỉ khác (HTTP 3xx)', en: 'sent elsewhere (HTTP 3xx)' },
  'http-4xx': { vi: 'máy chủ không nhận yêu cầu (HTTP 4xx)', en: 'the request is refused (HTTP 4xx)' },
  'http-5xx': { vi: 'máy chủ báo lỗi (HTTP 5xx)', en: 'the server has an error (HTTP 5xx)' },
  'http-status': { vi: 'mã HTTP khác mong đợi', en: 'another HTTP status than expected' },
  'redirect-loop': { vi: 'chuyển địa chỉ vòng vo không dứt', en: 'redirects without end' },
  keyword: { vi: 'trang không có nội dung mong đợi', en: 'the page lacks the expected text' },
  'too-large': { vi: 'nội dung quá lớn', en: 'the answer is too large' },
  'bad-answer': { vi: 'trả lời sai giao thức', en: 'the answer makes no sense' },
  loss: { vi: 'mất gói tin', en: 'packets are lost' },
  reset: { vi: 'kết nối bị ngắt giữa chừng', en: 'the connection was cut off' },
  forbidden: { vi: 'địa chỉ không được phép đo', en: 'an address that must not be checked' },
  unsupported: { vi: 'máy này không đo được', en: 'this machine cannot check it' },
  failed: { vi: 'đo không thành', en: 'the check failed' },
};

/** A word of a newer agent is shown as it says it. */
export function writeCheckError(error: string, language: Language): string {
  return Object.hasOwn(words, error) ? words[error as CheckError][language] : safeText(error);
}
