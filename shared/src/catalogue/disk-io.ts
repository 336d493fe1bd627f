import type { MeasurementDefinition } from './definition.ts';

/** One series a whole disk, rates between two readings. Source on Linux: `/proc/diskstats`, iostats(5). */
export const disk_io = {
  number: 4,
  vi: 'Vào/ra đĩa',
  en: 'Disk I/O',
  cadence: '*/10 * * * * *',
  tags: { device: { vi: 'Đĩa', en: 'Disk' } },
  fields: {
    read_bytes_per_second: { number: 1, type: 'integer', unit: 'bytes_per_second', vi: 'Đọc', en: 'Read' },
    write_bytes_per_second: { number: 2, type: 'integer', unit: 'bytes_per_second', vi: 'Ghi', en: 'Written' },
    reads_per_second: {
      number: 3,
      type: 'float',
      unit: 'per_second',
      decimals: 1,
      vi: 'Số lượt đọc',
      en: 'Read requests',
    },
    writes_per_second: {
      number: 4,
      type: 'float',
      unit: 'per_second',
      decimals: 1,
      vi: 'Số lượt ghi',
      en: 'Write requests',
    },
    busy_percent: {
      number: 5,
      type: 'float',
      unit: 'percent',
      decimals: 1,
      vi: 'Tỷ lệ thời gian đĩa bận',
      en: 'Time with a request under way',
    },
  },
} as const satisfies MeasurementDefinition;
