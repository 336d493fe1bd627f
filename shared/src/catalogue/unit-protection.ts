import type { MeasurementDefinition } from './definition.ts';

/** How many machines of a unit are protected, out of those that it has declared. */
export const unit_protection = {
  number: 22,
  vi: 'Bảo vệ của đơn vị',
  en: 'Protection of a unit',
  cadence: 'event',
  tags: {},
  fields: {
    declared: { number: 1, type: 'integer', unit: 'count', vi: 'Số máy khai báo', en: 'Machines declared' },
    enrolled: { number: 2, type: 'integer', unit: 'count', vi: 'Số máy có tác tử', en: 'Machines with an agent' },
    protected: { number: 3, type: 'integer', unit: 'count', vi: 'Được bảo vệ', en: 'Protected' },
    attention: { number: 4, type: 'integer', unit: 'count', vi: 'Cần chú ý', en: 'Need attention' },
    unprotected: { number: 5, type: 'integer', unit: 'count', vi: 'Không được bảo vệ', en: 'Unprotected' },
    unknown: { number: 6, type: 'integer', unit: 'count', vi: 'Chưa rõ', en: 'Unknown' },
    missing: {
      number: 7,
      type: 'integer',
      unit: 'count',
      vi: 'Khai báo nhưng không có tác tử',
      en: 'Declared but without an agent',
    },
    protected_percent: {
      number: 8,
      type: 'float',
      unit: 'percent',
      decimals: 1,
      vi: 'Tỷ lệ được bảo vệ trên số khai báo',
      en: 'Protected, of those declared',
    },
    not_updated_15_days: {
      number: 9,
      type: 'integer',
      unit: 'count',
      vi: 'Số máy quá 15 ngày chưa cập nhật mẫu',
      en: 'Machines not updated for 15 days',
    },
  },
} as const satisfies MeasurementDefinition;
