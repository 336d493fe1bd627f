import type { MeasurementDefinition } from './definition.ts';

/** How many devices a gateway sees on a network of its own. */
export const lan_census = {
  number: 13,
  vi: 'Thiết bị trong LAN',
  en: 'LAN census',
  cadence: '0 */5 * * * *',
  tags: {
    network: { vi: 'Mạng con, ví dụ 10.1.2.0/24', en: 'Network, as in 10.1.2.0/24' },
  },
  fields: {
    present_devices: {
      number: 1,
      type: 'integer',
      unit: 'count',
      vi: 'Số thiết bị đang có mặt',
      en: 'Devices present',
    },
    known_devices: { number: 2, type: 'integer', unit: 'count', vi: 'Số thiết bị từng thấy', en: 'Devices ever seen' },
    new_devices: {
      number: 3,
      type: 'integer',
      unit: 'count',
      vi: 'Số thiết bị thấy lần đầu từ lần báo trước',
      en: 'Devices first seen since the report before',
    },
    swept_addresses: {
      number: 4,
      type: 'integer',
      unit: 'count',
      vi: 'Số địa chỉ đã dò từ lần báo trước',
      en: 'Addresses swept since the report before',
    },
    sent_bytes: {
      number: 5,
      type: 'integer',
      unit: 'bytes',
      vi: 'Lưu lượng LAN do việc dò, ước tính',
      en: 'LAN traffic of the sweep, estimated',
    },
  },
} as const satisfies MeasurementDefinition;
