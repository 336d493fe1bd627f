import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { batchDictionary } from '@vonggac/shared';
import { mutate } from './mutate.ts';
import { mutateJson } from './mutate-json.ts';
import type { Random } from './random.ts';

const dictionary = Buffer.from(batchDictionary);

/** Spoils a compressed batch below the compression, at it, and with a tail of noise behind it. */
export function mutateDeflated(bytes: Buffer, options: { random: Random; other: Buffer }): Buffer {
  const { random } = options;
  if (random.chance(0.2)) return mutate(bytes, options);
  const text = mutateJson(inflateRawSync(bytes, { dictionary }), options);
  const deflated = deflateRawSync(text, { dictionary, level: random.below(10) });
  if (random.chance(0.8)) return deflated;
  return Buffer.concat([deflated.subarray(0, random.below(deflated.length + 1)), random.bytes(random.below(200))]);
}
