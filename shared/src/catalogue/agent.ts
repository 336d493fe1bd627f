import type { MeasurementDefinition } from './definition.ts';

/** The agent about itself: what it costs and how its deliveries go. */
export const agent = {
  number: 7,
  vi: 'Tác tử',
  en: 'Agent',
  cadence: '0 * * * * *',
  tags: {},
  fields: {
    resident_bytes: { number: 1, type: 'integer', unit: 'bytes', vi: 'Bộ nhớ thường trú', en: 'Resident memory' },
    cpu_percent: {
      number: 2,
      type: 'float',
      unit: 'percent',
      decimals: 3,
      vi: 'CPU tác tử dùng, theo một lõi',
      en: 'Processor used, of one core',
    },
    spool_records: {
      number: 3,
      type: 'integer',
      unit: 'count',
      vi: 'Số bản ghi trong hàng đợi trên đĩa',
      en: 'Records in the spool',
    },
    spool_bytes: {
      number: 4,
      type: 'integer',
      unit: 'bytes',
      vi: 'Dung lượng hàng đợi trên đĩa',
      en: 'Bytes in the spool',
    },
    spool_lost_points: {
      number: 5,
      type: 'integer',
      unit: 'count',
      vi: 'Số điểm đo mất ở hàng đợi từ lúc tác tử khởi động',
      en: 'Points the spool had to give up since the agent started',
    },
    probe_failures: {
      number: 6,
      type: 'integer',
      unit: 'count',
      vi: 'Số phép đo hỏng từ lúc tác tử khởi động',
      en: 'Probe runs that failed since the agent started',
    },
    clock_offset_seconds: {
      number: 7,
      type: 'float',
      unit: 'seconds',
      decimals: 3,
      vi: 'Độ lệch đồng hồ: trung tâm trừ máy này',
      en: "Clock offset: the collector's clock minus this machine's",
    },
    sent_bytes: {
      number: 8,
      type: 'integer',
      unit: 'bytes',
      vi: 'Số byte gửi từ lúc tác tử khởi động',
      en: 'Bytes sent since the agent started',
    },
    start_time_seconds: {
      number: 9,
      type: 'integer',
      unit: 'unix_seconds',
      vi: 'Thời điểm tác tử khởi động (Unix)',
      en: 'When the agent started (Unix time)',
    },
    spool_state: {
      number: 10,
      type: 'integer',
      unit: 'none',
      vi: 'Hàng đợi trên đĩa: 0 bình thường, 1 sắp đầy, 2 đầy, 3 không ghi được',
      en: 'Spool: 0 normal, 1 almost full, 2 full, 3 cannot be written',
    },
  },
} as const satisfies MeasurementDefinition;
