/** Mute timings, known by their names; what is stored is written as Prometheus writes it: `1:3` is `january:march`. */
import { createHash } from 'node:crypto';
import { policiesOf } from './alertmanager-document.ts';
import { type Answer, type Call, type Json, objectOf, Refusal, type Route, textOf } from './exchange.ts';
import { sorted } from './go-json.ts';
import { checkProvenance, provenanceOf } from './provenance.ts';
import type { Version } from './version.ts';

const base = '/api/v1/provisioning/mute-timings';

export const muteTimingRoutes: readonly Route[] = [
  { method: 'GET', path: base, permission: 'admin', answer: list },
  { method: 'POST', path: base, permission: 'admin', answer: create },
  { method: 'GET', path: `${base}/:name`, permission: 'admin', answer: read },
  { method: 'PUT', path: `${base}/:name`, permission: 'admin', answer: update },
  { method: 'DELETE', path: `${base}/:name`, permission: 'admin', answer: remove },
];

const weekdays = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];
const months = [
  'january',
  'february',
  'march',
  'april',
  'may',
  'june',
  'july',
  'august',
  'september',
  'october',
  'november',
  'december',
];

function list(call: Call): Answer {
  const names = Object.keys(call.organisation.alertmanager.content.muteTimings);
  return { status: 200, body: names.map((name) => shown(call, name)) };
}

function read(call: Call): Answer {
  return { status: 200, body: shown(call, existing(call)) };
}

async function create(call: Call): Promise<Answer> {
  const given = objectOf(call.body);
  const name = textOf(given, 'name');
  if (name === '') throw invalid('a mute timing must have a name');
  const intervals = intervalsOf(given, call.version);
  await call.organisation.alertmanager.change((before) => {
    if (name in before.muteTimings) {
      const text = 'Time interval with this name already exists. Use a different name or update existing one.';
      throw new Refusal(400, text, { messageId: 'alerting.notifications.time-intervals.nameExists' });
    }
    const provenances = { ...before.provenances, [`mute-timing/${name}`]: provenanceOf(call) };
    return { ...before, provenances, muteTimings: { ...before.muteTimings, [name]: intervals } };
  });
  return { status: 201, body: shown(call, name) };
}

async function update(call: Call): Promise<Answer> {
  const name = call.parameters.name ?? '';
  const given = objectOf(call.body);
  const intervals = intervalsOf(given, call.version);
  await call.organisation.alertmanager.change((before) => {
    existing(call);
    const key = `mute-timing/${name}`;
    const provenance = provenanceOf(call);
    checkProvenance(call, { from: before.provenances[key] ?? '', to: provenance });
    const known = textOf(given, 'version');
    if (known !== '' && known !== shown(call, name).version) {
      const text = 'the time interval has been changed since it was read';
      throw new Refusal(409, text, { messageId: 'alerting.notifications.conflict' });
    }
    const provenances = { ...before.provenances, [key]: provenance };
    return { ...before, provenances, muteTimings: { ...before.muteTimings, [name]: intervals } };
  });
  return { status: 202, body: shown(call, name) };
}

async function remove(call: Call): Promise<Answer> {
  const name = call.parameters.name ?? '';
  const { organisation, version } = call;
  await organisation.alertmanager.change((before) => {
    if (!(name in before.muteTimings)) return before;
    checkProvenance(call, { from: before.provenances[`mute-timing/${name}`] ?? '', to: provenanceOf(call) });
    const isRouted = policiesOf(before.policies).some((policy) => policy.mute_time_intervals?.includes(name));
    const isInRule = [...organisation.rules.values()].some(({ rule }) => {
      const settings = rule.notification_settings as { mute_time_intervals?: string[] } | undefined;
      return settings?.mute_time_intervals?.includes(name);
    });
    if (isRouted || isInRule) {
      const messageId = 'alerting.notifications.time-intervals.used';
      throw new Refusal(version.isAtLeast(10, 4) ? 409 : 500, 'Time interval is used', { messageId });
    }
    const { [name]: _, ...muteTimings } = before.muteTimings;
    return { ...before, muteTimings };
  });
  return { status: 204 };
}

function existing({ organisation, parameters }: Call): string {
  const name = parameters.name ?? '';
  if (name in organisation.alertmanager.content.muteTimings) return name;
  throw new Refusal(404, 'Not found', { messageId: 'alerting.notifications.time-intervals.notFound' });
}

function intervalsOf(given: Json, version: Version): readonly Json[] {
  const intervals = given.time_intervals ?? [];
  if (!Array.isArray(intervals)) throw new Refusal(400, 'bad request data');
  return intervals.map((item: unknown) => {
    const interval = objectOf(item);
    const result: Json = {};
    const times = textedOf(interval.times ?? []);
    if (times.length > 0) result.times = times.map((time) => timeOf(objectOf(time)));
    const names = { weekdays: rangesOf(interval.weekdays, weekdays), months: rangesOf(interval.months, months) };
    for (const [key, ranges] of Object.entries(names)) if (ranges.length > 0) result[key] = ranges;
    for (const key of ['days_of_month', 'years']) {
      const ranges = rangesOf(interval[key], undefined);
      if (ranges.length > 0) result[key] = ranges;
    }
    const location = textOf(interval, 'location');
    if (location !== '' && version.isAtLeast(10)) result.location = location;
    return result;
  });
}

function textedOf(value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) throw new Refusal(400, 'bad request data');
  return value;
}

function timeOf(time: Json): Json {
  const start = textOf(time, 'start_time');
  const end = textOf(time, 'end_time');
  for (const text of [start, end]) {
    if (!/^(?:[01]\d|2[0-3]):[0-5]\d$|^24:00$/.test(text))
      throw invalid(`couldn't parse timestamp ${text}, invalid format`);
  }
  if (start >= end) throw invalid('start time cannot be equal or greater than end time');
  return { start_time: start, end_time: end };
}

/** Ends of ranges are names or numbers; where there are names, numbers become them. */
function rangesOf(value: unknown, names: readonly string[] | undefined): readonly string[] {
  return textedOf(value ?? []).map((range) => {
    if (typeof range !== 'string') throw new Refusal(400, 'bad request data');
    const ends = range.split(':').map((end) => {
      const text = end.trim().toLowerCase();
      if (!names) {
        if (!/^-?\d+$/.test(text)) throw invalid(`${range} is not a valid range`);
        return text;
      }
      if (names.includes(text)) return text;
      const name = names === months ? months[Number(text) - 1] : undefined;
      if (name === undefined) throw invalid(`${text} is not a valid ${names === months ? 'month' : 'weekday'}`);
      return name;
    });
    const [begin, end = begin] = ends;
    return begin === end ? String(begin) : `${begin}:${end}`;
  });
}

function invalid(reason: string): Refusal {
  const messageId = 'alerting.notifications.time-intervals.invalidFormat';
  return new Refusal(400, `Invalid format of the submitted time interval: ${reason}`, { messageId });
}

function shown({ organisation, version }: Call, name: string): Json {
  const { muteTimings, provenances } = organisation.alertmanager.content;
  const intervals = muteTimings[name] ?? [];
  const hash = createHash('sha256')
    .update(JSON.stringify(sorted(intervals)))
    .digest('hex')
    .slice(0, 16);
  // Older ones know and do not tell.
  const provenance = version.isAtLeast(10) ? provenances[`mute-timing/${name}`] : '';
  return {
    name,
    time_intervals: intervals,
    ...(version.isAtLeast(11) ? { version: hash } : {}),
    ...(provenance ? { provenance } : {}),
  };
}
