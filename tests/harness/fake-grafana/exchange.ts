/** One call of the fake Grafana and its answer, as its subjects see them. */
import type { IncomingHttpHeaders } from 'node:http';
import type { Organisation } from './organisation.ts';
import type { Version } from './version.ts';

export interface Call {
  readonly parameters: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: unknown;
  /** What the caller's token belongs to. */
  readonly organisation: Organisation;
  readonly version: Version;
}

export interface Answer {
  readonly status: number;
  readonly body?: unknown;
  /** Other than JSON. */
  readonly type?: string;
}

export type Permission = 'anyone' | 'viewer' | 'editor' | 'admin';

export interface Route {
  readonly method: string;
  /** Segments that begin with a colon are parameters. */
  readonly path: string;
  readonly permission: Permission;
  /** A POST that only asks. */
  readonly isReading?: true;
  readonly answer: (call: Call) => Answer | Promise<Answer>;
}

/** Thrown by what answers; becomes the answer. */
export class Refusal extends Error {
  readonly status: number;
  readonly more: Readonly<Record<string, unknown>>;

  constructor(status: number, message: string, more: Readonly<Record<string, unknown>> = {}) {
    super(message);
    this.status = status;
    this.more = more;
  }
}

export type Json = Record<string, unknown>;

/** The body, of which Grafana takes objects only. */
export function objectOf(body: unknown): Json {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) throw new Refusal(400, 'bad request data');
  return body as Json;
}

/** As Go reads a text field: absent is empty, anything else is refused. */
export function textOf(object: Json, name: string): string {
  const value = object[name] ?? '';
  if (typeof value !== 'string') throw new Refusal(400, 'bad request data');
  return value;
}
