import type { MeasurementDefinition } from './definition.ts';

const text = { type: 'string', unit: 'none' } as const;

/** What the machine is. Read by a short-lived process at start and once a day. Source: the `systeminformation` package. */
export const inventory = {
  number: 10,
  vi: 'Kiểm kê',
  en: 'Inventory',
  cadence: '0 0 3 * * *',
  tags: {},
  fields: {
    os_name: { number: 1, ...text, vi: 'Hệ điều hành', en: 'Operating system' },
    os_version: { number: 2, ...text, vi: 'Phiên bản hệ điều hành', en: 'Version of the operating system' },
    kernel: { number: 3, ...text, vi: 'Phiên bản nhân', en: 'Kernel version' },
    architecture: { number: 4, ...text, vi: 'Kiến trúc', en: 'Architecture' },
    vendor: { number: 5, ...text, vi: 'Hãng sản xuất', en: 'Manufacturer' },
    model: { number: 6, ...text, vi: 'Kiểu máy', en: 'Model' },
    cpu_model: { number: 7, ...text, vi: 'Bộ xử lý', en: 'Processor' },
    cpu_cores: { number: 8, type: 'integer', unit: 'count', vi: 'Số lõi', en: 'Cores' },
    memory_total_bytes: { number: 9, type: 'integer', unit: 'bytes', vi: 'Dung lượng RAM', en: 'Installed memory' },
    virtual: { number: 10, type: 'boolean', unit: 'none', vi: 'Là máy ảo', en: 'Is a virtual machine' },
  },
} as const satisfies MeasurementDefinition;
