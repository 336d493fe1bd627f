import type { MeasurementDefinition } from './definition.ts';

/** One series a physical or virtual interface, loopback left out. Source on Linux: `/proc/net/dev`, `/sys/class/net`. */
export const network = {
  number: 5,
  vi: 'Mạng',
  en: 'Network',
  cadence: '*/10 * * * * *',
  tags: { interface: { vi: 'Cổng mạng', en: 'Interface' } },
  fields: {
    receive_bytes_per_second: { number: 1, type: 'integer', unit: 'bytes_per_second', vi: 'Nhận', en: 'Received' },
    transmit_bytes_per_second: { number: 2, type: 'integer', unit: 'bytes_per_second', vi: 'Gửi', en: 'Sent' },
    receive_packets_per_second: {
      number: 3,
      type: 'float',
      unit: 'per_second',
      decimals: 1,
      vi: 'Số gói nhận',
      en: 'Packets received',
    },
    transmit_packets_per_second: {
      number: 4,
      type: 'float',
      unit: 'per_second',
      decimals: 1,
      vi: 'Số gói gửi',
      en: 'Packets sent',
    },
    errors_per_second: {
      number: 5,
      type: 'float',
      unit: 'per_second',
      decimals: 1,
      vi: 'Số gói lỗi, cả hai chiều',
      en: 'Packet errors, both ways',
    },
    drops_per_second: {
      number: 6,
      type: 'float',
      unit: 'per_second',
      decimals: 1,
      vi: 'Số gói bị bỏ, cả hai chiều',
      en: 'Packets dropped, both ways',
    },
    up: { number: 7, type: 'boolean', unit: 'none', vi: 'Có tín hiệu', en: 'Link is up' },
  },
} as const satisfies MeasurementDefinition;
