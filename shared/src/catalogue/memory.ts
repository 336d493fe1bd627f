import type { MeasurementDefinition } from './definition.ts';

/** Source on Linux: `/proc/meminfo`, proc(5). */
export const memory = {
  number: 2,
  vi: 'Bộ nhớ',
  en: 'Memory',
  cadence: '*/10 * * * * *',
  tags: {},
  fields: {
    total_bytes: { number: 1, type: 'integer', unit: 'bytes', vi: 'Dung lượng RAM', en: 'Installed, seen by the OS' },
    available_bytes: {
      number: 2,
      type: 'integer',
      unit: 'bytes',
      vi: 'Còn dùng được mà không phải đẩy ra đĩa',
      en: 'Available to programs without swapping',
    },
    used_percent: {
      number: 3,
      type: 'float',
      unit: 'percent',
      decimals: 1,
      vi: 'Tỷ lệ RAM đã dùng',
      en: 'Used',
    },
    cached_bytes: { number: 4, type: 'integer', unit: 'bytes', vi: 'Bộ đệm tệp', en: 'File cache' },
    swap_total_bytes: { number: 5, type: 'integer', unit: 'bytes', vi: 'Dung lượng swap', en: 'Swap space' },
    swap_used_bytes: { number: 6, type: 'integer', unit: 'bytes', vi: 'Swap đã dùng', en: 'Swap in use' },
  },
} as const satisfies MeasurementDefinition;
