import type { MeasurementDefinition } from './definition.ts';

/** Whether a machine is heard, judged by the collector; written each minute for silent machines too. */
export const agent_state = {
  number: 23,
  vi: 'Trạng thái máy',
  en: 'Machine state',
  cadence: 'event',
  tags: {},
  fields: {
    state: {
      number: 1,
      type: 'integer',
      unit: 'none',
      vi: '0 mất kết nối, 1 trễ, 2 đang kết nối, 3 nghỉ theo kế hoạch, -1 chưa rõ',
      en: '0 offline, 1 late, 2 online, 3 planned, -1 unknown',
    },
    up: { number: 2, type: 'integer', unit: 'none', vi: '1 đang nghe được máy', en: '1 when the machine is heard' },
    alertable: {
      number: 3,
      type: 'integer',
      unit: 'none',
      vi: '1 cần báo: máy chủ hoặc cổng mất ngoài kế hoạch, không do sự cố chung của đơn vị',
      en: '1 when someone should be told: a server or gateway away, not planned, not part of its unit’s outage',
    },
    silent_seconds: {
      number: 4,
      type: 'integer',
      unit: 'seconds',
      vi: 'Thời gian từ lần nghe cuối',
      en: 'Time since it was heard last',
    },
    alert: {
      number: 47,
      type: 'integer',
      unit: 'none',
      vi: 'Cần báo điều gì: 0 không, 1 máy mất tín hiệu, 2 chỉ tác tử đã dừng',
      en: 'What to tell: 0 nothing, 1 the machine is away, 2 only its agent has stopped',
    },
    verdict: { number: 5, type: 'string', unit: 'none', vi: 'Kết luận nguyên nhân', en: 'Verdict on the cause' },
  },
} as const satisfies MeasurementDefinition;
