/** Compares what is to be with what a Grafana gives back, which leaves out what is empty and adds what it likes. */

interface Options {
  /** What else stands in an object there: counts, or is the server's own affair. */
  readonly extras: 'count' | 'ignore';
}

/** Where the two differ, like `annotations.summary`; nothing when they say the same. */
export function differences(wanted: unknown, found: unknown, options: Options): readonly string[] {
  return [...differing(wanted, found, { ...options, where: '' })];
}

function* differing(wanted: unknown, found: unknown, options: Options & { where: string }): Generator<string> {
  const { where, extras } = options;
  if (Object.is(wanted, found) || (isNothing(wanted) && isNothing(found))) return;
  const at = (key: string | number) => (where === '' ? `${key}` : `${where}.${key}`);
  if (Array.isArray(wanted) && Array.isArray(found) && wanted.length === found.length) {
    for (const [index, value] of wanted.entries()) yield* differing(value, found[index], { extras, where: at(index) });
  } else if (isObject(wanted) && isObject(found)) {
    const names = extras === 'count' ? { ...found, ...wanted } : wanted;
    for (const name of Object.keys(names)) yield* differing(wanted[name], found[name], { extras, where: at(name) });
  } else yield where;
}

/** As Go leaves out: an absent text is an empty one. */
function isNothing(value: unknown): boolean {
  if (value === undefined || value === null || value === '' || value === false || value === 0) return true;
  if (Array.isArray(value)) return value.length === 0;
  return isObject(value) && Object.keys(value).length === 0;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const unitMs: Readonly<Record<string, number>> = {
  y: 31_536_000_000,
  w: 604_800_000,
  d: 86_400_000,
  h: 3_600_000,
  m: 60_000,
  s: 1_000,
  ms: 1,
};

/** `1h30m` and `90m` are the same; what is no duration stays as it is. */
export function durationMs(text: unknown): unknown {
  if (text === undefined || text === '') return 0;
  if (typeof text !== 'string' || !/^(\d+(ms|[ywdhms]))+$/.test(text)) return text;
  const parts = text.matchAll(/(\d+)(ms|[ywdhms])/g);
  return [...parts].reduce((sum, [, count, unit = '']) => sum + Number(count) * (unitMs[unit] ?? 0), 0);
}
