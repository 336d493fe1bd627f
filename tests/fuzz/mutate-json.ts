/** Spoils what a JSON text says and leaves it JSON, so that what comes out gets past the parser. */
import { mutate } from './mutate.ts';
import type { Random } from './random.ts';

interface Place {
  readonly holder: Record<string, unknown> | unknown[];
  readonly key: string | number;
}

const oddValues: readonly [unknown, ...unknown[]] = [
  null,
  ...[true, '', [], {}, 0, -1, 0.1, 1e300, 2 ** 31, 2 ** 53 - 1, 2 ** 53, -(2 ** 53), 63, 64, 255, 5_000],
  ...['\ud800', 'x\udc00', '\u0000', '\u001b[2J', '\u009b31m', '\u2028', '\u202egpj.exe', '__proto__', 'a,b=c d\\'],
  ...['a'.repeat(256), 'a'.repeat(257), 'e\u0301\u0316'.repeat(500), '=1+1', '* * * * * *', '0-59/0 * * * * *'],
];

function placesIn(value: unknown): Place[] {
  const places: Place[] = [];
  const open = [value];
  for (const holder of open) {
    if (typeof holder !== 'object' || holder === null) continue;
    if (Array.isArray(holder)) places.push(...holder.map((_, key) => ({ holder, key })));
    else for (const key of Object.keys(holder)) places.push({ holder: holder as Record<string, unknown>, key });
    open.push(...Object.values(holder));
  }
  return places;
}

function get({ holder, key }: Place): unknown {
  return (holder as Record<string | number, unknown>)[key];
}

function set({ holder, key }: Place, value: unknown): void {
  // An own key even when it is named __proto__.
  Object.defineProperty(holder, key, { value, writable: true, enumerable: true, configurable: true });
}

function change(root: unknown, random: Random): void {
  const places = placesIn(root);
  const [first] = places;
  if (!first) return;
  // The keys of the message itself are few beside the values of a batch.
  const near = random.chance(0.4) ? places.filter(({ holder }) => holder === root) : places;
  const place = random.pick([first, ...near]);
  const value = get(place);
  switch (random.below(6)) {
    case 0:
      return set(place, random.pick(oddValues));
    case 1:
      return set(place, structuredClone(get(random.pick([first, ...places.slice(1)]))));
    case 2:
      if (Array.isArray(place.holder)) place.holder.splice(Number(place.key), 1);
      else delete place.holder[place.key];
      return;
    case 3:
      if (Array.isArray(place.holder)) place.holder.splice(Number(place.key), 0, value);
      else set({ holder: place.holder, key: random.pick(['x', 'type', 'data', '__proto__']) }, value);
      return;
    default:
      if (typeof value === 'number')
        set(place, value + random.pick([-1, 1, -2 * value, 1_000, 1e9, Number.MAX_SAFE_INTEGER - value, 0.5]));
      else if (typeof value === 'string') set(place, value + random.pick(['x', '\n', '\u202e', 'á', '"', '\\', '=']));
  }
}

/** `bytes` after some changes to what they say; now and then spoilt as bytes too. */
export function mutateJson(bytes: Buffer, options: { random: Random; other: Buffer }): Buffer {
  const { random } = options;
  if (random.chance(0.2)) return mutate(bytes, options);
  const root: unknown = JSON.parse(bytes.toString('utf8'));
  for (let count = random.pick([1, 1, 1, 2, 4]); count > 0; count -= 1) change(root, random);
  const text = Buffer.from(JSON.stringify(root));
  return random.chance(0.1) ? mutate(text, options) : text;
}
