/** What becomes of an alert rule on its way into the store: checked a little, filled up, what has no place dropped. */
import { type Call, type Json, objectOf, Refusal, textOf } from './exchange.ts';
import { durationText, isUid, known, newUid, sorted } from './go-json.ts';
import type { Organisation, StoredRule } from './organisation.ts';
import type { Version } from './version.ts';

const baseIntervalSeconds = 10;
const longestTitle = 190;
const settingsFields = [
  'receiver',
  'group_by',
  'group_wait',
  'group_interval',
  'repeat_interval',
  'mute_time_intervals',
] as const;

export function intervalOf(value: unknown): number {
  if (typeof value === 'number' && value > 0 && value % baseIntervalSeconds === 0) return value;
  if (typeof value !== 'number') throw new Refusal(400, 'bad request data');
  throw invalid(`interval (${value}s) should be non-zero and divided exactly by scheduler interval: 10s`);
}

/** As stored, but for its place and provenance. `before` is what is there under its uid. */
export function ruleOf(
  call: Call,
  { given, before, now }: { given: unknown; before: StoredRule | undefined; now: number },
): StoredRule['rule'] {
  const { version, organisation } = call;
  const json = objectOf(given);
  const uid = textOf(json, 'uid') || newUid();
  if (!isUid(uid))
    throw version.isAtLeast(10) ? invalid(`cannot create rule with UID '${uid}'`) : new Refusal(500, 'database error');
  const title = textOf(json, 'title');
  if (title === '') throw invalid('title is empty');
  if (title.length > longestTitle) throw invalid(`alert rule title is too long. Max length is ${longestTitle}`);
  const annotations = textsOf(json, 'annotations');
  checkPanel(annotations);
  const rule = {
    id: before?.rule.id ?? organisation.nextId(),
    uid,
    orgID: organisation.id,
    title,
    condition: textOf(json, 'condition'),
    data: queriesOf(json),
    updated: new Date(now).toISOString(),
    noDataState: stateOf(json, { name: 'noDataState', own: 'NoData', version }),
    execErrState: stateOf(json, { name: 'execErrState', own: 'Error', version }),
    for: requiredDuration(json, 'for'),
    annotations,
    labels: textsOf(json, 'labels'),
    ...newerFields(call, json),
  };
  return rule;
}

/** Fields which older versions have no place for. */
function newerFields({ version, organisation }: Call, json: Json): Json {
  const fields: Json = {};
  if (version.isAtLeast(9, 5)) fields.isPaused = json.isPaused === true;
  if (version.isAtLeast(10, 4) && json.notification_settings) {
    fields.notification_settings = settingsOf(objectOf(json.notification_settings), organisation);
  }
  if (version.isAtLeast(12)) {
    if (json.keep_firing_for !== undefined) fields.keep_firing_for = requiredDuration(json, 'keep_firing_for');
    if (typeof json.missingSeriesEvalsToResolve === 'number') {
      fields.missingSeriesEvalsToResolve = json.missingSeriesEvalsToResolve;
    }
  }
  return fields;
}

function settingsOf(given: Json, { alertmanager }: Organisation): Json {
  const settings = known(given, settingsFields);
  const { receivers, muteTimings } = alertmanager.content;
  const receiver = textOf(settings, 'receiver');
  if (!receivers.some(({ name }) => name === receiver)) throw invalid(`receiver '${receiver}' does not exist`);
  for (const name of (settings.mute_time_intervals ?? []) as string[]) {
    if (!(name in muteTimings)) throw invalid(`mute timing '${name}' does not exist`);
  }
  for (const name of ['group_wait', 'group_interval', 'repeat_interval']) {
    if (settings[name] !== undefined) settings[name] = requiredDuration(settings, name);
  }
  return settings;
}

function queriesOf(json: Json): readonly Json[] {
  const { data } = json;
  if (!Array.isArray(data) || data.length === 0) throw invalid('no queries or expressions are found');
  return data.map((item: unknown) => {
    const query = objectOf(item);
    const datasourceUid = textOf(query, 'datasourceUid');
    const range = objectOf(query.relativeTimeRange ?? { from: 0, to: 0 });
    const { from, to } = range;
    if (typeof from !== 'number' || typeof to !== 'number') throw new Refusal(400, 'bad request data');
    const isExpression = datasourceUid === '__expr__' || datasourceUid === '-100';
    if (!isExpression && from <= to)
      throw invalid(`invalid alert query ${textOf(query, 'refId')}: invalid relative time range`);
    const model = sorted({ intervalMs: 1_000, maxDataPoints: 43_200, ...objectOf(query.model) });
    const queryType = textOf(query, 'queryType');
    return { refId: textOf(query, 'refId'), queryType, relativeTimeRange: { from, to }, datasourceUid, model };
  });
}

function checkPanel(annotations: Json): void {
  const { __dashboardUid__: dashboard, __panelId__: panel } = annotations;
  if (dashboard === undefined && panel === undefined) return;
  if (dashboard === undefined || panel === undefined) {
    throw invalid('both annotations __dashboardUid__ and __panelId__ must be specified');
  }
  if (!/^\d+$/.test(String(panel))) throw invalid('annotation __panelId__ must be a number');
}

function stateOf(
  json: Json,
  { name, own, version }: { name: string; own: 'NoData' | 'Error'; version: Version },
): string {
  const state = textOf(json, name);
  const states = ['Alerting', 'OK', own, ...(version.isAtLeast(10, 4) ? ['KeepLast'] : [])];
  if (state === '' && !version.isAtLeast(10)) return own;
  if (!states.includes(state)) throw invalid(`unknown ${name} option '${state}'`);
  return state;
}

function requiredDuration(json: Json, name: string): string {
  const text = durationText(json[name]);
  if (text === undefined) throw new Refusal(400, 'bad request data');
  return text;
}

/** Texts by name, sorted as Go does. */
function textsOf(json: Json, name: string): Json {
  const texts = objectOf(json[name] ?? {});
  if (Object.values(texts).some((text) => typeof text !== 'string')) throw new Refusal(400, 'bad request data');
  return sorted(texts);
}

export function invalid(reason: string): Refusal {
  return new Refusal(400, `invalid alert rule: ${reason}`);
}
