/** Why a line is in its state, in words; they claim no more than what was seen. */
import type { LinkCause } from '../../../src/connectivity/link-judgement.ts';
import type { Language } from '../text/dictionary.ts';
import { safeText } from '../text/safe-text.ts';

export const causeWords: Readonly<Record<LinkCause, Readonly<Record<Language, string>>>> = {
  works: { vi: 'Hoạt động bình thường', en: 'Nothing is wrong' },
  'edge-mute': {
    vi: 'Vẫn truyền được, chỉ địa chỉ biên không trả lời',
    en: 'Traffic passes; only the edge address does not answer',
  },
  loss: { vi: 'Mất nhiều gói tin', en: 'Too many packets are lost' },
  latency: { vi: 'Trả lời quá chậm', en: 'Answers take too long' },
  'one-way': {
    vi: 'Đơn vị vẫn đi ra được, trung tâm không tới được địa chỉ biên',
    en: 'The unit gets out, the collector cannot reach its edge',
  },
  'both-ends-silent': {
    vi: 'Địa chỉ biên không trả lời, không máy nào của đơn vị có tín hiệu',
    en: 'The edge does not answer and no machine of the unit is heard',
  },
  'edge-silent': {
    vi: 'Địa chỉ biên không trả lời; chưa có bằng chứng từ đầu kia',
    en: 'The edge does not answer; there is no evidence of the other end',
  },
  'next-hop-silent': {
    vi: 'Cổng LAN không tới được đầu bên kia của đường truyền',
    en: 'The gateway cannot reach beyond the line',
  },
  'no-carrier': {
    vi: 'Cổng mạng nối vào đường truyền không có tín hiệu',
    en: "The gateway's interface to the line is down",
  },
  'line-cut': { vi: 'Cả hai đầu đều thấy đường bị đứt', en: 'Both ends say that the line is dead' },
  'inside-unit': {
    vi: 'Địa chỉ biên trả lời, nhưng cổng LAN không dùng được đường: lỗi phía trong đơn vị',
    en: 'The edge answers, but the gateway cannot use the line: the fault is behind the edge',
  },
  'router-silent': {
    vi: 'Bộ định tuyến của đơn vị không trả lời máy bên trong',
    en: "The unit's router did not answer its own machines",
  },
  'beyond-next-hop': {
    vi: 'Cổng LAN vẫn tới được bộ định tuyến kế tiếp: đứt ở xa hơn',
    en: 'The gateway reached the next router: the break was farther away',
  },
  'unit-off': {
    vi: 'Cổng LAN bị tắt rồi khởi động lại: mất điện hoặc lỗi thiết bị',
    en: 'The gateway was off and started again: power or equipment',
  },
  unclear: { vi: 'Các dấu hiệu không khớp nhau, chưa kết luận được', en: 'What is known does not fit together' },
  'agents-silent': {
    vi: 'Không máy nào của đơn vị có tín hiệu; không ai kiểm tra đường từ bên ngoài',
    en: 'No machine of the unit is heard, and nobody checks the line from outside',
  },
  'no-evidence': { vi: 'Không có ai kiểm tra đường này', en: 'Nobody checks the line' },
  'collector-outage': { vi: 'Trung tâm giám sát ngừng chạy', en: 'The collector itself was away' },
};

/** A cause of a newer collector is shown as it says it. */
export function writeCause(cause: string, language: Language): string {
  return Object.hasOwn(causeWords, cause) ? causeWords[cause as LinkCause][language] : safeText(cause);
}
