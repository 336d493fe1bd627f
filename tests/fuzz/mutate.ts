/** Makes bad input of good: a few changes at a time, so that what comes out gets past the first check. */
import type { Random } from './random.ts';

type Change = (bytes: Buffer, random: Random, other: Buffer) => Buffer;

const longest = 400_000;

/** Numbers at which something ends: types, limits, what JSON and doubles can hold. */
const numbers = [
  ...['0', '-0', '-1', '1e999', '-1e999', '1e-400', '0.1', '1E2', '01', 'NaN', 'Infinity', '0x10', '- 1'],
  ...['255', '256', '65535', '65536', '2147483647', '2147483648', '4294967296', '9007199254740991'],
  ...['9007199254740992', '-9007199254740993', '9223372036854775808', '1795000000000000000', '9'.repeat(400)],
] as const;

const texts = [
  ...['""', 'null', 'true', '[]', '{}', '"__proto__"', '"constructor"', '"\\ud800"', '"\\udc00x"', '"\\u0000"'],
  ...['"\\u2028"', '"\\u202e"', '"\\u009b31m"', '"\ufeff"', '"a,b=c d\\\\"', '"\\n+cpu usage=1"', '"=1+1"', '"\'--"'],
  ...[`"${'a'.repeat(256)}"`, `"${'a'.repeat(257)}"`, `"${'a'.repeat(5_000)}!"`, `"${'e\u0301\u0316'.repeat(800)}"`],
] as const;

const brackets: readonly [[string, string], ...[string, string][]] = [
  ['[', ']'],
  ['{"a":', '}'],
  ['[{"type":', '}]'],
];

/** Not UTF-8: overlong, cut off, half of a pair, beyond the last character, a lone continuation. */
const notUtf8 = ['c0af', 'e28', 'c3', 'eda080', 'f5808080', '80', 'fffe', 'f0288cbc'] as const;

function splice(bytes: Buffer, at: number, put: Buffer, instead = 0): Buffer {
  return Buffer.concat([bytes.subarray(0, at), put, bytes.subarray(at + instead)]);
}

/** Where in the text something matches, chosen at random. */
function somewhere(bytes: Buffer, pattern: RegExp, random: Random): { at: number; length: number } | undefined {
  const found = [...bytes.toString('latin1').matchAll(pattern)];
  const one = found[random.below(found.length)];
  return one && { at: one.index, length: one[0].length };
}

function replaceMatch(pattern: RegExp, choices: readonly [string, ...string[]]): Change {
  return (bytes, random) => {
    const place = somewhere(bytes, pattern, random);
    return place ? splice(bytes, place.at, Buffer.from(random.pick(choices)), place.length) : bytes;
  };
}

const changes: readonly [Change, ...Change[]] = [
  function flipBits(bytes, random) {
    const changed = Buffer.from(bytes);
    for (let count = 1 + random.below(4); count > 0 && changed.length > 0; count -= 1) {
      const at = random.below(changed.length);
      changed.writeUInt8(changed.readUInt8(at) ^ (1 << random.below(8)), at);
    }
    return changed;
  },
  function setBytes(bytes, random) {
    const at = random.below(bytes.length + 1);
    return splice(bytes, at, random.bytes(1 + random.below(4)), random.below(5));
  },
  function truncate(bytes, random) {
    return bytes.subarray(0, random.below(bytes.length + 1));
  },
  function cutOut(bytes, random) {
    return splice(bytes, random.below(bytes.length + 1), Buffer.alloc(0), 1 + random.below(16));
  },
  function repeatPart(bytes, random) {
    const from = random.below(bytes.length + 1);
    const part = bytes.subarray(from, from + 1 + random.below(40));
    const times = random.pick([1, 2, 10, 300, 3_000]);
    return splice(bytes, from, Buffer.concat(Array.from({ length: times }, () => part)));
  },
  function joinWithOther(bytes, random, other) {
    const head = bytes.subarray(0, random.below(bytes.length + 1));
    return Buffer.concat([head, other.subarray(random.below(other.length + 1))]);
  },
  function insertNotUtf8(bytes, random) {
    return splice(bytes, random.below(bytes.length + 1), Buffer.from(random.pick(notUtf8), 'hex'));
  },
  /** A length field of 1, 2, 4 or 8 bytes, of this many bytes or of many more. */
  function setLength(bytes, random) {
    const size = random.pick([1, 2, 4, 8]);
    const field = Buffer.alloc(8, random.pick([0x00, 0x7f, 0xff]));
    field.writeUInt32BE(random.pick([0, 125, 126, 127, 65_535, 0x7fffffff, 0xffffffff]), 4);
    return splice(bytes, random.below(Math.min(bytes.length, 16) + 1), field.subarray(8 - size), size);
  },
  replaceMatch(/-?\d+(?:\.\d+)?/g, numbers),
  replaceMatch(/-?\d+(?:\.\d+)?/g, numbers),
  replaceMatch(/"(?:[^"\\]|\\.)*"|\[\]|\{\}|true|false|null/g, texts),
  replaceMatch(/"(?:[^"\\]|\\.)*"/g, texts),
  /** A key for the second time, with another value. */
  function repeatKey(bytes, random) {
    const key = somewhere(bytes, /"\w+":/g, random);
    if (!key) return bytes;
    const again = `${bytes.toString('latin1', key.at, key.at + key.length)}${random.pick([...numbers, ...texts])},`;
    return splice(bytes, key.at, Buffer.from(again));
  },
  function nest(bytes, random) {
    const place = somewhere(bytes, /[[\]{},:]/g, random);
    const depth = random.pick([1, 3, 200, 5_000]);
    const [open, close] = random.pick(brackets);
    const balanced = random.chance(0.5) ? open.repeat(depth) + close.repeat(depth) : open.repeat(depth);
    return splice(bytes, place?.at ?? 0, Buffer.from(balanced));
  },
  function swapSeparators(bytes, random) {
    const place = somewhere(bytes, /[,;:\n"\r\-=]/g, random);
    return place ? splice(bytes, place.at, Buffer.from(random.pick([...',;:\n"\r-='] as [string])), 1) : bytes;
  },
];

/** `bytes` after one to four changes; parts of `other` may find their way in. */
export function mutate(bytes: Buffer, options: { random: Random; other: Buffer }): Buffer {
  const { random, other } = options;
  let changed = bytes;
  for (let count = 1 + random.below(4); count > 0; count -= 1) changed = random.pick(changes)(changed, random, other);
  return changed.subarray(0, longest);
}
