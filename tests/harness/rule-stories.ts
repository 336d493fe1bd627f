/** What machines, lines and services go through in the tests of one alert rule, minute by minute. */
import { AgentClass, fieldOf, measurementByName, type Point, type Rule } from '@vonggac/shared';
import type { Origin } from '../../collector/src/stores/store.ts';

/** Values by which a rule fires, has recovered, and lies between (undefined where nothing lies there). */
interface Values {
  readonly bad: number;
  readonly good: number;
  readonly edge: number | undefined;
}

/** `gap`: only another field has a value; `nothing`: not even that. */
type Reading = 'bad' | 'edge' | 'gap' | 'good' | 'nothing';

export interface Story {
  readonly name: string;
  readonly origin: Origin;
  readonly tags: Readonly<Record<string, string>>;
  /** One for each evaluation. */
  readonly readings: readonly Reading[];
}

export interface Stories {
  readonly stepMs: number;
  readonly all: readonly Story[];
  /** Evaluations in all. */
  readonly length: number;
  /** What was read shortly before evaluation `index`, which is at `now`. */
  readonly pointsAt: (story: Story, at: { index: number; now: number }) => readonly Point[];
}

const minuteMs = 60_000;
/** Readings come a little before each evaluation. */
const readBeforeMs = 7_000;

export function storiesOf(rule: Rule): Stories {
  const { query, pendingSeconds, keepFiringSeconds } = rule;
  const windowMs = query.windowSeconds * 1_000;
  // Long windows in larger steps: a few readings fill each of them.
  const stepMs = Math.max(1, Math.floor(windowMs / 6 / minuteMs)) * minuteMs;
  const settle = Math.ceil(windowMs / stepMs) + 1;
  const pending = Math.ceil((pendingSeconds * 1_000) / stepMs);
  const keep = Math.ceil((keepFiringSeconds * 1_000) / stepMs);
  const values = valuesOf(rule);
  const edge = values.edge === undefined ? 0 : settle;
  const phases = { good: settle, bad: settle + pending + 2, edge, over: settle + keep + 3 };
  const whole = [
    ...times(phases.good, 'good'),
    ...times(phases.bad, 'bad'),
    ...times(phases.edge, 'edge'),
    ...times(phases.over, 'good'),
  ];
  const silentFrom = phases.good + phases.bad;
  const scripts: [string, Reading[]][] = [
    ['steady', whole.map(() => 'good')],
    ['whole', whole],
    ['silent', whole.map((reading, index) => (index < silentFrom ? reading : 'nothing'))],
    ['gaps', whole.map((reading, index) => (index % 2 === 0 ? reading : 'gap'))],
  ];
  // A single value less than the waiting time asks for; in a window it lasts as long as the window.
  if (query.reduce === 'last' && pending > 1) {
    const end = phases.good + pending - 1;
    scripts.push(['short', whole.map((_, index) => (index >= phases.good && index < end ? 'bad' : 'good'))]);
  }
  const stories = scripts.map(([name, readings]) => storyOf(rule, { name, readings }));
  const outsider = outsiderOf(rule, { name: 'outsider', readings: whole.map(() => 'bad') });
  return {
    stepMs,
    all: outsider ? [...stories, outsider] : stories,
    length: whole.length,
    pointsAt: ({ tags, readings }, { index, now }) => {
      const fields = fieldsOf(rule, { values, reading: readings[index] ?? 'nothing' });
      return fields ? [{ measurement: query.measurement, tags, fields, time: now - readBeforeMs }] : [];
    },
  };
}

function times(count: number, reading: Reading): Reading[] {
  return Array.from({ length: count }, () => reading);
}

function storyOf(rule: Rule, { name, readings }: Pick<Story, 'name' | 'readings'>): Story {
  const { scope, query, classes } = rule;
  const origin: Origin =
    scope === 'machine'
      ? { agent: `a-${name}`, host: `may ${name}, phòng 2`, unit: 'DH', class: classes?.[0] ?? 'server' }
      : { agent: 'collector', host: 'collector', unit: `DV-${name}`, class: 'server' };
  const tagNames = measurementByName(query.measurement)?.tagNames ?? [];
  const tags = Object.fromEntries(tagNames.map((tag) => [tag, query.where[tag] ?? `${tag} of, ${name}`]));
  return { name, origin, tags, readings };
}

/** One that the rule is not about, by its class or its tags. */
function outsiderOf(rule: Rule, parts: Pick<Story, 'name' | 'readings'>): Story | undefined {
  const { classes, query } = rule;
  const story = storyOf(rule, parts);
  const other = AgentClass.options.find((each) => classes?.includes(each) === false);
  if (other) return { ...story, origin: { ...story.origin, class: other } };
  const [tag] = Object.keys(query.where);
  return tag === undefined ? undefined : { ...story, tags: { ...story.tags, [tag]: 'other' } };
}

function valuesOf({ condition, query }: Rule): Values {
  const measurement = measurementByName(query.measurement);
  const isWhole = measurement && fieldOf(measurement, query.field)?.type !== 'float';
  const beyond = (limit: number) => (isWhole ? Math.floor(limit) + 1 : limit + 1);
  const below = (limit: number) => (isWhole ? Math.ceil(limit) - 1 : limit - 1);
  if (condition.kind === 'is') return { bad: condition.value, good: condition.value === 1 ? 0 : 1, edge: undefined };
  if (condition.kind === 'outside') {
    return { bad: beyond(condition.high), good: (condition.low + condition.high) / 2, edge: undefined };
  }
  const { threshold, recovers } = condition;
  const between = isWhole ? Math.floor((threshold + recovers) / 2) : (threshold + recovers) / 2;
  const isBetween = Math.min(threshold, recovers) < between && between < Math.max(threshold, recovers);
  const edge = isBetween ? between : undefined;
  return condition.kind === 'above'
    ? { bad: beyond(threshold), good: below(recovers), edge }
    : { bad: below(threshold), good: beyond(recovers), edge };
}

function fieldsOf(
  { query }: Rule,
  { values, reading }: { values: Values; reading: Reading },
): Point['fields'] | undefined {
  const definitions = Object.entries(measurementByName(query.measurement)?.definition.fields ?? {});
  if (reading === 'nothing') return undefined;
  if (reading === 'gap') {
    const other = definitions.find(([name, { type }]) => name !== query.field && type !== 'string');
    return other && { [other[0]]: other[1].type === 'boolean' ? true : 1 };
  }
  const value = values[reading] ?? values.good;
  const type = definitions.find(([name]) => name === query.field)?.[1].type;
  return { [query.field]: type === 'boolean' ? value === 1 : value };
}
