/** What can happen to the spool's files while no agent runs. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A whole number from 0 to below `end`. */
export type Below = (end: number) => number;

type Damage = (bytes: Buffer, below: Below) => Buffer;

const pageBytes = 4_096;

function overwrite(bytes: Buffer, at: number, put: Buffer): Buffer {
  const damaged = Buffer.from(bytes);
  put.copy(damaged, at);
  return damaged;
}

function noise(length: number, below: Below): Buffer {
  return Buffer.from(Array.from({ length }, () => below(256)));
}

/** Of one file; nothing is said of its name, so that each goes with each. */
const damages: Readonly<Record<string, Damage>> = {
  flipBits(bytes, below) {
    const damaged = Buffer.from(bytes);
    for (let count = 1 + below(8); count > 0; count -= 1) {
      const at = below(bytes.length);
      damaged.writeUInt8(bytes.readUInt8(at) ^ (1 << below(8)), at);
    }
    return damaged;
  },
  flipHead(bytes, below) {
    const at = below(Math.min(bytes.length, 100));
    return overwrite(bytes, at, noise(1 + below(4), below));
  },
  cut: (bytes, below) => bytes.subarray(0, below(bytes.length)),
  cutPages: (bytes, below) => bytes.subarray(0, below(Math.ceil(bytes.length / pageBytes)) * pageBytes),
  zeroPage: (bytes, below) =>
    overwrite(bytes, below(Math.ceil(bytes.length / pageBytes)) * pageBytes, Buffer.alloc(pageBytes)),
  zeroEnd: (bytes, below) => bytes.fill(0, below(bytes.length)),
  noisyPage: (bytes, below) =>
    overwrite(bytes, below(Math.ceil(bytes.length / pageBytes)) * pageBytes, noise(pageBytes, below)),
  swapPages(bytes, below) {
    const pages = Math.floor(bytes.length / pageBytes);
    const [a, b] = [below(pages) * pageBytes, below(pages) * pageBytes];
    const once = overwrite(bytes, a, bytes.subarray(b, b + pageBytes));
    return overwrite(once, b, bytes.subarray(a, a + pageBytes));
  },
  append: (bytes, below) => Buffer.concat([bytes, noise(1 + below(10_000), below)]),
  garbage: (bytes, below) => noise(1 + below(Math.min(bytes.length, 20_000)), below),
  empty: () => Buffer.alloc(0),
};

export const damageNames = Object.keys(damages);

/** Damages a file of the folder, when it is there and not empty. */
export function damageFile(folder: string, options: { name: string; how: string; below: Below }): void {
  const file = join(folder, options.name);
  if (!existsSync(file)) return;
  const bytes = readFileSync(file);
  const damage = damages[options.how];
  if (!damage) throw new Error(`there is no damage ${options.how}`);
  if (bytes.length === 0) return;
  writeFileSync(file, damage(bytes, options.below));
}
