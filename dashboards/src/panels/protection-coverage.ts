import type { Chart, Context } from '../charts/chart.ts';
import { stat } from '../charts/stat.ts';
import { table } from '../charts/table.ts';
import { timeSeries } from '../charts/time-series.ts';
import type { Text } from '../language.ts';
import { select } from '../queries.ts';
import { type Limits, limitsOf, noneOf } from '../theme.ts';

const chosen = ['unit'] as const;

interface Tile {
  readonly field: 'attention' | 'declared' | 'missing' | 'protected' | 'unknown' | 'unprotected';
  readonly title: Text;
  readonly description: Text;
  readonly limits?: Limits;
}

const tiles: readonly Tile[] = [
  {
    field: 'declared',
    title: { vi: 'Máy khai báo', en: 'Machines declared' },
    description: {
      vi: 'Số máy các đơn vị đã khai. Mọi tỷ lệ bảo vệ tính trên số này, kể cả máy chưa cài tác tử.',
      en: 'What the units have declared. Every share is of this number, machines without an agent included.',
    },
  },
  {
    field: 'protected',
    title: { vi: 'Được bảo vệ', en: 'Protected' },
    description: {
      vi: 'Số máy có bằng chứng đang được bảo vệ: chạy, bảo vệ thời gian thực, mẫu mới.',
      en: 'Machines with a proof of it: running, real-time protection on, signatures fresh.',
    },
  },
  {
    field: 'attention',
    title: { vi: 'Cần chú ý', en: 'Need attention' },
    description: {
      vi: 'Còn được bảo vệ nhưng có cảnh báo, như mẫu bắt đầu cũ. Xem từng máy bên dưới.',
      en: 'Still protected, but with warnings, as of signatures that grow old. See each machine below.',
    },
  },
  {
    field: 'unprotected',
    title: { vi: 'Không được bảo vệ', en: 'Unprotected' },
    description: {
      vi: 'Không có phần mềm diệt virus, hoặc đã tắt, hoặc mẫu quá cũ. Xử lý trong ngày theo danh sách bên dưới.',
      en: 'No antivirus, or switched off, or too old. To be dealt with today, from the list below.',
    },
    limits: noneOf('antivirus-unprotected'),
  },
  {
    field: 'unknown',
    title: { vi: 'Chưa rõ', en: 'Unknown' },
    description: {
      vi: 'Có tác tử nhưng không có bằng chứng nào còn mới. Chưa rõ không phải là an toàn.',
      en: 'With an agent, but without a recent proof. Unknown is not safe.',
    },
    limits: noneOf('antivirus-unknown'),
  },
  {
    field: 'missing',
    title: { vi: 'Chưa có tác tử', en: 'Without an agent' },
    description: {
      vi: 'Số máy đã khai nhưng không có tác tử, nên không ai biết có được bảo vệ không. Nhắc đơn vị cài.',
      en: 'Declared machines without an agent: nobody knows of their protection. Ask the unit to install it.',
    },
  },
];

/** Ids 10 to 19: how much of what was declared is protected. */
export function protectionCoveragePanels(context: Context): Chart[] {
  return [
    ...tiles.map(({ field, ...tile }, index) =>
      stat(context, {
        id: 10 + index,
        ...tile,
        width: 4,
        selection: select('unit_protection', { read: { [field]: 'sum' }, ofLast: ['unit'], chosen }),
      }),
    ),
    table(context, {
      id: 16,
      title: { vi: 'Tỷ lệ bảo vệ của đơn vị', en: 'Coverage by unit' },
      description: {
        vi: 'Đơn vị có tỷ lệ thấp nhất đứng đầu; tính trên số máy khai báo. Bấm tên đơn vị để xem từng máy.',
        en: 'The unit with the least share first, of the machines declared. Click a unit for its machines.',
      },
      width: 14,
      fresh: true,
      sortBy: 'protected_percent',
      ascending: true,
      selection: select('unit_protection', {
        read: {
          protected_percent: 'last',
          declared: 'last',
          unprotected: 'last',
          unknown: 'last',
          missing: 'last',
          not_updated_15_days: 'last',
        },
        by: ['unit'],
        chosen,
      }),
      titles: {
        protected_percent: { vi: 'Được bảo vệ', en: 'Protected' },
        declared: { vi: 'Khai báo', en: 'Declared' },
        missing: { vi: 'Chưa có tác tử', en: 'Without an agent' },
        not_updated_15_days: { vi: 'Quá 15 ngày chưa cập nhật', en: 'Not updated for 15 days' },
      },
      limits: {
        protected_percent: limitsOf('unit-protection-low'),
        unprotected: noneOf('antivirus-unprotected'),
        unknown: noneOf('antivirus-unknown'),
      },
    }),
    timeSeries(context, {
      id: 17,
      title: { vi: 'Diễn biến bảo vệ', en: 'Protection over time' },
      description: {
        vi: 'Số máy ở mỗi mức, cộng các đơn vị đang chọn. Đường "không được bảo vệ" tăng: có đợt tắt hoặc hết hạn.',
        en: 'Machines at each level, over the chosen units. Unprotected rises: it was switched off, or ran out.',
      },
      width: 10,
      selections: [
        select('unit_protection', {
          read: { protected: 'sum', attention: 'sum', unprotected: 'sum', unknown: 'sum', missing: 'sum' },
          ofLast: ['unit'],
          chosen,
        }),
      ],
    }),
  ];
}
