/** Verdicts and what they rest on, in words; they claim no more than what was seen. */
import type { Confidence, Verdict } from '../../../src/outages/outage.ts';
import type { Language } from '../text/dictionary.ts';
import { safeText } from '../text/safe-text.ts';

type Words = Readonly<Record<Language, string>>;

const verdicts: Readonly<Record<Verdict, Words>> = {
  'agent-stopped': { vi: 'Tác tử dừng hoặc treo, máy vẫn chạy', en: 'The agent stopped or hangs, the machine goes on' },
  'machine-shut-down': { vi: 'Máy được tắt đúng cách', en: 'The machine was shut down' },
  'machine-lost': {
    vi: 'Máy mất nguồn, treo cứng hoặc đứt mạng',
    en: 'The machine lost its power, crashed or was cut off',
  },
  'lan-isolated': { vi: 'Lỗi mạng LAN của đơn vị', en: "The unit's LAN is broken" },
  'unit-link-down': { vi: 'Đứt đường truyền của đơn vị', en: "The unit's line is down" },
  'unit-power-loss': { vi: 'Đơn vị mất điện', en: 'The unit lost its power' },
  'internet-down': { vi: 'Đứt đường Internet của đơn vị', en: "The unit's Internet line is down" },
  'collector-outage': { vi: 'Trung tâm giám sát bị gián đoạn, không rõ máy', en: 'The collector itself was cut off' },
  planned: { vi: 'Trong kế hoạch', en: 'Planned' },
  unknown: { vi: 'Chưa rõ nguyên nhân', en: 'Unknown' },
};

const confidences: Readonly<Record<Confidence, Words>> = {
  low: { vi: 'ít chắc chắn', en: 'a guess' },
  medium: { vi: 'khá chắc chắn', en: 'likely' },
  high: { vi: 'chắc chắn', en: 'certain' },
};

/** What was seen; shown by the lists of evidence of outages and incidents. */
export const outageSights: Readonly<Record<string, Words>> = {
  goodbye: { vi: 'Tác tử báo trước khi dừng.', en: 'The agent said goodbye.' },
  'connection-closed': {
    vi: 'Kết nối bị đóng đột ngột từ phía máy, không có lời báo.',
    en: 'The connection was closed from its end without a word.',
  },
  silence: { vi: 'Máy im lặng, kết nối không được đóng.', en: 'It fell silent; the connection was not closed.' },
  'connection-dropped': { vi: 'Trung tâm chủ động ngắt kết nối.', en: 'The collector ended the connection.' },
  'not-seen-leaving': {
    vi: 'Máy vắng mặt từ trước khi trung tâm khởi động.',
    en: 'It was away when the collector started.',
  },
  maintenance: { vi: 'Đang trong lịch bảo trì.', en: 'Maintenance was planned.' },
  'off-hours': { vi: 'Ngoài giờ làm việc của đơn vị.', en: 'It was outside working hours.' },
  'most-units-silent': {
    vi: 'Phần lớn đơn vị im lặng trong cùng vài giây: đường truyền của chính trung tâm.',
    en: 'Most units fell silent within the same seconds: the line of the collector itself.',
  },
  'lost-together': {
    vi: 'Các máy khác của đơn vị mất cùng lúc.',
    en: 'Other machines of the unit were lost in the same moment.',
  },
  'others-heard': {
    vi: 'Các máy khác của đơn vị vẫn có tín hiệu.',
    en: 'Other machines of the unit were heard all the while.',
  },
  'neighbour-answers': {
    vi: 'Cổng LAN thấy máy vẫn trả lời trong mạng.',
    en: 'The gateway says that the machine answers on its LAN.',
  },
  'neighbour-silent': {
    vi: 'Cổng LAN không thấy máy trả lời trong mạng.',
    en: 'The gateway says that the machine does not answer on its LAN.',
  },
  'edge-answers': {
    vi: 'Địa chỉ biên của đường truyền vẫn trả lời trung tâm.',
    en: "The line's edge answered the collector.",
  },
  'edge-silent': {
    vi: 'Địa chỉ biên của đường truyền không trả lời trung tâm.',
    en: "The line's edge did not answer the collector.",
  },
  'on-battery': {
    vi: 'Có máy của đơn vị báo mất điện lưới, đang chạy bằng pin.',
    en: 'A machine of the unit said that it lived on a battery.',
  },
  'several-machines-started': {
    vi: 'Các máy mất cùng lúc đều vừa khởi động lại.',
    en: 'Machines that were lost together have started anew.',
  },
  'machine-started': { vi: 'Máy khởi động lại trong lúc mất liên lạc.', en: 'The machine started meanwhile.' },
  'agent-started': {
    vi: 'Tác tử khởi động lại, máy thì không.',
    en: 'The agent started anew, the machine did not.',
  },
  'agent-lived': {
    vi: 'Tác tử và máy vẫn chạy trong suốt thời gian đó.',
    en: 'Agent and machine ran all the while.',
  },
  'measured-meanwhile': {
    vi: 'Máy vẫn đo trong lúc không ai nghe được.',
    en: 'It measured while nobody heard it.',
  },
  'nothing-measured': { vi: 'Trong lúc đó máy không đo gì.', en: 'It measured nothing meanwhile.' },
  'router-was-reached': {
    vi: 'Trong lúc đó máy vẫn tới được bộ định tuyến của đơn vị.',
    en: "It reached the unit's router meanwhile.",
  },
  'router-was-silent': {
    vi: 'Trong lúc đó máy không tới được bộ định tuyến của đơn vị.',
    en: "It did not reach the unit's router meanwhile.",
  },
  ...Object.fromEntries(
    Object.entries(verdicts).map(([verdict, { vi, en }]) => [
      verdict,
      { vi: `Kết luận: ${vi}.`, en: `Verdict: ${en}.` },
    ]),
  ),
};

/** What a newer collector says is shown as it says it. */
export function verdictWords(verdict: string, language: Language): string {
  return Object.hasOwn(verdicts, verdict) ? verdicts[verdict as Verdict][language] : safeText(verdict);
}

export function confidenceWords(confidence: string, language: Language): string {
  return Object.hasOwn(confidences, confidence)
    ? confidences[confidence as Confidence][language]
    : safeText(confidence);
}
