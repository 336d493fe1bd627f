/**
 * Silences, as the Alertmanager keeps them. One that is posted with its id is changed in its place while it means the same;
 * with other matchers, or once begun another beginning, the old one ends and a new one gets a new id.
 */
import { randomUUID } from 'node:crypto';
import { type Answer, type Call, type Json, objectOf, Refusal, type Route, textOf } from './exchange.ts';
import type { Matcher, Silence } from './organisation.ts';

const base = '/api/alertmanager/grafana/api/v2';

export function silenceRoutes({ now }: { now: () => number }): readonly Route[] {
  const one = `${base}/silence/:id`;
  return [
    { method: 'GET', path: `${base}/silences`, permission: 'viewer', answer: (call) => list(call, now()) },
    { method: 'POST', path: `${base}/silences`, permission: 'editor', answer: (call) => put(call, now()) },
    { method: 'GET', path: one, permission: 'viewer', answer: (call) => read(call, now()) },
    { method: 'DELETE', path: one, permission: 'editor', answer: (call) => expire(call, now()) },
  ];
}

function list({ organisation, query }: Call, now: number): Answer {
  const filters = query.getAll('filter').map(filterOf);
  const found = [...organisation.silences.values()].filter(({ matchers }) =>
    filters.every((filter) => matchers.some((matcher) => keyOf(matcher) === keyOf(filter))),
  );
  return { status: 200, body: found.map((silence) => shown(silence, now)) };
}

function read(call: Call, now: number): Answer {
  return { status: 200, body: shown(existing(call), now) };
}

function put({ organisation, body }: Call, now: number): Answer {
  const given = objectOf(body);
  const wanted = textOf(given, 'id');
  const before = wanted === '' ? undefined : organisation.silences.get(wanted);
  if (wanted !== '' && !before) throw new Refusal(404, `silence ${wanted} not found`);
  const [startsAt, endsAt] = [timeOf(given, 'startsAt'), timeOf(given, 'endsAt')];
  const matchers = matchersOf(given);
  const createdBy = textOf(given, 'createdBy');
  const comment = textOf(given, 'comment');
  if (createdBy === '' || comment === '') throw new Refusal(400, 'silence: createdBy and comment are required');
  if (endsAt < startsAt) throw new Refusal(400, 'invalid silence: end time must not be before start time');
  if (endsAt < now) throw new Refusal(400, "invalid silence: end time can't be in the past");
  const silence = { matchers, createdBy, comment, endsAt: textAt(endsAt), updatedAt: textAt(now) };
  if (before && staysSame(before, { matchers, startsAt, now })) {
    organisation.silences.set(before.id, { ...before, ...silence, startsAt: textAt(startsAt) });
    return { status: 202, body: { silenceID: before.id } };
  }
  if (before) end(organisation.silences, { silence: before, now });
  const id = randomUUID();
  organisation.silences.set(id, { id, ...silence, startsAt: textAt(Math.max(startsAt, now)) });
  return { status: 202, body: { silenceID: id } };
}

function expire(call: Call, now: number): Answer {
  end(call.organisation.silences, { silence: existing(call), now });
  return { status: 200, body: { message: 'silence deleted' } };
}

function end(silences: Map<string, Silence>, { silence, now }: { silence: Silence; now: number }): void {
  if (stateOf(silence, now) === 'expired') return;
  const endsAt = textAt(now);
  const startsAt = Date.parse(silence.startsAt) > now ? endsAt : silence.startsAt;
  silences.set(silence.id, { ...silence, startsAt, endsAt, updatedAt: endsAt });
}

function staysSame(before: Silence, after: { matchers: readonly Matcher[]; startsAt: number; now: number }): boolean {
  const isMeaningSame = keysOf(before.matchers) === keysOf(after.matchers);
  switch (stateOf(before, after.now)) {
    case 'expired':
      return false;
    case 'active':
      return isMeaningSame && Math.floor(Date.parse(before.startsAt) / 1_000) === Math.floor(after.startsAt / 1_000);
    case 'pending':
      return isMeaningSame && after.startsAt >= after.now;
  }
}

function stateOf({ startsAt, endsAt }: Silence, now: number): 'active' | 'pending' | 'expired' {
  if (Date.parse(endsAt) <= now) return 'expired';
  return Date.parse(startsAt) > now ? 'pending' : 'active';
}

function existing({ organisation, parameters }: Call): Silence {
  const silence = organisation.silences.get(parameters.id ?? '');
  if (!silence) throw new Refusal(404, 'silence not found');
  return silence;
}

function timeOf(given: Json, name: string): number {
  const text = textOf(given, name);
  const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/.test(text)
    ? Date.parse(text)
    : Number.NaN;
  if (Number.isNaN(time)) throw new Refusal(400, 'bad request data');
  return time;
}

function textAt(time: number): string {
  return new Date(time).toISOString();
}

function matchersOf(given: Json): readonly Matcher[] {
  const items = given.matchers;
  if (!Array.isArray(items) || items.length === 0)
    throw new Refusal(400, 'invalid silence: at least one matcher required');
  const matchers = items.map((item: unknown) => {
    const matcher = objectOf(item);
    const isRegex = matcher.isRegex === true;
    return {
      name: textOf(matcher, 'name'),
      value: textOf(matcher, 'value'),
      isRegex,
      isEqual: matcher.isEqual !== false,
    };
  });
  if (matchers.some(({ name }) => name === ''))
    throw new Refusal(400, 'invalid silence: invalid label matcher: empty name');
  if (matchers.every(({ value, isEqual }) => value === '' && isEqual)) {
    throw new Refusal(400, 'invalid silence: at least one matcher must not match the empty string');
  }
  return matchers;
}

function filterOf(text: string): Matcher {
  const [, name = '', operator = '', quoted = ''] = /^\s*([^=!~\s]+)\s*(=~|!~|!=|=)\s*(.*)$/.exec(text) ?? [];
  if (name === '') throw new Refusal(400, `bad matcher format: ${text}`);
  const value = quoted.replace(/^"(.*)"$/, '$1');
  return { name, value, isRegex: operator.endsWith('~'), isEqual: !operator.startsWith('!') };
}

function keyOf({ name, value, isRegex, isEqual }: Matcher): string {
  return JSON.stringify([name, value, isRegex, isEqual]);
}

/** Their order counts too. */
function keysOf(matchers: readonly Matcher[]): string {
  return JSON.stringify(matchers.map(keyOf));
}

function shown(silence: Silence, now: number): Json {
  return { ...silence, status: { state: stateOf(silence, now) } };
}
