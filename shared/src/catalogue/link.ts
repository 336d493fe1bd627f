import type { MeasurementDefinition } from './definition.ts';

/** A line to the outside, of each that a gateway watches. */
export const link = {
  number: 12,
  vi: 'Đường truyền',
  en: 'Link',
  cadence: '0 * * * * *',
  tags: {
    link: {
      vi: 'Đường truyền: mã trong hồ sơ đơn vị, hoặc tên cổng mạng',
      en: 'Link: its name in the unit’s record, or the interface',
    },
  },
  fields: {
    up: { number: 1, type: 'boolean', unit: 'none', vi: 'Thông', en: 'Reachable' },
    active: { number: 2, type: 'boolean', unit: 'none', vi: 'Đang mang lưu lượng', en: 'Carries the traffic' },
    rtt_ms: { number: 3, type: 'float', unit: 'milliseconds', decimals: 2, vi: 'Thời gian khứ hồi', en: 'Round trip' },
    jitter_ms: { number: 4, type: 'float', unit: 'milliseconds', decimals: 2, vi: 'Độ biến động', en: 'Jitter' },
    loss_percent: { number: 5, type: 'float', unit: 'percent', decimals: 1, vi: 'Tỷ lệ gói mất', en: 'Packets lost' },
    error: { number: 6, type: 'string', unit: 'none', vi: 'Vì sao không thông', en: 'Why it is not reachable' },
    failovers: {
      number: 7,
      type: 'integer',
      unit: 'count',
      vi: 'Số lần chuyển đường từ lúc tác tử khởi động',
      en: 'Changes of the active link since the agent started',
    },
    interface: { number: 8, type: 'string', unit: 'none', vi: 'Cổng mạng', en: 'Interface' },
    next_hop: { number: 9, type: 'string', unit: 'none', vi: 'Bộ định tuyến kế tiếp', en: 'Next router' },
    local_address: {
      number: 10,
      type: 'string',
      unit: 'none',
      vi: 'Địa chỉ của máy trên đường này',
      en: 'Address of this machine on the link',
    },
    session: {
      number: 30,
      type: 'boolean',
      unit: 'none',
      vi: 'Mang phiên của cổng với trung tâm',
      en: 'Carries the gateway’s session with the collector',
    },
    throughput_bytes_per_second: {
      number: 11,
      type: 'integer',
      unit: 'bytes_per_second',
      vi: 'Tốc độ tải đo mẫu ban đêm',
      en: 'Throughput, sampled at night',
    },
  },
} as const satisfies MeasurementDefinition;
