import type { MeasurementDefinition } from './definition.ts';

/** The relay of a gateway: it passes bytes between machines of its LAN and the collector. */
export const relay = {
  number: 15,
  vi: 'Trạm chuyển tiếp',
  en: 'Relay',
  cadence: '0 * * * * *',
  tags: {},
  fields: {
    connections: { number: 1, type: 'integer', unit: 'count', vi: 'Số kết nối đang mở', en: 'Connections open' },
    accepted: {
      number: 2,
      type: 'integer',
      unit: 'count',
      vi: 'Số kết nối đã nhận từ lúc khởi động',
      en: 'Connections accepted since the start',
    },
    refused: {
      number: 3,
      type: 'integer',
      unit: 'count',
      vi: 'Số kết nối đã từ chối từ lúc khởi động',
      en: 'Connections refused since the start',
    },
    failed: {
      number: 4,
      type: 'integer',
      unit: 'count',
      vi: 'Số lần không tới được trung tâm từ lúc khởi động',
      en: 'Times the collector could not be reached since the start',
    },
    up_bytes: {
      number: 5,
      type: 'integer',
      unit: 'bytes',
      vi: 'Số byte chuyển tới trung tâm từ lúc khởi động',
      en: 'Bytes passed to the collector since the start',
    },
    down_bytes: {
      number: 6,
      type: 'integer',
      unit: 'bytes',
      vi: 'Số byte chuyển từ trung tâm từ lúc khởi động',
      en: 'Bytes passed from the collector since the start',
    },
  },
} as const satisfies MeasurementDefinition;
