/** Annotations. POST makes another each time; a dashboard that is not there is left out of it without a word. */
import { type Answer, type Call, type Json, objectOf, Refusal, type Route, textOf } from './exchange.ts';
import type { Annotation } from './organisation.ts';

const longestTags = 500;
const defaultLimit = 100;

export function annotationRoutes({ now }: { now: () => number }): readonly Route[] {
  const one = '/api/annotations/:id';
  return [
    { method: 'GET', path: '/api/annotations', permission: 'viewer', answer: find },
    { method: 'POST', path: '/api/annotations', permission: 'editor', answer: (call) => add(call, now()) },
    {
      method: 'GET',
      path: one,
      permission: 'viewer',
      answer: (call) => ({ status: 200, body: shown(existing(call)) }),
    },
    { method: 'PATCH', path: one, permission: 'editor', answer: patch },
    { method: 'PUT', path: one, permission: 'editor', answer: replace },
    { method: 'DELETE', path: one, permission: 'editor', answer: remove },
  ];
}

function find({ organisation, query }: Call): Answer {
  const from = Number(query.get('from') ?? 0);
  const to = Number(query.get('to') ?? 0);
  const tags = query.getAll('tags');
  const isAny = query.get('matchAny') === 'true';
  const limit = Number(query.get('limit') ?? 0) || defaultLimit;
  const dashboardUid = query.get('dashboardUID') ?? '';
  const found = [...organisation.annotations.values()]
    .filter((each) => from <= 0 || to <= 0 || (each.time <= to && each.timeEnd >= from))
    .filter((each) => dashboardUid === '' || each.dashboardUid === dashboardUid)
    .filter((each) => tags.length === 0 || tags[isAny ? 'some' : 'every']((tag) => each.tags.includes(tag)))
    .sort((one, other) => other.timeEnd - one.timeEnd);
  return { status: 200, body: found.slice(0, limit).map(shown) };
}

function add({ organisation, body }: Call, now: number): Answer {
  const given = objectOf(body);
  const text = textOf(given, 'text');
  if (text === '') throw new Refusal(400, 'Failed to save annotation', { error: 'text field should not be empty' });
  const time = numberOf(given, 'time') || now;
  const wanted = textOf(given, 'dashboardUID');
  const id = organisation.nextId();
  const annotation: Annotation = {
    id,
    time,
    timeEnd: numberOf(given, 'timeEnd') || time,
    text,
    tags: tagsOf(given),
    dashboardUid: organisation.dashboards.has(wanted) ? wanted : '',
    panelId: numberOf(given, 'panelId'),
  };
  organisation.annotations.set(id, inOrder(annotation));
  return { status: 200, body: { message: 'Annotation added', id } };
}

/** What is not given, or empty, stays as it is. */
function patch(call: Call): Answer {
  const before = existing(call);
  const given = objectOf(call.body);
  store(call, {
    ...before,
    text: textOf(given, 'text') || before.text,
    tags: given.tags === undefined || given.tags === null ? before.tags : tagsOf(given),
    time: numberOf(given, 'time') || before.time,
    timeEnd: numberOf(given, 'timeEnd') || before.timeEnd,
  });
  return { status: 200, body: { message: 'Annotation patched' } };
}

function replace(call: Call): Answer {
  const before = existing(call);
  const given = objectOf(call.body);
  const time = numberOf(given, 'time');
  const timeEnd = numberOf(given, 'timeEnd') || time;
  store(call, { ...before, text: textOf(given, 'text'), tags: tagsOf(given), time, timeEnd });
  return { status: 200, body: { message: 'Annotation updated' } };
}

function remove(call: Call): Answer {
  call.organisation.annotations.delete(existing(call).id);
  return { status: 200, body: { message: 'Annotation deleted' } };
}

function store({ organisation }: Call, annotation: Annotation): void {
  organisation.annotations.set(annotation.id, inOrder(annotation));
}

/** A region that ends before it begins is turned round. */
function inOrder(annotation: Annotation): Annotation {
  const { time, timeEnd } = annotation;
  return { ...annotation, time: Math.min(time, timeEnd), timeEnd: Math.max(time, timeEnd) };
}

function existing({ organisation, parameters }: Call): Annotation {
  const id = Number(parameters.id);
  if (Number.isNaN(id)) throw new Refusal(400, 'annotationId is invalid');
  const annotation = organisation.annotations.get(id);
  if (!annotation) throw new Refusal(404, 'Annotation not found');
  return annotation;
}

function numberOf(given: Json, name: string): number {
  const value = given[name] ?? 0;
  if (typeof value !== 'number' || !Number.isInteger(value)) throw new Refusal(400, 'bad request data');
  return value;
}

function tagsOf(given: Json): readonly string[] {
  const tags = (given.tags ?? []) as unknown;
  if (!Array.isArray(tags) || tags.some((tag) => typeof tag !== 'string')) throw new Refusal(400, 'bad request data');
  if (tags.join('').length > longestTags) {
    throw new Refusal(400, 'Tags length exceeds the maximum allowed.', { messageId: 'annotations.tag-limit-exceeded' });
  }
  return tags as readonly string[];
}

function shown({ dashboardUid, ...annotation }: Annotation): Json {
  const more = { alertId: 0, newState: '', prevState: '', login: 'sa-1', email: 'sa-1', avatarUrl: '', data: {} };
  return { ...annotation, dashboardUID: dashboardUid, created: annotation.time, updated: annotation.time, ...more };
}
