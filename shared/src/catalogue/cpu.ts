import type { MeasurementDefinition } from './definition.ts';

/** Shares of all processors together, between two readings. Source on Linux: `/proc/stat`, proc(5). */
export const cpu = {
  number: 1,
  vi: 'Bộ xử lý',
  en: 'Processor',
  cadence: '*/10 * * * * *',
  tags: {},
  fields: {
    usage_percent: {
      number: 1,
      type: 'float',
      unit: 'percent',
      decimals: 1,
      vi: 'Mức sử dụng CPU (trừ rảnh và chờ vào/ra)',
      en: 'Time not idle and not waiting for I/O',
    },
    user_percent: {
      number: 2,
      type: 'float',
      unit: 'percent',
      decimals: 1,
      vi: 'Chương trình người dùng',
      en: 'User programs',
    },
    system_percent: {
      number: 3,
      type: 'float',
      unit: 'percent',
      decimals: 1,
      vi: 'Nhân hệ điều hành',
      en: 'Kernel, interrupts included',
    },
    iowait_percent: { number: 4, type: 'float', unit: 'percent', decimals: 1, vi: 'Chờ vào/ra', en: 'Waiting for I/O' },
    steal_percent: {
      number: 5,
      type: 'float',
      unit: 'percent',
      decimals: 1,
      vi: 'Bị máy chủ ảo hóa lấy mất',
      en: 'Taken by the hypervisor',
    },
    cores: {
      number: 6,
      type: 'integer',
      unit: 'count',
      vi: 'Số bộ xử lý đang hoạt động',
      en: 'Processors online',
    },
  },
} as const satisfies MeasurementDefinition;
