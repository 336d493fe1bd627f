import type { MeasurementDefinition } from './definition.ts';

/** A machine's protection, judged by the collector from declared rules. */
export const antivirus_state = {
  number: 21,
  vi: 'Kết luận bảo vệ',
  en: 'Protection state',
  cadence: 'event',
  tags: {},
  fields: {
    state: {
      number: 1,
      type: 'integer',
      unit: 'none',
      vi: '0 không được bảo vệ, 1 cần chú ý, 2 được bảo vệ, -1 chưa rõ',
      en: '0 unprotected, 1 attention, 2 protected, -1 unknown',
    },
    findings: { number: 2, type: 'string', unit: 'none', vi: 'Các quy tắc không đạt', en: 'Rules that are not met' },
    critical_findings: {
      number: 3,
      type: 'integer',
      unit: 'count',
      vi: 'Số điểm nghiêm trọng',
      en: 'Critical findings',
    },
    warnings: { number: 4, type: 'integer', unit: 'count', vi: 'Số cảnh báo', en: 'Warnings' },
    signature_age_hours: {
      number: 5,
      type: 'float',
      unit: 'none',
      decimals: 1,
      vi: 'Tuổi của mẫu, giờ',
      en: 'Age of the signatures, hours',
    },
    proof_time_seconds: {
      number: 6,
      type: 'integer',
      unit: 'unix_seconds',
      vi: 'Bằng chứng cuối cùng (Unix)',
      en: 'Time of the last proof (Unix time)',
    },
  },
} as const satisfies MeasurementDefinition;
