/**
 * Rule groups, which are written as a whole: rules that are not in the new one are deleted, rules of other groups that are in
 * it move here. The answer echoes what was sent, and not what is stored; nobody looks whether the folder exists.
 */
import { type Answer, type Call, type Json, objectOf, Refusal, type Route, textOf } from './exchange.ts';
import { sorted } from './go-json.ts';
import type { StoredRule } from './organisation.ts';
import { checkGroupProvenance, provenanceOf } from './provenance.ts';
import { groupKey, refuseTakenTitle, rulesOf, shownRule } from './rules.ts';
import { intervalOf, invalid, ruleOf } from './stored-rule.ts';
import type { Version } from './version.ts';

const path = '/api/v1/provisioning/folder/:folderUid/rule-groups/:group';
const longestName = 190;

export function ruleGroupRoutes({ now, version }: { now: () => number; version: Version }): readonly Route[] {
  const routes: readonly Route[] = [
    { method: 'GET', path, permission: 'admin', answer: read },
    { method: 'PUT', path, permission: 'admin', answer: (call) => replace(call, now()) },
  ];
  if (!version.isAtLeast(11)) return routes;
  return [...routes, { method: 'DELETE', path, permission: 'admin', answer: remove }];
}

function read(call: Call): Answer {
  const { organisation } = call;
  const place = placeOf(call);
  const rules = rulesOf(organisation, place);
  if (rules.length === 0) throw new Refusal(404, 'alert rule group not found');
  const interval = organisation.groupIntervals.get(groupKey(place.folderUid, place.group)) ?? 60;
  const { folderUid, group } = place;
  // Unlike the list of all rules, a group does not say who made them.
  return { status: 200, body: { title: group, folderUid, interval, rules: rules.map((rule) => shownRule(rule, '')) } };
}

function replace(call: Call, now: number): Answer {
  const { organisation } = call;
  const place = placeOf(call);
  const { folderUid, group } = place;
  const given = objectOf(call.body);
  const interval = intervalOf(given.interval);
  if (group.length > longestName) throw invalid(`group name is too long. Max length is ${longestName}`);
  const before = rulesOf(organisation, place);
  const key = groupKey(folderUid, group);
  if (given.rules === undefined || given.rules === null) {
    if (before.length > 0) organisation.groupIntervals.set(key, interval);
    return { status: 200, body: { ...given, title: group, folderUid } };
  }
  const after = newRulesOf(call, { given: given.rules, now });
  const leaving = before.filter((old) => !after.some(({ rule }) => rule.uid === old.rule.uid));
  const to = provenanceToSet(call);
  for (const { provenance } of leaving) checkGroupProvenance(call, { from: provenance, to, operation: 'delete' });
  checkTitles(call, { after, leaving });
  for (const { rule } of leaving) organisation.rules.delete(rule.uid);
  // Set anew, so that they stand in their new order.
  for (const stored of after) organisation.rules.delete(stored.rule.uid);
  for (const stored of after) organisation.rules.set(stored.rule.uid, stored);
  organisation.groupIntervals.set(key, interval);
  return { status: 200, body: { ...given, title: group, folderUid } };
}

function remove(call: Call): Answer {
  const rules = rulesOf(call.organisation, placeOf(call));
  if (rules.length === 0) throw new Refusal(404, 'alert rule group not found');
  const to = provenanceToSet(call);
  for (const { provenance } of rules) checkGroupProvenance(call, { from: provenance, to, operation: 'delete' });
  for (const { rule } of rules) call.organisation.rules.delete(rule.uid);
  return { status: 204 };
}

function newRulesOf(call: Call, { given, now }: { given: unknown; now: number }): readonly StoredRule[] {
  if (!Array.isArray(given)) throw new Refusal(400, 'bad request data');
  const to = provenanceToSet(call);
  const place = placeOf(call);
  const rules = given.map((item: unknown) => {
    const before = call.organisation.rules.get(textOf(objectOf(item), 'uid'));
    const stored: StoredRule = { ...place, provenance: to, rule: ruleOf(call, { given: item, before, now }) };
    if (before && isUnchanged(before, stored)) return before;
    if (before) checkGroupProvenance(call, { from: before.provenance, to, operation: 'update' });
    return stored;
  });
  const uids = new Set(rules.map(({ rule }) => rule.uid));
  if (uids.size < rules.length) throw invalid('rule UID is used more than once in the group');
  return rules;
}

/** A group that is as it was is not written: its rules keep their provenance and their time. */
function isUnchanged(before: StoredRule, after: StoredRule): boolean {
  const { updated: _, ...old } = before.rule as Json;
  const { updated: __, ...fresh } = after.rule as Json;
  const isInPlace = before.folderUid === after.folderUid && before.group === after.group;
  return isInPlace && JSON.stringify(sorted(old)) === JSON.stringify(sorted(fresh));
}

/** Of all rules as they will be, so that two may exchange their titles. */
function checkTitles(
  call: Call,
  { after, leaving }: { after: readonly StoredRule[]; leaving: readonly StoredRule[] },
): void {
  const rules = new Map(call.organisation.rules);
  for (const { rule } of leaving) rules.delete(rule.uid);
  for (const stored of after) rules.set(stored.rule.uid, stored);
  const { folderUid } = placeOf(call);
  for (const { rule } of after) refuseTakenTitle(rules.values(), { folderUid, rule, version: call.version });
}

/** 9.4 looks at the header for single rules only. */
function provenanceToSet(call: Call) {
  return call.version.isAtLeast(10) ? provenanceOf(call) : 'api';
}

function placeOf({ parameters }: Call): { folderUid: string; group: string } {
  return { folderUid: parameters.folderUid ?? '', group: parameters.group ?? '' };
}
