import type { MeasurementDefinition } from './definition.ts';

/** One series a probe: how its runs went since the last report. Written by the agent's runner, not by the probes. */
export const probe = {
  number: 8,
  vi: 'Phép đo',
  en: 'Probe',
  cadence: '0 * * * * *',
  tags: { probe: { vi: 'Tên phép đo', en: 'Name of the probe' } },
  fields: {
    runs: { number: 1, type: 'integer', unit: 'count', vi: 'Số lần chạy', en: 'Runs' },
    failures: { number: 2, type: 'integer', unit: 'count', vi: 'Số lần hỏng', en: 'Runs that failed' },
    mean_duration_seconds: {
      number: 3,
      type: 'float',
      unit: 'seconds',
      decimals: 6,
      vi: 'Thời gian chạy trung bình',
      en: 'Mean duration of a run',
    },
    max_duration_seconds: {
      number: 4,
      type: 'float',
      unit: 'seconds',
      decimals: 6,
      vi: 'Thời gian chạy lâu nhất',
      en: 'Longest run',
    },
  },
} as const satisfies MeasurementDefinition;
