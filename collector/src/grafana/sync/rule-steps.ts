/** Alert rules, group by group: a write of a group replaces it, so what it takes away is looked for before. */
import type { RuleGroupJson } from '@vonggac/dashboards';
import * as z from 'zod';
import { path } from '../grafana-api.ts';
import type { Steps, SyncContext } from './context.ts';
import { differences, durationMs } from './differences.ts';
import { type Step, staleStep } from './plan.ts';

const prefix = 'vonggac-';
const Stored = z.looseObject({
  uid: z.string(),
  title: z.string(),
  folderUID: z.string(),
  ruleGroup: z.string(),
  labels: z.record(z.string(), z.string()).nullish(),
  provenance: z.string().optional(),
});
export type StoredRule = z.infer<typeof Stored>;
const Rules = z
  .array(Stored)
  .nullable()
  .transform((list) => list ?? []);
const Group = z.looseObject({ interval: z.number() });
type Rule = RuleGroupJson['rules'][number];

/** What the server gives with a rule, and does not take. */
const given = ['id', 'updated', 'provenance'];

export function findRules({ api }: SyncContext): Promise<readonly StoredRule[]> {
  return api.get('/api/v1/provisioning/alert-rules', { what: 'the alert rules', answer: Rules });
}

export function isOurs({ uid, labels }: Pick<StoredRule, 'labels' | 'uid'>): boolean {
  return uid.startsWith(prefix) && labels?.managed_by === 'vonggac';
}

export async function ruleSteps(
  context: SyncContext,
  { groups, stored }: { groups: readonly RuleGroupJson[]; stored: readonly StoredRule[] },
): Promise<Steps> {
  const wanted = new Set(groups.flatMap(({ rules }) => rules.map(({ uid }) => uid)));
  const stale = stored.filter((rule) => isOurs(rule) && !wanted.has(rule.uid));
  const made: Step[] = [];
  for (const group of groups) made.push(await groupStep(context, { group, stored, stale }));
  const isInGroup = (rule: StoredRule) =>
    groups.some(({ folderUid, title }) => folderUid === rule.folderUID && title === rule.ruleGroup);
  return {
    made,
    // Of ours those go with their groups.
    stale: stale.filter((rule) => !isInGroup(rule)).map((rule) => staleRule(context, rule)),
  };
}

function staleRule({ api, prune }: SyncContext, { uid, title }: StoredRule): Step {
  const remove = async () => {
    await api.delete(path`/api/v1/provisioning/alert-rules/${uid}`, {
      what: `the alert rule "${title}"`,
      answer: z.unknown(),
    });
  };
  return staleStep({ kind: 'alert rule', name: title }, { prune, remove });
}

interface GroupOptions {
  readonly group: RuleGroupJson;
  readonly stored: readonly StoredRule[];
  readonly stale: readonly StoredRule[];
}

async function groupStep(context: SyncContext, { group, stored, stale }: GroupOptions): Promise<Step> {
  const object = { kind: 'rule group', name: group.title };
  const members = stored.filter((rule) => rule.folderUID === group.folderUid && rule.ruleGroup === group.title);
  const gone = members.filter((rule) => stale.includes(rule));
  const rules = group.rules.map((rule) => suited(rule, context));
  const problems = problemsOf(context, { group, stored, members, stale });
  if (problems.length > 0) return { ...object, action: 'refused', details: problems };
  const what = `the rule group "${group.title}"`;
  const where = path`/api/v1/provisioning/folder/${group.folderUid}/rule-groups/${group.title}`;
  const kept = context.prune ? [] : gone;
  const write = async () => {
    const body = {
      title: group.title,
      folderUid: group.folderUid,
      interval: group.interval,
      rules: [...rules, ...kept.map(asSent)],
    };
    await context.api.put(where, { what, body, answer: z.unknown() });
  };
  if (members.length === 0) {
    return { ...object, action: 'create', details: rules.map(({ title }) => `+ rule "${title}"`), apply: write };
  }
  const { interval } = (await context.api.find(where, { what, answer: Group })) ?? { interval: 0 };
  const details = [
    ...(interval === group.interval ? [] : [`~ interval: ${interval} s → ${group.interval} s`]),
    ...rules.flatMap((rule) => ruleDetails(rule, stored, group)),
    ...(context.prune ? gone.map(({ title }) => `- rule "${title}"`) : []),
  ];
  if (details.length > 0) return { ...object, action: 'change', details, apply: write };
  if (gone.length === 0) return { ...object, action: 'unchanged', details };
  const names = gone.map(({ title }) => `"${title}"`).join(', ');
  return { ...object, action: 'left', details: [`${names} is made no more; --prune deletes it`] };
}

/** What is not ours and would be lost, or what is in the way. */
function problemsOf(
  { adopt, prune }: SyncContext,
  { group, stored, members, stale }: GroupOptions & { members: readonly StoredRule[] },
): string[] {
  const uids = new Set(group.rules.map(({ uid }) => uid));
  const titles = new Map(group.rules.map(({ uid, title }) => [title, uid]));
  const strangers = members.filter((rule) => !isOurs(rule) && !uids.has(rule.uid));
  const namesakes = stored.filter(
    ({ folderUID, title, uid }) => folderUID === group.folderUid && titles.has(title) && titles.get(title) !== uid,
  );
  const foreignNamesakes = namesakes.filter((rule) => !isOurs(rule));
  // In this group they go with the same write; elsewhere only after it.
  const ownNamesakes = namesakes.filter((rule) => stale.includes(rule) && !(prune && members.includes(rule)));
  const held = stored.filter(({ uid }) => uids.has(uid));
  return [
    ...strangers.map(
      ({ title, uid }) =>
        `it holds the rule "${title}" (uid ${uid}) of somebody else: move that one into another group`,
    ),
    ...foreignNamesakes.map(
      ({ title, uid }) => `the rule name "${title}" is taken by another rule (uid ${uid}): rename that one`,
    ),
    ...ownNamesakes.map(({ title, uid, ruleGroup }) =>
      prune
        ? `the rule name "${title}" is taken by our rule ${uid} in the group "${ruleGroup}", which is made no more: delete that one in Grafana`
        : `the rule name "${title}" is taken by our rule ${uid}, which is made no more: --prune deletes it`,
    ),
    ...held
      .filter(({ provenance }) => provenance === 'file')
      .map(
        ({ title }) =>
          `a provisioning file of that Grafana holds the rule "${title}": take the file away there and restart Grafana, or go on with "vonggac grafana export"`,
      ),
    ...held
      .filter((rule) => rule.provenance !== 'file' && !isOurs(rule) && !adopt)
      .map(
        ({ title, uid }) =>
          `the rule "${title}" has our uid ${uid} without our label: take it away there, or take it over with --adopt`,
      ),
  ];
}

/** Without what that version would drop. */
function suited(rule: Rule, { features }: SyncContext): Partial<Rule> & Pick<Rule, 'title' | 'uid'> {
  if (features.keepsFiring) return rule;
  const { keep_firing_for: _, ...rest } = rule;
  return rest;
}

function ruleDetails(
  rule: Partial<Rule> & Pick<Rule, 'title' | 'uid'>,
  stored: readonly StoredRule[],
  group: RuleGroupJson,
): string[] {
  const found = stored.find(({ uid }) => uid === rule.uid);
  if (!found) return [`+ rule "${rule.title}"`];
  const changes = [
    ...(found.folderUID === group.folderUid && found.ruleGroup === group.title
      ? []
      : [`moves from the group "${found.ruleGroup}"`]),
    ...differencesOf(rule, found),
  ];
  return changes.length === 0 ? [] : [`~ rule "${rule.title}": ${changes.join(', ')}`];
}

function differencesOf(rule: Partial<Rule>, found: StoredRule): readonly string[] {
  const { labels, annotations, for: pending, keep_firing_for, ...rest } = rule;
  return [
    ...differences(
      { ...rest, notification_settings: null, for: durationMs(pending), keep_firing_for: durationMs(keep_firing_for) },
      { ...found, for: durationMs(found.for), keep_firing_for: durationMs(found.keep_firing_for) },
      { extras: 'ignore' },
    ),
    ...differences(
      { labels, annotations },
      { labels: found.labels, annotations: found.annotations },
      { extras: 'count' },
    ),
  ];
}

function asSent(rule: StoredRule): object {
  return Object.fromEntries(Object.entries(rule).filter(([name]) => !given.includes(name)));
}
