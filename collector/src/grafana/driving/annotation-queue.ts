/** Annotations on their way to Grafana: kept until it has them, each once, the newest state of each. */
import { createHash } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import * as z from 'zod';
import { type GrafanaApi, path } from '../grafana-api.ts';
import { GrafanaRefused } from '../grafana-errors.ts';

/** Times are milliseconds since 1970. */
export interface Annotation {
  readonly time: number;
  /** Absent while it lasts, and for what happened at one moment. */
  readonly timeEnd?: number | undefined;
  readonly tags: readonly string[];
  readonly text: string;
}

/** Every annotation has it; by it dashboards find them. */
export const ownTag = 'vonggac';

/** A day without Grafana, with hundreds of incidents; past it the oldest are given up. */
const maxWaiting = 5_000;
const keptMs = 30 * 86_400_000;
/** Grafana keeps 500 characters of tags of an annotation, and refuses more. */
const maxTags = 480;
const maxText = 2_000;

const Made = z.object({ id: z.int() });
const Found = z.array(Made);
const Done = z.unknown();

export type AnnotationOutcome = 'sent' | 'failed' | 'dropped';

interface Row {
  key: string;
  wanted: string;
  annotation: number | null;
  tried: number;
}

interface Options {
  readonly database: DatabaseSync;
  /** Names this collector in tags: two may drive one Grafana. */
  readonly installation: string;
  readonly count: (outcome: AnnotationOutcome, times: number) => void;
  readonly now: () => number;
  readonly maxWaiting?: number;
}

export class AnnotationQueue {
  readonly #options: Options;
  readonly #database: DatabaseSync;

  constructor(options: Options) {
    this.#options = options;
    this.#database = options.database;
  }

  /** What Grafana is to show under `key` from now on. */
  want(key: string, annotation: Annotation): void {
    const tags = fitting([ownTag, this.#tagOf(key), ...annotation.tags]);
    const wanted = JSON.stringify({ ...annotation, tags, text: annotation.text.slice(0, maxText) });
    this.#database
      .prepare(
        `INSERT INTO annotations (key, at, wanted) VALUES (?, ?, ?)
         ON CONFLICT DO UPDATE SET wanted = excluded.wanted WHERE wanted <> excluded.wanted`,
      )
      .run(key, annotation.time, wanted);
  }

  has(key: string): boolean {
    return this.#database.prepare('SELECT 1 FROM annotations WHERE key = ?').get(key) !== undefined;
  }

  get waiting(): number {
    const row = this.#database
      .prepare('SELECT count(*) AS n FROM annotations WHERE sent IS NOT wanted AND dropped = 0')
      .get() as { n: number };
    return row.n;
  }

  /** Gives up what is too much and forgets what is old. */
  tidy(): void {
    const dropped = this.#database
      .prepare(
        `UPDATE annotations SET dropped = 1 WHERE key IN
           (SELECT key FROM annotations WHERE sent IS NOT wanted AND dropped = 0 ORDER BY at DESC LIMIT -1 OFFSET ?)`,
      )
      .run(this.#options.maxWaiting ?? maxWaiting).changes;
    if (dropped > 0) this.#options.count('dropped', Number(dropped));
    this.#database
      .prepare('DELETE FROM annotations WHERE at < ? AND (sent IS wanted OR dropped = 1)')
      .run(this.#options.now() - keptMs);
  }

  /** Sends at most so many, oldest first. Throws what the API throws when no other would fare better. */
  async flush(api: GrafanaApi, limit: number): Promise<void> {
    const rows = this.#database
      .prepare(
        `SELECT key, wanted, annotation, tried FROM annotations WHERE sent IS NOT wanted AND dropped = 0
         ORDER BY at LIMIT ?`,
      )
      .all(limit) as unknown as Row[];
    for (const row of rows) {
      try {
        const annotation = await this.#send(api, row);
        this.#database
          .prepare('UPDATE annotations SET annotation = ?, sent = ? WHERE key = ?')
          .run(annotation, row.wanted, row.key);
        this.#options.count('sent', 1);
      } catch (error) {
        if (!isItsOwnFault(error)) throw error;
        // It would stand before all others for ever.
        this.#database.prepare('UPDATE annotations SET dropped = 1 WHERE key = ?').run(row.key);
        this.#options.count('failed', 1);
      }
    }
  }

  /** Answers its id in Grafana. */
  async #send(api: GrafanaApi, { key, wanted, annotation, tried }: Row): Promise<number> {
    const body = JSON.parse(wanted) as Annotation;
    const known = annotation ?? (tried === 1 ? await this.#find(api, key) : undefined);
    if (known !== undefined && (await this.#change(api, { id: known, body }))) return known;
    this.#database.prepare('UPDATE annotations SET tried = 1 WHERE key = ?').run(key);
    const made = await api.post('/api/annotations', { what: 'an annotation', answer: Made, body });
    return made.id;
  }

  /** False when somebody has deleted it. */
  async #change(api: GrafanaApi, { id, body }: { id: number; body: Annotation }): Promise<boolean> {
    try {
      const what = `annotation ${id}`;
      await api.patch(path`/api/annotations/${`${id}`}`, { what, answer: Done, body, idempotent: true });
      return true;
    } catch (error) {
      if (error instanceof GrafanaRefused && error.status === 404) return false;
      throw error;
    }
  }

  /** Of an attempt whose answer was lost. */
  async #find(api: GrafanaApi, key: string): Promise<number | undefined> {
    const query = { tags: this.#tagOf(key), type: 'annotation', limit: '1' };
    const [found] = await api.get('/api/annotations', { what: 'the annotations', answer: Found, query });
    return found?.id;
  }

  #tagOf(key: string): string {
    const hash = createHash('sha256').update(`${this.#options.installation} ${key}`).digest('hex');
    return `ev:${hash.slice(0, 16)}`;
  }
}

/** Whether this one annotation was refused, and not the collector as a whole. */
function isItsOwnFault(error: unknown): boolean {
  return error instanceof GrafanaRefused && [400, 413, 422].includes(error.status);
}

function fitting(tags: readonly string[]): string[] {
  let left = maxTags;
  return tags.filter((tag) => {
    left -= tag.length + 2;
    return left >= 0;
  });
}
