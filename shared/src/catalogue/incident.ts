import type { MeasurementDefinition } from './definition.ts';

/**
 * Open incidents, told by the collector each minute and at each change; one that is closed is told as 0 for some minutes
 * more, so that whoever follows the series sees the end.
 */
export const incident = {
  number: 33,
  vi: 'Sự cố',
  en: 'Incident',
  cadence: 'event',
  tags: {
    kind: { vi: 'Loại sự cố', en: 'Kind of incident' },
    subject: { vi: 'Sự cố của cái gì', en: 'What it is about' },
  },
  fields: {
    open: { number: 1, type: 'integer', unit: 'none', vi: '1 đang mở', en: '1 while it is open' },
    acknowledged: {
      number: 2,
      type: 'integer',
      unit: 'none',
      vi: '1 đã có người nhận',
      en: '1 when someone has seen it',
    },
    alertable: {
      number: 3,
      type: 'integer',
      unit: 'none',
      vi: '1 cần báo: đang mở, không tạm hoãn, không do bảo trì',
      en: '1 when someone should be told: open, not put off, not excused by maintenance',
    },
    severity: {
      number: 4,
      type: 'integer',
      unit: 'none',
      vi: 'Mức độ: 0 thông tin, 1 cảnh báo, 2 nghiêm trọng',
      en: 'Severity: 0 info, 1 warning, 2 critical',
    },
    count: { number: 5, type: 'integer', unit: 'count', vi: 'Số lần thấy', en: 'Times seen' },
    age_seconds: { number: 6, type: 'integer', unit: 'seconds', vi: 'Đã mở được', en: 'Open for' },
    id: { number: 7, type: 'integer', unit: 'none', vi: 'Số sự cố', en: 'Number of the incident' },
    alert: {
      number: 8,
      type: 'integer',
      unit: 'none',
      vi: 'Cần báo ở mức nào: 0 không, 1 thông tin, 2 cảnh báo, 3 nghiêm trọng',
      en: 'How gravely to tell: 0 nothing, 1 info, 2 warning, 3 critical',
    },
  },
} as const satisfies MeasurementDefinition;
