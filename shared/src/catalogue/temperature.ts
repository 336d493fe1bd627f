import type { MeasurementDefinition } from './definition.ts';

/** One series a sensor. Sources on Linux: `/sys/class/hwmon`, and `/sys/class/thermal` where that has nothing. */
export const temperature = {
  number: 31,
  vi: 'Nhiệt độ',
  en: 'Temperature',
  cadence: '0 * * * * *',
  tags: { sensor: { vi: 'Cảm biến', en: 'Sensor' } },
  fields: {
    current_celsius: { number: 1, type: 'float', unit: 'celsius', decimals: 1, vi: 'Nhiệt độ', en: 'Temperature' },
    crit_celsius: {
      number: 2,
      type: 'float',
      unit: 'celsius',
      decimals: 1,
      vi: 'Giới hạn nguy hiểm do nhà sản xuất đặt',
      en: 'Critical limit of the maker',
    },
    headroom_celsius: {
      number: 3,
      type: 'float',
      unit: 'celsius',
      decimals: 1,
      vi: 'Còn cách giới hạn; số âm là đã vượt',
      en: 'Left to the limit; negative past it',
    },
  },
} as const satisfies MeasurementDefinition;
