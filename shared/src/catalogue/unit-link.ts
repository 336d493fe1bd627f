import type { MeasurementDefinition } from './definition.ts';

/** A unit's line, judged by the collector from both ends. */
export const unit_link = {
  number: 17,
  vi: 'Đường truyền của đơn vị',
  en: 'Link of a unit',
  cadence: 'event',
  tags: {
    link: { vi: 'Mã đường truyền', en: 'Link' },
    carrier: { vi: 'Nhà mạng', en: 'Carrier' },
  },
  fields: {
    state: {
      number: 1,
      type: 'integer',
      unit: 'none',
      vi: '0 đứt, 1 kém, 2 tốt, -1 chưa rõ',
      en: '0 down, 1 degraded, 2 up, -1 unknown',
    },
    cause: { number: 2, type: 'string', unit: 'none', vi: 'Nguyên nhân', en: 'Cause' },
    rtt_ms: { number: 3, type: 'float', unit: 'milliseconds', decimals: 2, vi: 'Thời gian khứ hồi', en: 'Round trip' },
    loss_percent: { number: 4, type: 'float', unit: 'percent', decimals: 1, vi: 'Tỷ lệ gói mất', en: 'Packets lost' },
  },
} as const satisfies MeasurementDefinition;
