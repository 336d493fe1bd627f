/** How the rules fare, in the form of Prometheus. `file` is the folder's title. */
import type { Answer, Call, Json, Route } from './exchange.ts';
import type { Organisation, StoredRule } from './organisation.ts';
import { groupKey } from './rules.ts';

export interface RuleHealth {
  readonly health: 'ok' | 'error' | 'nodata' | 'unknown';
  readonly lastError?: string;
  readonly state?: 'firing' | 'pending' | 'inactive';
}

export type RuleHealthFunction = (rule: { uid: string; title: string; folderUid: string; group: string }) => RuleHealth;

export function ruleHealthRoutes({
  now,
  healthOf,
}: {
  now: () => number;
  healthOf: RuleHealthFunction | undefined;
}): readonly Route[] {
  const path = '/api/prometheus/grafana/api/v1/rules';
  return [{ method: 'GET', path, permission: 'viewer', answer: (call) => list(call, { now: now(), healthOf }) }];
}

function list(
  { organisation }: Call,
  { now, healthOf }: { now: number; healthOf: RuleHealthFunction | undefined },
): Answer {
  const groups = Map.groupBy(organisation.rules.values(), ({ folderUid, group }) => groupKey(folderUid, group));
  const body = [...groups].map(([key, rules]) => {
    const [first] = rules;
    const folderUid = first?.folderUid ?? '';
    return {
      name: first?.group ?? '',
      file: organisation.folders.get(folderUid)?.title ?? '',
      folderUid,
      interval: organisation.groupIntervals.get(key) ?? 60,
      lastEvaluation: new Date(now).toISOString(),
      evaluationTime: 0.01,
      rules: rules.map((stored) => shown(stored, { now, health: healthOfRule(organisation, { stored, healthOf }) })),
    };
  });
  return { status: 200, body: { status: 'success', data: { groups: body } } };
}

function healthOfRule(
  organisation: Organisation,
  { stored, healthOf }: { stored: StoredRule; healthOf: RuleHealthFunction | undefined },
): RuleHealth {
  const { rule, folderUid, group } = stored;
  if (healthOf) return healthOf({ uid: rule.uid, title: rule.title, folderUid, group });
  const lost = (rule.data as Json[]).find(({ datasourceUid }) => {
    const uid = String(datasourceUid);
    return uid !== '__expr__' && uid !== '-100' && !organisation.dataSources.has(uid);
  });
  if (!lost) return { health: 'ok' };
  return { health: 'error', lastError: `failed to build query '${lost.refId}': data source not found` };
}

function shown({ rule, folderUid }: StoredRule, { now, health }: { now: number; health: RuleHealth }): Json {
  const { uid, title, labels, annotations } = rule;
  return {
    uid,
    folderUid,
    name: title,
    query: JSON.stringify(rule.data),
    state: 'inactive',
    labels,
    annotations,
    alerts: [],
    lastEvaluation: new Date(now).toISOString(),
    evaluationTime: 0.01,
    type: 'alerting',
    isPaused: rule.isPaused ?? false,
    ...health,
  };
}
