import type { MeasurementDefinition } from './definition.ts';

/**
 * One series a service of the operating system that the agent is told to watch. Sources: the control groups of systemd on
 * Linux, `sc.exe` on Windows. Shared services on the network are `service`.
 */
export const os_service = {
  number: 32,
  vi: 'Dịch vụ của hệ điều hành',
  en: 'Service of the operating system',
  cadence: '0 * * * * *',
  tags: { service: { vi: 'Dịch vụ', en: 'Service' } },
  fields: {
    running: { number: 1, type: 'boolean', unit: 'none', vi: 'Đang chạy', en: 'Running' },
  },
} as const satisfies MeasurementDefinition;
