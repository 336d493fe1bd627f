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
    alertable: {
      number: 5,
      type: 'integer',
      unit: 'none',
      vi: '1 cần báo: ngoài bảo trì, chưa được báo cùng sự cố của cả đơn vị',
      en: '1 when someone should be told: not under maintenance, and not told with the outage of its unit',
    },
    alert: {
      number: 6,
      type: 'integer',
      unit: 'none',
      vi: 'Cần báo điều gì: 0 không, 1 đứt, 2 kém, 3 đứt Internet mà đường khác của đơn vị còn thông',
      en: 'What to tell: 0 nothing, 1 down, 2 poor, 3 the Internet is away while another line of the unit works',
    },
  },
} as const satisfies MeasurementDefinition;
