import { buildRuleGroups, type RuleGroupJson } from '@vonggac/dashboards';
import { beforeEach, describe, expect, test } from 'vitest';
import type { SyncContext } from './context.ts';
import { planText, type Step } from './plan.ts';
import { ruleSteps, type StoredRule } from './rule-steps.ts';
import { AnsweringGrafana } from './testing/answering-grafana.ts';

const folderPath = '/api/v1/provisioning/folder/vonggac/rule-groups';
const options = { language: 'en', dataSourceUid: 'vonggac-influxdb', consoleUrl: 'https://c', dashboards: [] } as const;
/** The two rules of lines that come first are enough. */
const groups: readonly RuleGroupJson[] = buildRuleGroups(options)
  .filter(({ title }) => title === 'vonggac-link')
  .map((group) => ({ ...group, rules: group.rules.slice(0, 2) }));
const [group] = groups;
const [first, second] = group?.rules ?? [];
if (!group || !first || !second) throw new Error('there are no rules of lines');

let grafana: AnsweringGrafana;
beforeEach(() => {
  grafana = new AnsweringGrafana({ [`${folderPath}/vonggac-link`]: { interval: group?.interval } });
});

const context = (more: Partial<SyncContext> = {}) => grafana.context(more);
const sentRules = () => (grafana.writes[0]?.body as { rules: { uid: string }[] } | undefined)?.rules ?? [];

/** As Grafana gives it back. */
function stored(rule: object, more: Readonly<Record<string, unknown>> = {}): StoredRule {
  const place = { folderUID: 'vonggac', ruleGroup: 'vonggac-link', provenance: 'api', id: 7, updated: 'today' };
  return { ...place, ...rule, ...more } as unknown as StoredRule;
}

async function plan(rules: readonly StoredRule[], more: Partial<SyncContext> = {}): Promise<readonly Step[]> {
  const { made, stale } = await ruleSteps(context(more), { groups, stored: rules });
  return [...made, ...stale];
}

const asIs = [stored(first), stored(second)];
const own = { labels: { managed_by: 'vonggac' } };
const mine = { uid: 'cua-toi', title: 'Của tôi', labels: {} };

test('what is as it should be is not written, however Grafana spells it', async () => {
  const spelt = stored({
    ...first,
    for: `${Number.parseInt(first.for, 10) * 60}s`,
    keep_firing_for: first.keep_firing_for,
  });
  expect(first.for).toMatch(/m$/);
  expect((await plan([spelt, stored(second)])).map(({ action }) => action)).toEqual(['unchanged']);
});

test('what differs is named', async () => {
  const changed = stored(first, { isPaused: true, annotations: { ...first.annotations, extra: 'x' }, for: '1h' });
  const steps = await plan([changed]);
  expect(planText(steps)).toContain(`~ rule group "vonggac-link"
    ~ rule "${first.title}": isPaused, for, annotations.extra
    + rule "${second.title}"`);
  await steps[0]?.apply?.();
  expect(grafana.writes).toMatchObject([{ call: `PUT ${folderPath}/vonggac-link` }]);
  expect(sentRules()).toEqual([first, second]);
});

test('an older version is not sent what it would drop, nor expected to have it', async () => {
  const features = { keepsFiring: false, keepsDashboards: true, tellsProvenance: true, hasTimeZones: true };
  const { keep_firing_for: _, ...older } = first;
  expect((await plan([stored(older), stored(second, { keep_firing_for: undefined })], { features }))[0]?.action).toBe(
    'unchanged',
  );
});

describe('what is made no more', () => {
  const old = stored({ uid: 'vonggac-old', title: 'Old', ...own });
  const elsewhere = stored({ uid: 'vonggac-older', title: 'Older', ...own }, { ruleGroup: 'vonggac-gone' });

  test('stays, also when its group is written', async () => {
    expect((await plan([...asIs, old, elsewhere])).map(({ action }) => action)).toEqual(['left', 'left']);
    const [step] = await plan([stored(first, { isPaused: true }), stored(second), old]);
    await step?.apply?.();
    expect(sentRules().map(({ uid }) => uid)).toEqual([first.uid, second.uid, 'vonggac-old']);
    expect(sentRules()[2]).not.toHaveProperty('provenance');
  });

  test('goes when it is told to', async () => {
    const steps = await plan([...asIs, old, elsewhere], { prune: true });
    expect(steps.map(({ action, details }) => [action, details])).toEqual([
      ['change', ['- rule "Old"']],
      ['delete', []],
    ]);
    for (const step of steps) await step.apply?.();
    expect(grafana.writes.map(({ call }) => call)).toEqual([
      `PUT ${folderPath}/vonggac-link`,
      'DELETE /api/v1/provisioning/alert-rules/vonggac-older',
    ]);
  });

  test('a rule with our uid and not our label is not ours', async () => {
    const theirs = stored({ uid: 'vonggac-mine', title: 'Mine', labels: {} }, { ruleGroup: 'other' });
    expect((await plan([...asIs, theirs], { prune: true })).map(({ action }) => action)).toEqual(['unchanged']);
  });
});

test('a rule that stands in another group moves', async () => {
  const [step] = await plan([stored(first, { ruleGroup: 'elsewhere' }), stored(second)]);
  expect(step?.details).toEqual([`~ rule "${first.title}": moves from the group "elsewhere"`]);
});

describe('refused', () => {
  test.each([
    ['a rule of others in our group', [...asIs, stored(mine)], 'move that one into another group'],
    [
      'our title',
      [stored({ ...mine, title: first.title }, { ruleGroup: 'x' })],
      'is taken by another rule (uid cua-toi)',
    ],
    ['our uid', [stored(first, { labels: {} }), stored(second)], 'has our uid'],
    ['a file', [stored(first, { provenance: 'file' })], 'a provisioning file of that Grafana holds the rule'],
  ])('%s', async (_, rules, words) => {
    const [step] = await plan(rules);
    expect([step?.action, step?.apply]).toEqual(['refused', undefined]);
    expect(step?.details.join()).toContain(words);
  });

  test('what has our uid is taken over when it is told to, and nothing else of it', async () => {
    expect((await plan([stored(first, { labels: {} })], { adopt: true }))[0]?.action).toBe('change');
    expect((await plan([...asIs, stored(mine)], { adopt: true }))[0]?.action).toBe('refused');
    expect((await plan([stored(first, { provenance: 'file' })], { adopt: true }))[0]?.action).toBe('refused');
  });

  test('a title in another folder is free', async () => {
    const namesake = stored({ ...mine, title: first.title }, { folderUID: 'other' });
    expect((await plan([...asIs, namesake]))[0]?.action).toBe('unchanged');
  });
});
