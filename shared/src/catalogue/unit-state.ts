import type { MeasurementDefinition } from './definition.ts';

/** How many of a unit's own machines are heard, judged by the collector. */
export const unit_state = {
  number: 24,
  vi: 'Trạng thái đơn vị',
  en: 'Unit state',
  cadence: 'event',
  tags: {},
  fields: {
    state: {
      number: 1,
      type: 'integer',
      unit: 'none',
      vi: '0 mất liên lạc, 1 mất một phần, 2 bình thường, 3 không máy nào bật, -1 chưa rõ',
      en: '0 unreachable, 1 partly, 2 all there, 3 no machine is on, -1 unknown',
    },
    alertable: {
      number: 2,
      type: 'integer',
      unit: 'none',
      vi: '1 cần báo: mất điện, mất mạng hoặc mất đường truyền của cả đơn vị',
      en: '1 when someone should be told: power, network or line of the unit is lost',
    },
    machines: { number: 3, type: 'integer', unit: 'count', vi: 'Số máy có tác tử', en: 'Machines with an agent' },
    online: { number: 4, type: 'integer', unit: 'count', vi: 'Đang kết nối', en: 'Online' },
    offline: { number: 5, type: 'integer', unit: 'count', vi: 'Mất kết nối hoặc trễ', en: 'Offline or late' },
    planned: { number: 6, type: 'integer', unit: 'count', vi: 'Nghỉ theo kế hoạch', en: 'Away as planned' },
    inconclusive: { number: 7, type: 'integer', unit: 'count', vi: 'Chưa rõ', en: 'Unknown' },
    verdict: { number: 8, type: 'string', unit: 'none', vi: 'Kết luận nguyên nhân', en: 'Verdict on the cause' },
  },
} as const satisfies MeasurementDefinition;
