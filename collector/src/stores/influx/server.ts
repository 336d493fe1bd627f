/** One InfluxDB server as the store sees it: what it is, its schema and its queries, through the `influx` package. */
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { InfluxDB } from 'influx';
import { z } from 'zod';
import type { InfluxQuery } from './influxql.ts';

export interface ServerOptions {
  readonly url: string;
  readonly username?: string;
  readonly password?: string;
  readonly database: string;
  /** Days that points are kept, when the store has to make the retention policy. */
  readonly retentionDays: number;
  readonly timeoutMs: number;
}

/** A server that a person has to see to; the message says what is wrong. */
export class ServerError extends Error {
  override name = 'ServerError';
}

/** The retention policy that the store makes and uses. */
export const policyName = 'vonggac';
const maxConnections = 4;

const Answer = z.object({
  results: z.array(
    z.object({
      error: z.string().optional(),
      series: z
        .array(
          z.object({
            tags: z.record(z.string(), z.string()).default({}),
            values: z.array(z.tuple([z.number(), z.union([z.number(), z.string(), z.null()])])),
          }),
        )
        .default([]),
    }),
  ),
});
export type AnsweredSeries = z.infer<typeof Answer>['results'][number]['series'][number];

/** The package takes a host out of use after a failure; with one host that would only hide when it is back. */
const noBackoff = { getDelay: () => 0, next: () => noBackoff, reset: () => noBackoff };

/** Throws ServerError when the text is not the address of a server. */
function parseUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !['http:', 'https:'].includes(url.protocol)) {
    throw new ServerError(`"${text}" is not the address of an InfluxDB: write it like http://127.0.0.1:8086`);
  }
  return url;
}

export class InfluxServer {
  readonly #options: ServerOptions;
  readonly #url: URL;
  readonly #agent: HttpAgent;
  readonly #client: InfluxDB;

  /** Throws ServerError for a bad address. */
  constructor(options: ServerOptions) {
    const url = parseUrl(options.url);
    const isTls = url.protocol === 'https:';
    this.#options = options;
    this.#url = url;
    this.#agent = new (isTls ? HttpsAgent : HttpAgent)({ keepAlive: true, maxSockets: maxConnections });
    this.#client = new InfluxDB({
      protocol: isTls ? 'https' : 'http',
      host: url.hostname,
      port: Number(url.port) || (isTls ? 443 : 80),
      path: url.pathname.replace(/\/$/, ''),
      database: options.database,
      username: options.username ?? '',
      password: options.password ?? '',
      options: { agent: this.#agent },
      pool: { maxRetries: 0, requestTimeout: options.timeoutMs, backoff: noBackoff },
    });
  }

  /**
   * Makes the database and its retention policy where they are missing. Returns the policy to use: none on a server of
   * version 2, whose administrator maps database names to buckets. Throws ServerError, or the network's error.
   */
  async prepare(): Promise<string | undefined> {
    const { origin, pathname } = this.#url;
    const response = await fetch(`${origin}${pathname.replace(/\/$/, '')}/ping`, {
      signal: AbortSignal.timeout(this.#options.timeoutMs),
    });
    await response.arrayBuffer();
    if (response.status >= 500) throw new Error(`it answers with status ${response.status}`);
    const version = response.headers.get('x-influxdb-version');
    if (isVictoriaMetrics(response.headers)) throw new ServerError(notAStore(this.#options.url));
    if (version === null) throw new ServerError(`what answers at ${this.#options.url} is not an InfluxDB`);
    if (/^v?2/.test(version)) return undefined;

    const { database, retentionDays } = this.#options;
    const names = await this.#ask(this.#client.getDatabaseNames());
    if (!names.includes(database)) await this.#ask(this.#client.createDatabase(database));
    const policies = await this.#ask(this.#client.showRetentionPolicies(database));
    if (!policies.some(({ name }) => name === policyName)) {
      const policy = { duration: `${retentionDays}d`, replication: 1, isDefault: true, database };
      await this.#ask(this.#client.createRetentionPolicy(policyName, policy));
    }
    return policyName;
  }

  /** Throws ServerError, or the network's error. */
  async query({ text, parameters }: InfluxQuery, signal: AbortSignal): Promise<readonly AnsweredSeries[]> {
    const answer = await this.#ask(
      this.#client.queryRaw(text, { precision: 'ms', method: 'POST', placeholders: { ...parameters }, signal }),
      signal,
    );
    const [result] = Answer.parse(answer).results;
    if (result?.error !== undefined) throw new ServerError(`InfluxDB says: ${result.error}`);
    return result?.series ?? [];
  }

  close(): void {
    this.#agent.destroy();
  }

  /**
   * The package's promise, with its errors made plain. A deadline of our own stands behind it, because the package
   * waits for ever for an answer that breaks off in the middle.
   */
  async #ask<T>(promise: Promise<T>, signal = AbortSignal.timeout(this.#options.timeoutMs)): Promise<T> {
    let stopWaiting: (() => void) | undefined;
    const deadline = new Promise<never>((_, reject) => {
      const abort = () => reject(signal.reason);
      signal.addEventListener('abort', abort);
      stopWaiting = () => signal.removeEventListener('abort', abort);
    });
    try {
      return await Promise.race([promise, deadline]);
    } catch (error) {
      throw this.#explained(error);
    } finally {
      stopWaiting?.();
    }
  }

  #explained(error: unknown): unknown {
    const status = (error as { res?: { statusCode?: number } }).res?.statusCode;
    const { url, username, database } = this.#options;
    if (status === 401)
      return new ServerError(credentialsRefused({ product: 'InfluxDB', url, username }), { cause: error });
    if (status === 403) {
      const who = username === undefined ? 'without a user' : `for the user "${username}"`;
      const what = `create it and its retention policy "${policyName}" by hand, or grant more rights`;
      return new ServerError(`the InfluxDB at ${url} does not allow this ${who} on database "${database}": ${what}`, {
        cause: error,
      });
    }
    return error;
  }
}

/** It names its host in every answer, and has no InfluxDB's build. */
function isVictoriaMetrics(headers: Headers): boolean {
  return headers.has('x-server-hostname') && !headers.has('x-influxdb-build');
}

function notAStore(url: string): string {
  const instead = 'keep store.kind sqlite or influx, and set store.mirror.url to this address for Grafana';
  return `what answers at ${url} is VictoriaMetrics, which takes readings but cannot answer the console: ${instead}`;
}

export function credentialsRefused(options: { product: string; url: string; username?: string | undefined }): string {
  const { product, url, username } = options;
  const who = username === undefined ? 'asks for a user name and password' : `refuses the password of "${username}"`;
  return `the ${product} at ${url} ${who}: set them in the configuration`;
}
