/** What a person reads in an alert. Grafana fills in `{{ $labels.x }}`; it never gets to see `${…}`, which is for files. */
import type { Condition, Rule, RuleScope } from '@vonggac/shared';
import type { DialectName } from '../dialects/dialect.ts';
import { dialects } from '../dialects/dialects.ts';
import type { Language, Text } from '../language.ts';
import type { DashboardJson } from '../normalise.ts';
import { instanceTags } from './alert-query.ts';

const words = {
  value: { vi: 'Giá trị', en: 'Value' },
  limit: { vi: 'ngưỡng', en: 'limit' },
  impact: { vi: 'Ảnh hưởng', en: 'Impact' },
  firstAction: { vi: 'Việc đầu tiên', en: 'First action' },
  whomToCall: { vi: 'Gọi ai', en: 'Whom to call' },
} satisfies Record<string, Text>;

/** The dashboard to look for a panel in first: the one about what the alert is about. */
const homes: Readonly<Record<RuleScope, string>> = {
  collector: 'vonggac-collector',
  link: 'vonggac-links',
  machine: 'vonggac-machine',
  service: 'vonggac-links',
  unit: 'vonggac-unit',
};

interface Options {
  readonly language: Language;
  readonly dialect?: DialectName;
  /** Where the console is, without a slash at the end. */
  readonly consoleUrl: string;
  readonly dashboards: readonly DashboardJson[];
}

export function annotationsOf(rule: Rule, options: Options): Record<string, string> {
  const { language, consoleUrl } = options;
  const { id, texts } = rule;
  const lines = [
    subject(rule),
    value(rule.condition, language),
    ...(['impact', 'firstAction', 'whomToCall'] as const).map(
      (part) => `${words[part][language]}: ${texts[part][language]}`,
    ),
  ];
  const panel = panelOf(rule, options);
  return {
    summary: texts.what[language],
    description: lines.filter((line) => line !== '').join('\n'),
    runbook_url: `${consoleUrl}/runbook/${id}`,
    ...(panel && { __dashboardUid__: panel.dashboardUid, __panelId__: `${panel.id}` }),
  };
}

/** Which machine, line or service; what the collector says of itself needs no name. */
function subject(rule: Rule): string {
  if (rule.scope === 'collector') return '';
  const shown = instanceTags(rule).filter((tag) => tag !== 'agent' && tag !== 'class');
  return shown.map((tag) => `{{ $labels.${tag} }}`).join(' · ');
}

/** A state's number says nothing to people. */
function value(condition: Condition, language: Language): string {
  if (condition.kind === 'is') return '';
  const limit = condition.kind === 'outside' ? `${condition.low} … ${condition.high}` : `${condition.threshold}`;
  const now = '{{ printf "%.1f" $values.B.Value }}';
  return `${words.value[language]}: ${now} (${words.limit[language]}: ${limit})`;
}

/** The first panel that shows what the rule compares. */
function panelOf(
  { query, scope }: Rule,
  { dialect = 'influxql', dashboards }: Options,
): { readonly dashboardUid: string; readonly id: number } | undefined {
  // A panel of another kind, say of another check, would show something else.
  // What is to be told stands on no panel: the state does, and of incidents those that are open.
  const state = query.field === 'alert' ? 'state' : query.field;
  const field = query.measurement === 'incident' ? 'open' : state;
  const wanted = { measurement: query.measurement, field, tags: Object.keys(query.where) };
  const isHome = ({ uid }: DashboardJson) => Number(uid === homes[scope]);
  for (const { uid, panels } of dashboards.toSorted((one, other) => isHome(other) - isHome(one))) {
    const shows = panels.find(({ targets = [] }) => targets.some((target) => dialects[dialect].shows(target, wanted)));
    if (shows) return { dashboardUid: uid, id: shows.id };
  }
  return undefined;
}
