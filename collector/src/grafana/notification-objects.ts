/** What people use in Grafana's notifications: the way back to the collector, a time to be quiet, and texts. */
import { createHash } from 'node:crypto';
import type { Language } from '@vonggac/dashboards';
import { builtInCalendars, type CalendarSettings } from '../calendar/settings.ts';
import { readWorkingWeek } from '../calendar/working-hours.ts';

/** Grafana's own form. */
export interface ContactPointJson {
  readonly uid: string;
  readonly name: string;
  readonly type: 'webhook';
  readonly disableResolveMessage: false;
  readonly settings: Readonly<Record<string, string>>;
}

export interface MuteTimingJson {
  readonly name: string;
  readonly time_intervals: readonly {
    readonly weekdays: readonly string[];
    readonly times: readonly { readonly start_time: string; readonly end_time: string }[];
    readonly location: string;
  }[];
}

export interface TemplateJson {
  readonly name: string;
  readonly template: string;
}

const weekdays = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'] as const;
const dayMinutes = 1_440;

/** By it Grafana tells the collector whom it has notified. */
export function contactPoint({ consoleUrl, secret }: { consoleUrl: string; secret: string }): ContactPointJson {
  // Grafana never gives a secret back. Of a random one this much may be seen, and says that it is another.
  const key = createHash('sha256').update(secret).digest('hex').slice(0, 8);
  return {
    uid: 'vonggac-webhook',
    name: 'vonggac',
    type: 'webhook',
    disableResolveMessage: false,
    settings: {
      url: `${consoleUrl}/api/v1/grafana/alerts?key=${key}`,
      httpMethod: 'POST',
      authorization_scheme: 'Bearer',
      authorization_credentials: secret,
    },
  };
}

/** When nobody works, by the calendar of units that name none. Undefined where somebody always does. */
export function muteTiming(calendar: CalendarSettings): MuteTimingJson | undefined {
  const known: Readonly<Record<string, { readonly hours: readonly string[] }>> = {
    ...builtInCalendars,
    ...calendar.calendars,
  };
  const week = readWorkingWeek(known[calendar.default]?.hours ?? []);
  const days = new Map<string, { weekdays: string[]; times: { start_time: string; end_time: string }[] }>();
  for (const [day, name] of weekdays.entries()) {
    const times = free(week[day] ?? []);
    if (times.length === 0) continue;
    const key = JSON.stringify(times);
    days.set(key, { weekdays: [...(days.get(key)?.weekdays ?? []), name], times });
  }
  if (days.size === 0) return undefined;
  const location = calendar.time_zone;
  return {
    name: 'vonggac-ngoai-gio',
    time_intervals: [...days.values()].map((interval) => ({ ...interval, location })),
  };
}

function free(
  worked: readonly { readonly from: number; readonly to: number }[],
): { start_time: string; end_time: string }[] {
  const edges = [0, ...worked.flatMap(({ from, to }) => [from, to]), dayMinutes];
  const times: { start_time: string; end_time: string }[] = [];
  for (let index = 0; index < edges.length; index += 2) {
    const [from = 0, to = 0] = edges.slice(index);
    if (from < to) times.push({ start_time: clock(from), end_time: clock(to) });
  }
  return times;
}

function clock(minute: number): string {
  return [Math.floor(minute / 60), minute % 60].map((part) => `${part}`.padStart(2, '0')).join(':');
}

const words = {
  vi: { firing: 'đang báo', resolved: 'đã hết', runbook: 'Cách xử lý' },
  en: { firing: 'firing', resolved: 'resolved', runbook: 'What to do' },
} satisfies Record<Language, unknown>;

/** Texts of our alerts for whoever sends them on by mail or chat. */
export function template(language: Language): TemplateJson {
  const { firing, resolved, runbook } = words[language];
  const lines = [
    `{{ define "vonggac.title" }}[{{ if .Alerts.Firing }}${firing}: {{ len .Alerts.Firing }}{{ else }}${resolved}{{ end }}] {{ .CommonLabels.alertname }}{{ with .CommonLabels.unit }} · {{ . }}{{ end }}{{ end }}`,
    '{{ define "vonggac.message" }}{{ range .Alerts }}{{ if eq .Status "firing" }}●{{ else }}✓{{ end }} {{ .Annotations.summary }}',
    '{{ .Annotations.description }}',
    `{{ with .Annotations.runbook_url }}${runbook}: {{ . }}{{ end }}`,
    '',
    '{{ end }}{{ end }}',
  ];
  return { name: 'vonggac', template: lines.join('\n') };
}
