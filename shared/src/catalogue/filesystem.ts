import type { MeasurementDefinition } from './definition.ts';

/** One series a mounted local file system. Source on Linux: `/proc/self/mountinfo` and statfs(2). */
export const filesystem = {
  number: 3,
  vi: 'Hệ thống tệp',
  en: 'File system',
  cadence: '0 * * * * *',
  tags: {
    mount: { vi: 'Điểm gắn hoặc ổ đĩa', en: 'Mount point or drive' },
    type: { vi: 'Kiểu hệ thống tệp', en: 'File system type' },
  },
  fields: {
    total_bytes: { number: 1, type: 'integer', unit: 'bytes', vi: 'Dung lượng', en: 'Size' },
    available_bytes: {
      number: 2,
      type: 'integer',
      unit: 'bytes',
      vi: 'Còn trống cho người dùng thường',
      en: 'Free for unprivileged users',
    },
    used_percent: {
      number: 3,
      type: 'float',
      unit: 'percent',
      decimals: 1,
      vi: 'Tỷ lệ đã dùng, như lệnh df',
      en: 'Used, of what unprivileged users can use (as df shows)',
    },
    inodes_used_percent: {
      number: 4,
      type: 'float',
      unit: 'percent',
      decimals: 1,
      vi: 'Tỷ lệ inode đã dùng',
      en: 'Inodes used',
    },
    read_only: { number: 5, type: 'boolean', unit: 'none', vi: 'Chỉ đọc', en: 'Mounted read-only' },
  },
} as const satisfies MeasurementDefinition;
