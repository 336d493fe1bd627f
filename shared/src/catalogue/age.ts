import type { MeasurementDefinition } from './definition.ts';

/** How long ago something was, or how long until it ends, worked out by the collector from times that agents report. */
export const age = {
  number: 27,
  vi: 'Tuổi và thời hạn',
  en: 'Ages and terms',
  cadence: 'event',
  tags: {
    kind: {
      vi: 'Loại: certificate, licence, signatures, full-scan, security-update, reboot, os-support',
      en: 'Kind: certificate, licence, signatures, full-scan, security-update, reboot, os-support',
    },
    item: { vi: 'Của đích hoặc sản phẩm nào, hoặc machine', en: 'Of which target or product, or machine' },
  },
  fields: {
    age_days: {
      number: 1,
      type: 'float',
      unit: 'none',
      decimals: 2,
      vi: 'Số ngày đã qua',
      en: 'Days since then',
    },
    left_days: {
      number: 2,
      type: 'float',
      unit: 'none',
      decimals: 2,
      vi: 'Số ngày còn lại, âm khi đã quá hạn',
      en: 'Days left, negative when it is over',
    },
  },
} as const satisfies MeasurementDefinition;
