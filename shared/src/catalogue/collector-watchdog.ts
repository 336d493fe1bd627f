import type { MeasurementDefinition } from './definition.ts';

/** One row each 15 s as long as the collector lives and can write: where rows stop, it has stopped. */
export const collector_watchdog = {
  number: 26,
  vi: 'Nhịp sống của trung tâm',
  en: 'Sign of life of the collector',
  cadence: 'event',
  tags: {},
  fields: {
    ready: { number: 1, type: 'boolean', unit: 'none', vi: 'Làm được việc', en: 'Can do its work' },
    problems: { number: 2, type: 'integer', unit: 'count', vi: 'Số trục trặc', en: 'Problems' },
    start_time_seconds: {
      number: 3,
      type: 'integer',
      unit: 'unix_seconds',
      vi: 'Thời điểm khởi động (Unix)',
      en: 'When it started (Unix time)',
    },
    alive: { number: 4, type: 'integer', unit: 'none', vi: '1 trong mọi dòng', en: '1 in every row' },
  },
} as const satisfies MeasurementDefinition;
