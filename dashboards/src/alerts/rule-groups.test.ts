/** What holds for every alert rule that Grafana gets, in both languages. */
import { fieldOf, measurementByName, originTags, ruleById, rules } from '@vonggac/shared';
import { describe, expect, test } from 'vitest';
import { buildDashboards } from '../index.ts';
import { textOf } from '../normalise.ts';
import { type AlertRuleJson, queryText } from './alert-rule.ts';
import { buildRuleGroups } from './rule-groups.ts';

function build(language: 'en' | 'vi') {
  const dashboards = buildDashboards({ language });
  return buildRuleGroups({ language, dashboards, dataSourceUid: 'influx-1', consoleUrl: 'https://giamsat.example/' });
}

const vietnamese = build('vi');
const english = build('en');
const all = [...vietnamese, ...english].flatMap(({ rules: inGroup }) =>
  inGroup.map((rule) => [rule.title, rule] as const),
);

function byUid(uid: string): AlertRuleJson {
  const found = english.flatMap(({ rules: inGroup }) => inGroup).find((rule) => rule.uid === uid);
  if (!found) throw new Error(`no rule ${uid}`);
  return found;
}

function secondsOf(duration: string): number {
  const parts = [...duration.matchAll(/(\d+)([dhms])/g)];
  expect(parts.map(([text]) => text).join('')).toBe(duration);
  const lengths: Record<string, number> = { d: 86_400, h: 3_600, m: 60, s: 1 };
  return parts.reduce((sum, [, count, unit]) => sum + Number(count) * (lengths[unit ?? ''] ?? Number.NaN), 0);
}

/** Tags that the query tells series apart by: the only labels that a text may name. */
function groupTags(query: string): string[] {
  return [...(query.split(' GROUP BY ')[1] ?? '').matchAll(/"(\w+)"/g)].map(([, tag]) => tag ?? '');
}

describe.each(all)('%s', (_, { uid, title, labels, annotations, data, ...rule }) => {
  const [query, reduce, threshold] = data;
  const text = queryText(query.model);

  test('has a name that Grafana takes', () => {
    expect(uid).toMatch(/^[A-Za-z0-9_-]{1,40}$/);
    expect(title.length).toBeLessThanOrEqual(190);
  });

  test('goes from query to reduction to threshold', () => {
    expect([query.refId, reduce.refId, threshold.refId, rule.condition]).toEqual(['A', 'B', 'C', 'C']);
    for (const stage of data) expect(stage.model.refId).toBe(stage.refId);
    expect([reduce.model.expression, threshold.model.expression]).toEqual(['A', 'B']);
    expect(reduce.model.settings.mode).toBe('dropNN');
    expect(threshold.model.conditions).toHaveLength(1);
    for (const { evaluator, unloadEvaluator } of threshold.model.conditions) {
      for (const each of [evaluator, ...(unloadEvaluator ? [unloadEvaluator] : [])]) {
        expect(each.type).toMatch(/^(gt|lt|within_range|outside_range)$/);
        expect(each.params).toHaveLength(each.type.endsWith('range') ? 2 : 1);
      }
    }
  });

  test('asks for one field of the catalogue, by the minute, with all tags that alerts are routed by', () => {
    const { groups = {} } =
      /^SELECT (?:last|max|mean|min)\("(?<field>\w+)"\) FROM "(?<from>\w+)" WHERE .*\$timeFilter GROUP BY time\(1m\), /.exec(
        text,
      ) ?? {};
    const measurement = measurementByName(groups.from ?? '');
    expect(measurement && fieldOf(measurement, groups.field ?? '')?.type).toMatch(/^(boolean|float|integer)$/);
    expect(text).toMatch(/ fill\(none\)$/);
    expect(groupTags(text)).toEqual(expect.arrayContaining(labels.scope === 'machine' ? [...originTags] : ['unit']));
    expect(query.relativeTimeRange.from).toBeGreaterThan(query.relativeTimeRange.to);
    expect(query.datasourceUid).toBe('influx-1');
    // Anything else that begins with a dollar stays as it is in alert rules.
    expect(text.replace('$timeFilter', '')).not.toContain('$');
  });

  test('waits two evaluations or is about an event, as long as in the collector', () => {
    const pending = secondsOf(rule.for);
    expect(pending === 0 || pending >= 120).toBe(true);
    const same = ruleById(uid.slice('vonggac-'.length));
    expect([pending, secondsOf(rule.keep_firing_for)]).toEqual([same?.pendingSeconds, same?.keepFiringSeconds]);
  });

  test('says what it is in texts that Grafana can fill in', () => {
    for (const name of ['summary', 'description', 'runbook_url']) expect(annotations[name]).not.toBe('');
    expect(annotations.runbook_url).toBe(`https://giamsat.example/runbook/${uid.slice('vonggac-'.length)}`);
    const known = new Set([
      ...groupTags(text).map((tag) => `{{ $labels.${tag} }}`),
      '{{ printf "%.1f" $values.B.Value }}',
    ]);
    for (const said of Object.values(annotations)) {
      expect(said).not.toContain('${');
      for (const [template] of said.matchAll(/\{\{.*?\}\}/g)) expect(known).toContain(template);
    }
    for (const label of Object.values(labels)) expect(label).not.toMatch(/[{}$]/);
  });

  test('its labels hide none of the tags', () => {
    const own = [...Object.keys(labels), 'alertname', 'grafana_folder', 'team'];
    expect(groupTags(text).filter((tag) => own.includes(tag))).toEqual([]);
  });

  test('leads to a panel that is there, or to none', () => {
    const { __dashboardUid__: dashboard, __panelId__: panel } = annotations;
    if (dashboard === undefined && panel === undefined) return;
    const shown = buildDashboards({ language: 'en' }).find((each) => each.uid === dashboard);
    const target = shown?.panels.find(({ id }) => `${id}` === panel)?.targets ?? [];
    expect(target.some((each) => textOf(each).includes(/FROM "\w+"/.exec(text)?.[0] ?? 'nothing'))).toBe(true);
  });
});

test.each([
  ['vi', vietnamese],
  ['en', english],
] as const)('%s: every rule is there once, and titles are unique in the folder', (_, groups) => {
  const made = groups.flatMap((group) => group.rules);
  expect(made.map(({ uid }) => uid).sort()).toEqual(rules.map(({ id }) => `vonggac-${id}`).sort());
  expect(new Set(made.map(({ title }) => title)).size).toBe(made.length);
  expect(new Set(groups.map(({ title }) => title)).size).toBe(groups.length);
  for (const { title, interval, folderUid } of groups) {
    expect(title).toMatch(/^[a-z-]{1,190}$/);
    expect(interval % 10).toBe(0);
    expect(folderUid).toBe('vonggac');
  }
});

test('one rule alone fires when there is no data', () => {
  const watchdogs = all.filter(([, { noDataState }]) => noDataState !== 'OK').map(([, { uid }]) => uid);
  expect(new Set(watchdogs)).toEqual(new Set(['vonggac-watchdog']));
  for (const [, { execErrState }] of all) expect(execErrState).toBe('Error');
});

test('both languages compare the same', () => {
  const compared = (groups: typeof english) =>
    groups.map((group) => group.rules.map(({ title: _, annotations: __, ...rest }) => rest));
  expect(compared(vietnamese)).toEqual(compared(english));
});

test('conditions become thresholds with what ends them', () => {
  const thresholdOf = (id: string) => byUid(`vonggac-${id}`).data[2].model.conditions[0];
  expect(thresholdOf('disk-filling')).toEqual({
    evaluator: { type: 'gt', params: [90] },
    unloadEvaluator: { type: 'lt', params: [88] },
  });
  expect(thresholdOf('certificate-expiring')).toEqual({
    evaluator: { type: 'lt', params: [14] },
    unloadEvaluator: { type: 'gt', params: [15] },
  });
  expect(thresholdOf('clock-wrong')).toEqual({ evaluator: { type: 'outside_range', params: [-60, 60] } });
  expect(thresholdOf('antivirus-unknown')).toEqual({ evaluator: { type: 'within_range', params: [-1.5, -0.5] } });
  expect(thresholdOf('scan-overdue')).toEqual({ evaluator: { type: 'gt', params: [30] } });
});

test('a query, a time and a text, as they are', () => {
  const rule = byUid('vonggac-disk-full-soon');
  expect(queryText(rule.data[0].model)).toBe(
    'SELECT last("full_in_days") FROM "filesystem_forecast"' +
      ` WHERE ("class" = 'server' OR "class" = 'gateway') AND $timeFilter` +
      ' GROUP BY time(1m), "agent", "host", "unit", "class", "mount" fill(none)',
  );
  expect(rule).toMatchObject({ for: '5m', keep_firing_for: '0s', labels: { severity: 'warning', scope: 'machine' } });
  expect(byUid('vonggac-antivirus-unknown').for).toBe('1d');
  expect(queryText(byUid('vonggac-dns-failing').data[0].model)).toContain(` WHERE "kind" = 'dns' AND $timeFilter `);
  expect(rule.annotations.description).toBe(
    [
      '{{ $labels.host }} · {{ $labels.unit }} · {{ $labels.mount }}',
      'Value: {{ printf "%.1f" $values.B.Value }} (limit: 7)',
      'Impact: There is time to act before services stop.',
      'First action: See what grows; add space or keep less.',
      'Whom to call: Whoever runs the machine.',
    ].join('\n'),
  );
  expect(byUid('vonggac-cpu-saturated').annotations).toMatchObject({ __dashboardUid__: 'vonggac-machine' });
  expect(byUid('vonggac-link-down').annotations).toMatchObject({ __dashboardUid__: 'vonggac-links' });
  expect(byUid('vonggac-outbreak').annotations).toMatchObject({ __dashboardUid__: 'vonggac-unit', __panelId__: '46' });
  expect(byUid('vonggac-backup-failed').annotations).toMatchObject({ __dashboardUid__: 'vonggac-province' });
});
