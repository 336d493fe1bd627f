/** Numbers the settings that agents are told: a number rises when what is told changes, after a restart too. */
import { createHash } from 'node:crypto';
import type { Config } from '@vonggac/shared';

interface Told {
  readonly hash: string;
  readonly revision: number;
}

export class Revisions {
  readonly #now: () => number;
  readonly #told = new Map<string, Told>();

  constructor(now: () => number) {
    this.#now = now;
  }

  number(agent: string, settings: Omit<Config, 'revision'>): Config {
    const hash = createHash('sha256').update(JSON.stringify(settings)).digest('base64');
    const before = this.#told.get(agent);
    if (before?.hash === hash) return { ...settings, revision: before.revision };
    const revision = Math.max(Math.floor(this.#now() / 1_000), (before?.revision ?? 0) + 1);
    this.#told.set(agent, { hash, revision });
    return { ...settings, revision };
  }
}
