import type { MeasurementDefinition } from './definition.ts';

/**
 * One series a physical disk; what is not known is absent, `problem` then says why. Sources: `smartctl` of the package
 * smartmontools on Linux, `MSFT_PhysicalDisk` on Windows. A disk that sleeps is not woken and has no reading.
 */
export const disk_health = {
  number: 30,
  vi: 'Sức khỏe ổ đĩa',
  en: 'Disk health',
  cadence: '0 0 * * * *',
  tags: { device: { vi: 'Ổ đĩa', en: 'Disk' } },
  fields: {
    failing: {
      number: 1,
      type: 'boolean',
      unit: 'none',
      vi: 'Ổ đĩa tự báo sắp hỏng',
      en: 'The disk itself says that it fails',
    },
    reallocated_sectors: {
      number: 2,
      type: 'integer',
      unit: 'count',
      vi: 'Số cung từ đã thay thế',
      en: 'Reallocated sectors',
    },
    pending_sectors: {
      number: 3,
      type: 'integer',
      unit: 'count',
      vi: 'Số cung từ không đọc được, chờ xử lý',
      en: 'Sectors that cannot be read, pending',
    },
    media_errors: {
      number: 4,
      type: 'integer',
      unit: 'count',
      vi: 'Số lỗi dữ liệu không sửa được',
      en: 'Errors of data that could not be corrected',
    },
    used_percent: {
      number: 5,
      type: 'integer',
      unit: 'percent',
      vi: 'Tuổi thọ ghi đã dùng; có thể quá 100 %',
      en: 'Endurance used; may pass 100 %',
    },
    temperature_celsius: { number: 6, type: 'integer', unit: 'celsius', vi: 'Nhiệt độ', en: 'Temperature' },
    power_on_hours: { number: 7, type: 'integer', unit: 'count', vi: 'Số giờ đã chạy', en: 'Hours of use' },
    model: { number: 8, type: 'string', unit: 'none', vi: 'Kiểu ổ đĩa', en: 'Model' },
    problem: {
      number: 9,
      type: 'string',
      unit: 'none',
      vi: 'Vì sao không biết tình trạng',
      en: 'Why its health is not known',
    },
  },
} as const satisfies MeasurementDefinition;
