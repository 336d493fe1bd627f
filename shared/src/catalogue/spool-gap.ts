import type { MeasurementDefinition } from './definition.ts';

/** One point for each range of points that an agent had to give up; its time is when the loss was found. */
export const spool_gap = {
  number: 9,
  vi: 'Khoảng mất dữ liệu',
  en: 'Data gap',
  cadence: 'event',
  tags: {
    reason: {
      vi: 'Lý do: thinned, overflow, expired, damaged, memory_overflow, unsendable, interrupted',
      en: 'Reason: thinned, overflow, expired, damaged, memory_overflow, unsendable, interrupted',
    },
    lane: { vi: 'Làn: events hoặc metrics', en: 'Lane: events or metrics' },
  },
  fields: {
    lost_points: {
      number: 1,
      type: 'integer',
      unit: 'count',
      vi: 'Số điểm đo đã mất; -1 là không đếm được',
      en: 'Points lost; -1 when they could not be counted',
    },
    from_seconds: {
      number: 2,
      type: 'integer',
      unit: 'unix_seconds',
      vi: 'Điểm mất đầu tiên (Unix)',
      en: 'Time of the first lost point (Unix time)',
    },
    to_seconds: {
      number: 3,
      type: 'integer',
      unit: 'unix_seconds',
      vi: 'Điểm mất cuối cùng (Unix)',
      en: 'Time of the last lost point (Unix time)',
    },
  },
} as const satisfies MeasurementDefinition;
