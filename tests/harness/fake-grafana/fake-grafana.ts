/**
 * A Grafana for tests: in this process, over real HTTP, its refusals and oddities after its source and documentation (9.4 to
 * 12). What versions do differently follows `version`.
 *
 *     const grafana = new FakeGrafana({ version: '11.6.0' });
 *     await grafana.start();                        // grafana.url; grafana.token, Admin of organisation 1
 *     const token = grafana.addToken('Viewer');
 *     grafana.failNext({ method: 'PUT', path: '/rule-groups/' }, { status: 409 });
 *     grafana.goAwayAfter(3);                       // three writes, then no call is answered; grafana.comeBack()
 *     grafana.calls.forget();                       // … run again …
 *     expect(grafana.calls.writes).toEqual([]);     // lines such as `POST /api/folders`
 *     expect(grafana.calls.unknown).toEqual([]);
 *     grafana.organisation.folders.get('vonggac');  // what is stored
 *     await grafana.stop();
 *
 * What others made before is put in over HTTP with `grafana.call('POST', '/api/folders', { … })`, which is in no list of calls,
 * or into `organisation` directly: provenance `file` and `isProvisioned` can be had no other way. Answers of data sources
 * and the health of rules come from the options `query`, `dataSourceHealth` and `ruleHealth`. Changes of contact points and
 * the like meet where `organisation.alertmanager.hold()` holds them up.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { Access, type Role } from './access.ts';
import { annotationRoutes } from './annotations.ts';
import { CallLog } from './call-log.ts';
import { contactPointRoutes } from './contact-points.ts';
import { dashboardRoutes } from './dashboards.ts';
import { dataSourceRoutes } from './data-sources.ts';
import { type Answer, type Json, Refusal, type Route } from './exchange.ts';
import { type CallPattern, type Failure, Faults } from './faults.ts';
import { folderRoutes } from './folders.ts';
import { generalRoutes } from './general.ts';
import { muteTimingRoutes } from './mute-timings.ts';
import { Organisation } from './organisation.ts';
import { policyRoutes } from './policies.ts';
import { type QueryFunction, queryRoutes } from './queries.ts';
import { Router } from './router.ts';
import { ruleGroupRoutes } from './rule-groups.ts';
import { type RuleHealthFunction, ruleHealthRoutes } from './rule-health.ts';
import { ruleRoutes } from './rules.ts';
import { silenceRoutes } from './silences.ts';
import { templateRoutes } from './templates.ts';
import { Version } from './version.ts';

const mainOrganisationId = 1;
/** Of a body; Grafana has no limit of its own, but proxies before it do. */
const longestBody = 10 * 1_024 * 1_024;

interface Options {
  /** 12.1.1 */
  readonly version?: string;
  /** Newer versions can hide it from who has not signed in, and tokens are nobody to `/api/health`. */
  readonly hidesVersion?: boolean;
  /** As behind a proxy: `/grafana`. */
  readonly subPath?: string;
  readonly now?: () => number;
  /** What data sources answer to `POST /api/ds/query`; an empty frame. */
  readonly query?: QueryFunction;
  /** What is wrong with a data source, undefined when nothing is. */
  readonly dataSourceHealth?: (uid: string) => string | undefined;
  /** Of each rule; `ok`, or an error where the rule asks a data source that is not there. */
  readonly ruleHealth?: RuleHealthFunction;
}

export class FakeGrafana {
  readonly calls = new CallLog();
  /** Admin of organisation 1. */
  readonly token: string;
  readonly #access = new Access();
  readonly #faults = new Faults();
  readonly #organisations = new Map([[mainOrganisationId, new Organisation(mainOrganisationId, 'Main Org.')]]);
  readonly #version: Version;
  readonly #subPath: string;
  readonly #router: Router;
  #server: Server | undefined;

  constructor(options: Options = {}) {
    this.#version = new Version(options.version ?? '12.1.1');
    this.#subPath = options.subPath ?? '';
    this.token = this.addToken('Admin');
    const now = options.now ?? Date.now;
    const routes: readonly Route[] = [
      ...generalRoutes({ hidesVersion: options.hidesVersion ?? false }),
      ...dataSourceRoutes({ healthOf: options.dataSourceHealth ?? (() => undefined) }),
      ...folderRoutes,
      ...dashboardRoutes({ now }),
      ...ruleRoutes({ now }),
      ...ruleGroupRoutes({ now, version: this.#version }),
      ...contactPointRoutes,
      ...muteTimingRoutes,
      ...templateRoutes,
      ...policyRoutes,
      ...ruleHealthRoutes({ now, healthOf: options.ruleHealth }),
      ...queryRoutes({ ask: options.query }),
      ...annotationRoutes({ now }),
      ...silenceRoutes({ now }),
    ];
    this.#router = new Router(routes);
  }

  async start(): Promise<void> {
    const server = createServer((request, response) => void this.#serve(request, response));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    this.#server = server;
  }

  async stop(): Promise<void> {
    const server = this.#server;
    if (!server) return;
    this.#server = undefined;
    server.closeAllConnections();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  }

  get url(): string {
    const address = this.#server?.address();
    if (typeof address !== 'object' || address === null) throw new Error('the fake Grafana does not listen');
    return `http://127.0.0.1:${address.port}${this.#subPath}`;
  }

  /** What organisation 1 holds. */
  get organisation(): Organisation {
    return this.organisationOf(mainOrganisationId);
  }

  organisationOf(id: number): Organisation {
    const organisation = this.#organisations.get(id);
    if (!organisation) throw new Error(`the fake Grafana has no organisation ${id}`);
    return organisation;
  }

  addOrganisation(name: string): Organisation {
    const organisation = new Organisation(this.#organisations.size + 1, name);
    this.#organisations.set(organisation.id, organisation);
    return organisation;
  }

  addToken(role: Role, organisationId = mainOrganisationId): string {
    return this.#access.issue({ role, organisationId });
  }

  revokeToken(token: string): void {
    this.#access.revoke(token);
  }

  failNext(pattern: CallPattern, failure: Failure): void {
    this.#faults.add(pattern, failure);
  }

  /** After so many writes that were carried out, each connection ends at once; the last answer may be lost too. */
  goAwayAfter(writes: number, { isLastAnswerLost = false } = {}): void {
    this.#faults.goAwayAfter(writes, { isLastAnswerLost });
  }

  /** Nothing fails any more. */
  comeBack(): void {
    this.#faults.clear();
  }

  /** As another person with all rights; throws unless it succeeds. */
  async call(method: string, path: string, body?: unknown): Promise<Json> {
    const answer = await this.#answer({ method, url: path, headers: { authorization: `Bearer ${this.token}` }, body });
    if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return (answer.body ?? {}) as Json;
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = '', url = '', headers } = request;
    if (this.#faults.isAway) return void request.socket.destroy();
    const record = { method, path: url, kind: this.#kindOf(method, url) };
    let body: unknown;
    try {
      body = parse(await textOfBody(request));
      const failure = this.#faults.next(method, url);
      if (failure === 'hang') return this.calls.add({ ...record, body, status: undefined });
      if (failure === 'cut') {
        this.calls.add({ ...record, body, status: undefined });
        return void request.socket.destroy();
      }
      if (typeof failure === 'object') {
        this.calls.add({ ...record, body, status: failure.status });
        return send(response, { type: typeof failure.body === 'string' ? 'text/html' : undefined, ...failure });
      }
      const answer = await this.#answer({ method, url, headers, body });
      const isCarriedOut = record.kind === 'write' && answer.status < 300;
      const isLost = (isCarriedOut && this.#faults.countWrite()) || failure === 'cut afterwards';
      this.calls.add({ ...record, body, status: isLost ? undefined : answer.status });
      if (isLost) request.socket.destroy();
      else send(response, answer);
    } catch (error) {
      // Who asked has gone in the middle of the request.
      if (request.errored) return;
      const answer = answerOf(error);
      this.calls.add({ ...record, body, status: answer.status });
      send(response, answer);
    }
  }

  #kindOf(method: string, url: string): 'read' | 'write' | 'unknown' {
    const found = this.#router.find(method, this.#pathOf(url).path);
    if (!found) return 'unknown';
    return method === 'GET' || found.route.isReading ? 'read' : 'write';
  }

  #pathOf(url: string): { path: string; query: URLSearchParams } {
    const [path = '', query = ''] = url.split('?');
    const isWithin = path.startsWith(this.#subPath);
    return { path: isWithin ? path.slice(this.#subPath.length) : '', query: new URLSearchParams(query) };
  }

  async #answer(request: {
    method: string;
    url: string;
    headers: IncomingMessage['headers'];
    body: unknown;
  }): Promise<Answer> {
    const { method, url, headers, body } = request;
    const { path, query } = this.#pathOf(url);
    try {
      const found = this.#router.find(method, path);
      if (!found && !path.startsWith('/api')) return { status: 302, type: 'text/html', body: 'Found' };
      const isOpen = found?.route.permission === 'anyone';
      const caller = isOpen
        ? { role: 'Viewer' as const, organisationId: mainOrganisationId }
        : this.#access.callerOf(headers);
      if (!found) throw new Refusal(404, 'Not found');
      this.#access.check(caller, found.route.permission);
      return await found.route.answer({
        parameters: found.parameters,
        query,
        headers,
        body,
        organisation: this.organisationOf(caller.organisationId),
        version: this.#version,
      });
    } catch (error) {
      return answerOf(error);
    }
  }
}

function answerOf(error: unknown): Answer {
  if (!(error instanceof Refusal)) throw error;
  return { status: error.status, body: { message: error.message, ...error.more } };
}

async function textOfBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    // Read to its end all the same: a connection that is cut carries no answer.
    if (length <= longestBody) chunks.push(chunk);
  }
  if (length > longestBody) throw new Refusal(413, 'request entity too large');
  return Buffer.concat(chunks).toString();
}

function parse(text: string): unknown {
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    throw new Refusal(400, 'bad request data');
  }
}

function send(
  response: ServerResponse,
  answer: Omit<Answer, 'type'> & { type?: string | undefined; headers?: Readonly<Record<string, string>> },
): void {
  const { status, body, type = 'application/json; charset=UTF-8', headers = {} } = answer;
  // Where Grafana sends who is not signed in.
  const location = status === 302 ? { location: '/login' } : {};
  response.writeHead(status, { 'content-type': type, ...location, ...headers });
  response.end(body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body));
}
