/**
 * The Grafana that a suite asks: the fake one, or a real one where VONGGAC_TEST_GRAFANA_URL and VONGGAC_TEST_GRAFANA_TOKEN
 * name it (a token of an Admin). What is made there has a name that begins with `prefix`, and is deleted at the end.
 */
import { randomBytes } from 'node:crypto';
import type { Json } from './fake-grafana/exchange.ts';
import { FakeGrafana } from './fake-grafana/fake-grafana.ts';
import { Version } from './fake-grafana/version.ts';

const { VONGGAC_TEST_GRAFANA_URL: realUrl, VONGGAC_TEST_GRAFANA_TOKEN: realToken } = process.env;

const real =
  realUrl !== undefined && realToken !== undefined ? { url: realUrl.replace(/\/+$/, ''), token: realToken } : undefined;
export const isGrafanaReal = real !== undefined;

interface Reply {
  readonly status: number;
  /** Empty unless the answer is an object. */
  readonly body: Json;
  /** Empty unless the answer is a list. */
  readonly items: readonly Json[];
}

export class TestedGrafana {
  /** Unlike all others, so that runs do not meet. */
  readonly prefix = `vgtest-${randomBytes(4).toString('hex')}`;
  readonly #fake = new FakeGrafana();
  readonly #leftovers: (() => Promise<unknown>)[] = [];
  version = new Version('0.0');

  async start(): Promise<void> {
    if (!real) await this.#fake.start();
    const { body } = await this.ask('GET', '/api/health');
    this.version = new Version(String(body.version));
  }

  /** Deletes what is left, the newest first. */
  async stop(): Promise<void> {
    for (const remove of this.#leftovers.reverse()) await remove();
    if (!real) await this.#fake.stop();
  }

  /** Deletes it at the end, if it is still there. */
  deleteLater(path: string): void {
    this.#leftovers.push(() => this.ask('DELETE', path));
  }

  async ask(
    method: string,
    path: string,
    options: { body?: unknown; headers?: Record<string, string> } = {},
  ): Promise<Reply> {
    const { url, token } = real ?? this.#fake;
    const answer = await fetch(`${url}${path}`, {
      method,
      redirect: 'manual',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...options.headers },
      ...(options.body === undefined ? {} : { body: JSON.stringify(options.body) }),
    });
    const text = await answer.text();
    const json: unknown = /^[[{]/.test(text) ? JSON.parse(text) : undefined;
    const isList = Array.isArray(json);
    return { status: answer.status, body: isList ? {} : ((json ?? {}) as Json), items: isList ? (json as Json[]) : [] };
  }

  /** Makes something, which has to succeed. */
  async make(method: string, path: string, body: unknown): Promise<Json> {
    const reply = await this.ask(method, path, { body });
    if (reply.status >= 300) throw new Error(`${method} ${path}: ${reply.status} ${JSON.stringify(reply.body)}`);
    return reply.body;
  }
}

/** An alert rule as small as Grafana takes one. */
export function smallRule(uid: string, more: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  const expression = { type: '__expr__', uid: '__expr__' };
  return {
    uid,
    title: uid,
    condition: 'C',
    for: '5m',
    noDataState: 'OK',
    execErrState: 'Error',
    labels: { managed_by: 'vgtest' },
    annotations: { summary: 'A test.' },
    data: [
      {
        refId: 'C',
        queryType: '',
        datasourceUid: '__expr__',
        relativeTimeRange: { from: 0, to: 0 },
        model: { refId: 'C', type: 'math', expression: '1 < 0', datasource: expression },
      },
    ],
    ...more,
  };
}
