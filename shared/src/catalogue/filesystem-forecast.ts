import type { MeasurementDefinition } from './definition.ts';

/** When a file system will be full, by how it grew in the last 7 days; worked out by the collector. */
export const filesystem_forecast = {
  number: 28,
  vi: 'Dự báo đầy ổ đĩa',
  en: 'Forecast of a file system',
  cadence: 'event',
  tags: {
    mount: { vi: 'Điểm gắn hoặc ổ đĩa', en: 'Mount point or drive' },
  },
  fields: {
    full_in_days: {
      number: 1,
      type: 'float',
      unit: 'none',
      decimals: 1,
      vi: 'Số ngày nữa thì đầy; 365 là từ một năm trở lên hoặc không tăng',
      en: 'Days until it is full; 365 stands for a year or more, or no growth',
    },
  },
} as const satisfies MeasurementDefinition;
