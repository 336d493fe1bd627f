import type { MeasurementName, OriginTag, TagName } from '@vonggac/shared';
import type { Chart, ChartOptions, Context } from '../charts/chart.ts';
import { stateTimeline } from '../charts/state-timeline.ts';
import { table } from '../charts/table.ts';
import { select } from '../queries.ts';
import { incidentKinds, incidentSeverities, nothingWrong, openStates, seenStates } from './states.ts';

const incident = 'incident' satisfies MeasurementName;
const by = ['unit', 'host', 'agent', 'kind', 'subject'] as const satisfies readonly (
  | OriginTag
  | TagName<typeof incident>
)[];

interface IncidentTableOptions extends ChartOptions {
  /** Only of the chosen units. */
  readonly chosen?: readonly ['unit'];
  /** Only of these kinds; all when absent. */
  readonly kinds?: readonly string[];
}

/** The incidents that are open now, the gravest first; its number leads to each in the console. */
export function incidentTable(context: Context, { chosen, kinds, ...options }: IncidentTableOptions): Chart {
  const { consoleUrl } = context;
  return table(context, {
    ...options,
    fresh: true,
    sortBy: 'severity',
    thenBy: 'acknowledged',
    noRows: nothingWrong,
    selection: select(incident, {
      read: { severity: 'last', acknowledged: 'last', age_seconds: 'last', count: 'last', id: 'last' },
      by,
      ofLast: ['unit', 'agent', 'kind', 'subject'],
      only: { open: { is: 1 } },
      ...(chosen && { chosen }),
      ...(kinds && { where: { kind: kinds } }),
    }),
    titles: {
      severity: { vi: 'Mức độ', en: 'Severity' },
      acknowledged: { vi: 'Đã nhận', en: 'Seen' },
      age_seconds: { vi: 'Đã mở được', en: 'Open for' },
      count: { vi: 'Số lần', en: 'Times' },
      id: { vi: 'Số', en: 'No.' },
    },
    states: { severity: incidentSeverities, acknowledged: seenStates, kind: incidentKinds },
    ...(consoleUrl !== undefined && { links: { id: `${consoleUrl}/incidents?id=\${__value.raw}` } }),
  });
}

/** Ids 30 to 39: malware that somebody has to act on. */
export function protectionIncidentPanels(context: Context): Chart[] {
  return [
    incidentTable(context, {
      id: 30,
      title: { vi: 'Mã độc và dấu hiệu xâm nhập đang mở', en: 'Open malware and signs of intrusion' },
      description: {
        vi: 'Sự cố chưa đóng, nặng nhất đứng đầu. Lây lan: cô lập mọi máy ghi trong sự cố trước khi làm việc khác.',
        en: 'Incidents that are open, the gravest first. An outbreak: isolate every machine it names before all else.',
      },
      width: 14,
      chosen: ['unit'],
      kinds: ['outbreak', 'malware', 'compromise-hint'],
    }),
    stateTimeline(context, {
      id: 31,
      title: { vi: 'Các đợt lây lan', en: 'Outbreaks' },
      description: {
        vi: 'Mỗi vạch là một mã độc lây trên nhiều máy, từ khi phát hiện đến khi đóng. Vạch mới: xem máy đầu tiên trong sự cố.',
        en: 'Each bar is malware on several machines, from its discovery to its end. A new one: see the first machine of its incident.',
      },
      width: 10,
      noRows: nothingWrong,
      selection: select(incident, {
        read: { open: 'max' },
        by: ['subject'],
        where: { kind: 'outbreak' },
        only: { open: { is: 1 } },
      }),
      states: openStates,
    }),
  ];
}
