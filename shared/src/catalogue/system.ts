import type { MeasurementDefinition } from './definition.ts';

/** Source on Linux: `/proc/uptime`, `/proc/stat` (btime), `/proc/loadavg`, proc(5). */
export const system = {
  number: 6,
  vi: 'Hệ điều hành',
  en: 'Operating system',
  cadence: '*/10 * * * * *',
  tags: {},
  fields: {
    uptime_seconds: {
      number: 1,
      type: 'integer',
      unit: 'seconds',
      vi: 'Thời gian từ lúc khởi động',
      en: 'Time since the machine started',
    },
    boot_time_seconds: {
      number: 2,
      type: 'integer',
      unit: 'unix_seconds',
      vi: 'Thời điểm khởi động (Unix)',
      en: 'When the machine started (Unix time)',
    },
    processes: { number: 3, type: 'integer', unit: 'count', vi: 'Số tiến trình', en: 'Processes' },
    load_1m: {
      number: 4,
      type: 'float',
      unit: 'none',
      decimals: 2,
      vi: 'Tải trung bình 1 phút',
      en: 'Load average, 1 minute',
    },
    load_5m: {
      number: 5,
      type: 'float',
      unit: 'none',
      decimals: 2,
      vi: 'Tải trung bình 5 phút',
      en: 'Load average, 5 minutes',
    },
    load_15m: {
      number: 6,
      type: 'float',
      unit: 'none',
      decimals: 2,
      vi: 'Tải trung bình 15 phút',
      en: 'Load average, 15 minutes',
    },
  },
} as const satisfies MeasurementDefinition;
