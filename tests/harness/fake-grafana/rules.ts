/** Single alert rules. Their group's interval is not theirs to set: the group keeps its own, a new group gets a minute. */
import { type Answer, type Call, type Json, objectOf, Refusal, type Route, textOf } from './exchange.ts';
import type { Organisation, Provenance, StoredRule } from './organisation.ts';
import { checkProvenance, provenanceOf } from './provenance.ts';
import { invalid, ruleOf } from './stored-rule.ts';
import type { Version } from './version.ts';

const base = '/api/v1/provisioning/alert-rules';
const defaultIntervalSeconds = 60;

export function ruleRoutes({ now }: { now: () => number }): readonly Route[] {
  return [
    { method: 'GET', path: base, permission: 'admin', answer: list },
    { method: 'GET', path: `${base}/:uid`, permission: 'admin', answer: read },
    { method: 'POST', path: base, permission: 'admin', answer: (call) => create(call, now()) },
    { method: 'PUT', path: `${base}/:uid`, permission: 'admin', answer: (call) => update(call, now()) },
    { method: 'DELETE', path: `${base}/:uid`, permission: 'admin', answer: remove },
  ];
}

function list({ organisation }: Call): Answer {
  return { status: 200, body: [...organisation.rules.values()].map((stored) => shownRule(stored, stored.provenance)) };
}

function read({ organisation, parameters, version }: Call): Answer {
  const stored = organisation.rules.get(parameters.uid ?? '');
  if (stored) return { status: 200, body: shownRule(stored, stored.provenance) };
  if (!version.isAtLeast(10)) throw new Refusal(500, 'could not find alert rule');
  return { status: 404 };
}

function create(call: Call, now: number): Answer {
  const given = objectOf(call.body);
  const { organisation } = call;
  if (organisation.rules.has(textOf(given, 'uid')))
    throw invalid('rule UID under the same organisation should be unique');
  const stored = storedOf(call, { given, before: undefined, now, provenance: provenanceOf(call) });
  organisation.rules.set(stored.rule.uid, stored);
  const key = groupKey(stored.folderUid, stored.group);
  if (!organisation.groupIntervals.has(key)) organisation.groupIntervals.set(key, defaultIntervalSeconds);
  return { status: 201, body: shownRule(stored, stored.provenance) };
}

function update(call: Call, now: number): Answer {
  const { organisation, parameters } = call;
  const before = organisation.rules.get(parameters.uid ?? '');
  if (!before) return { status: 404 };
  const provenance = provenanceOf(call);
  checkProvenance(call, { from: before.provenance, to: provenance });
  const given = { ...objectOf(call.body), uid: before.rule.uid };
  const stored = storedOf(call, { given, before, now, provenance });
  organisation.rules.set(before.rule.uid, stored);
  return { status: 200, body: shownRule(stored, stored.provenance) };
}

function remove(call: Call): Answer {
  const { organisation, parameters } = call;
  const before = organisation.rules.get(parameters.uid ?? '');
  if (!before) return { status: 204 };
  checkProvenance(call, { from: before.provenance, to: provenanceOf(call) });
  organisation.rules.delete(before.rule.uid);
  return { status: 204 };
}

function storedOf(
  call: Call,
  options: { given: Json; before: StoredRule | undefined; now: number; provenance: Provenance },
): StoredRule {
  const { given, provenance } = options;
  const folderUid = textOf(given, 'folderUID');
  if (!call.organisation.folders.has(folderUid)) throw invalid('folder does not exist');
  const rule = ruleOf(call, options);
  const { organisation, version } = call;
  refuseTakenTitle(organisation.rules.values(), { folderUid, rule, version });
  return { provenance, folderUid, group: textOf(given, 'ruleGroup'), rule };
}

/** Titles are unique in their folder, whatever the group. */
export function refuseTakenTitle(
  rules: Iterable<StoredRule>,
  { folderUid, rule, version }: { folderUid: string; rule: StoredRule['rule']; version: Version },
): void {
  for (const other of rules) {
    if (other.folderUid !== folderUid || other.rule.title !== rule.title || other.rule.uid === rule.uid) continue;
    const text =
      'rule title under the same organisation and folder should be unique: a conflicting alert rule is found';
    throw new Refusal(version.isAtLeast(10) ? 400 : 500, text);
  }
}

export function groupKey(folderUid: string, group: string): string {
  return `${folderUid}/${group}`;
}

/** In its evaluation order. */
export function rulesOf(
  organisation: Organisation,
  place: { folderUid: string; group: string },
): readonly StoredRule[] {
  return [...organisation.rules.values()].filter(
    ({ folderUid, group }) => folderUid === place.folderUid && group === place.group,
  );
}

export function shownRule({ rule, folderUid, group }: StoredRule, provenance: Provenance): Json {
  return { ...rule, folderUID: folderUid, ruleGroup: group, ...(provenance === '' ? {} : { provenance }) };
}
