/** A browser as far as redirects, cookies and certificates go. */
import { once } from 'node:events';
import { request as requestPlain } from 'node:http';
import { type RequestOptions, request as requestTls } from 'node:https';

export interface Visit {
  readonly url: string;
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

export class Visitor {
  readonly #options: RequestOptions;
  /** By origin and name. */
  readonly cookies = new Map<string, string>();

  /** `ca` is the certificate that it trusts. */
  constructor(options: Pick<RequestOptions, 'ca' | 'headers'>) {
    this.#options = options;
  }

  async visit(
    url: string,
    options: { method?: string; body?: unknown; headers?: Record<string, string> } = {},
  ): Promise<Visit> {
    const { method = 'GET', body } = options;
    const { origin, protocol, hostname } = new URL(url);
    const own = [...this.cookies].filter(([key]) => key.startsWith(`${origin} `));
    const headers = {
      ...options.headers,
      ...(own.length > 0 && { cookie: own.map(([key, value]) => `${key.split(' ')[1]}=${value}`).join('; ') }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
    };
    const send = protocol === 'https:' ? requestTls : requestPlain;
    const outgoing = send(url, { ...this.#options, method, headers, agent: false, servername: hostname });
    outgoing.end(body === undefined ? undefined : JSON.stringify(body));
    const [answer] = await once(outgoing, 'response');
    let text = '';
    for await (const chunk of answer.setEncoding('utf8')) text += chunk;
    for (const cookie of answer.headers['set-cookie'] ?? []) this.#keep(origin, cookie);
    return { url, status: answer.statusCode, headers: answer.headers, body: text };
  }

  /** Goes where it is sent, until `stop` says that this is far enough; returns the last address with its fragment. */
  async follow(url: string, stop: (url: string) => boolean = () => false): Promise<Visit> {
    let next = url;
    for (let step = 0; step < 20; step += 1) {
      const visit = await this.visit(next);
      const { location } = visit.headers;
      if (typeof location !== 'string') return { ...visit, url: next };
      next = new URL(location, next).href;
      if (stop(next)) return { ...visit, url: next };
    }
    throw new Error(`${url} leads round in circles`);
  }

  #keep(origin: string, cookie: string): void {
    const [pair = '', ...attributes] = cookie.split(/; */);
    const [name, ...value] = pair.split('=');
    const isGone = attributes.some((each) => /^(max-age=0|expires=.*1970.*)$/i.test(each));
    if (isGone) this.cookies.delete(`${origin} ${name}`);
    else this.cookies.set(`${origin} ${name}`, value.join('='));
  }
}
