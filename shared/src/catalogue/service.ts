import type { MeasurementDefinition } from './definition.ts';

/** A shared service of the province, judged by the collector from all that check it. */
export const service = {
  number: 16,
  vi: 'Dịch vụ dùng chung',
  en: 'Shared service',
  cadence: 'event',
  tags: {
    service: { vi: 'Dịch vụ', en: 'Service' },
  },
  fields: {
    state: {
      number: 1,
      type: 'integer',
      unit: 'none',
      vi: '0 ngừng, 1 chập chờn, 2 hoạt động, -1 chưa rõ',
      en: '0 down, 1 partial, 2 up, -1 unknown',
    },
    vantage_points: {
      number: 2,
      type: 'integer',
      unit: 'count',
      vi: 'Số điểm đo đang có kết quả',
      en: 'Machines with a current result',
    },
    failing_points: {
      number: 3,
      type: 'integer',
      unit: 'count',
      vi: 'Số điểm đo không tới được',
      en: 'Machines that cannot reach it',
    },
    rtt_ms: {
      number: 4,
      type: 'float',
      unit: 'milliseconds',
      decimals: 2,
      vi: 'Thời gian trả lời, trung vị',
      en: 'Answer time, median',
    },
    error: { number: 5, type: 'string', unit: 'none', vi: 'Lỗi thường gặp nhất', en: 'The most frequent error' },
  },
} as const satisfies MeasurementDefinition;
