import type { MeasurementDefinition } from './definition.ts';

/**
 * One series a UPS or a machine's own battery; what is not known is absent. Sources on Linux: Network UPS Tools on this
 * machine (RFC 9271), `/sys/class/power_supply`.
 */
export const ups = {
  number: 29,
  vi: 'Bộ lưu điện và pin',
  en: 'UPS and battery',
  cadence: '*/30 * * * * *',
  tags: {
    ups: { vi: 'Bộ lưu điện hoặc pin', en: 'UPS or battery' },
    kind: { vi: 'ups: bộ lưu điện; battery: pin của chính máy', en: "ups, or battery: the machine's own" },
  },
  fields: {
    on_battery: { number: 1, type: 'boolean', unit: 'none', vi: 'Đang chạy bằng pin', en: 'On battery' },
    charge_percent: { number: 2, type: 'integer', unit: 'percent', vi: 'Mức pin', en: 'Charge' },
    runtime_seconds: {
      number: 3,
      type: 'integer',
      unit: 'seconds',
      vi: 'Còn chạy được, theo ước tính của thiết bị',
      en: 'Left on battery, as the device estimates',
    },
    low_battery: {
      number: 4,
      type: 'boolean',
      unit: 'none',
      vi: 'Thiết bị báo sắp hết pin',
      en: 'The device says that its battery is low',
    },
  },
} as const satisfies MeasurementDefinition;
