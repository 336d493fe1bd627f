import type { MeasurementDefinition } from './definition.ts';

/** A device on a gateway's network; a point when it is new, when it changes and once a day. */
export const lan_device = {
  number: 14,
  vi: 'Thiết bị',
  en: 'Device',
  cadence: 'event',
  tags: {
    mac: { vi: 'Địa chỉ MAC', en: 'MAC address' },
  },
  fields: {
    address: { number: 1, type: 'string', unit: 'none', vi: 'Địa chỉ IPv4', en: 'IPv4 address' },
    address6: { number: 2, type: 'string', unit: 'none', vi: 'Địa chỉ IPv6', en: 'IPv6 address' },
    network: { number: 3, type: 'string', unit: 'none', vi: 'Mạng con', en: 'Network' },
    present: { number: 4, type: 'boolean', unit: 'none', vi: 'Đang có mặt', en: 'Present' },
    first_seen_seconds: {
      number: 5,
      type: 'integer',
      unit: 'unix_seconds',
      vi: 'Thấy lần đầu (Unix)',
      en: 'First seen (Unix time)',
    },
    last_seen_seconds: {
      number: 6,
      type: 'integer',
      unit: 'unix_seconds',
      vi: 'Thấy lần cuối (Unix)',
      en: 'Last seen (Unix time)',
    },
  },
} as const satisfies MeasurementDefinition;
