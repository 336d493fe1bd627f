import { GrafanaApi } from '../../grafana-api.ts';
import type { SyncContext } from '../context.ts';

/** Answers reads by their path, 404 where there is nothing, takes every write and remembers it. */
export class AnsweringGrafana {
  readonly writes: { readonly call: string; readonly body: unknown }[] = [];
  readonly #answers: Readonly<Record<string, unknown>>;

  constructor(answers: Readonly<Record<string, unknown>>) {
    this.#answers = answers;
  }

  context(more: Partial<SyncContext> = {}): SyncContext {
    const api = new GrafanaApi({
      url: new URL('http://grafana.example'),
      token: 'glsa_1',
      fetch: (async (url: URL, init: RequestInit) => this.#answer(url, init)) as typeof fetch,
    });
    const features = { keepsFiring: true, keepsDashboards: true, tellsProvenance: true, hasTimeZones: true };
    return { api, features, adopt: false, prune: false, ...more };
  }

  #answer({ pathname }: URL, { method = '', body }: RequestInit): Response {
    const path = decodeURIComponent(pathname);
    if (method !== 'GET') {
      this.writes.push({ call: `${method} ${path}`, body: JSON.parse(`${body ?? 'null'}`) });
      return new Response('{}');
    }
    if (!Object.hasOwn(this.#answers, path)) return new Response('{"message":"Not found"}', { status: 404 });
    return new Response(JSON.stringify(this.#answers[path]));
  }
}
