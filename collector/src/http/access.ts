/** Who is asking, and whether they may. Every route states in its config the permission that it wants. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { BrowserSessions } from '../registry/browser-sessions.ts';
import { type Permission, permits, type RoleHolder } from '../registry/roles.ts';
import type { Tokens } from '../registry/tokens.ts';
import { Problem } from './problem.ts';
import { isOwnHost, isSameSite } from './same-site.ts';

/** Someone whose token or session is valid now. */
export interface Identity extends RoleHolder {
  readonly via: 'session' | 'token';
  /** Id of the person; tokens and one-time links belong to nobody. */
  readonly person: string | undefined;
  /** Of the person or of the token; a one-time link has none. */
  readonly name: string | undefined;
  /** Nothing else may be done before the password is another one. */
  readonly mustChangePassword: boolean;
  readonly expiresAt: number | undefined;
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Undefined only on routes for anyone. */
    identity: Identity | undefined;
  }
  interface FastifyContextConfig {
    /**
     * `signed-in` wants no permission, and is for those too who first have to change their password; `own-secret` has a
     * door of its own, for a program that is none of ours.
     */
    readonly permission?: Permission | 'signed-in' | 'own-secret' | 'anyone';
  }
}

export interface AccessOptions {
  readonly tokens: Tokens;
  readonly browserSessions: BrowserSessions;
  readonly now: () => number;
  /** Names by which the collector may be addressed besides the loopback's. */
  readonly hosts: readonly string[] | 'any';
  readonly cookieName: string;
}

const maxUrlLength = 8 * 1024;
const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE']);

function bearer(request: FastifyRequest): string | undefined {
  return /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
}

/** Who sent the request, or undefined. A request that carries a token is judged by the token alone. */
export function identify(request: FastifyRequest, options: AccessOptions): Identity | undefined {
  const at = options.now();
  const cookie = request.cookies[options.cookieName];
  if (cookie !== undefined && request.headers.authorization === undefined) {
    const session = options.browserSessions.verify(cookie, at);
    return session && { via: 'session', ...session };
  }
  // Without a token an empty one is looked up, so that the answer takes as long as for a wrong one.
  const token = options.tokens.verify(bearer(request) ?? '', at);
  if (!token) return undefined;
  const { role, unit, name, expiresAt } = token;
  return { via: 'token', role, unit, name, expiresAt, person: undefined, mustChangePassword: false };
}

function authorise(request: FastifyRequest, reply: FastifyReply, options: AccessOptions): void {
  const wanted = request.routeOptions.config.permission;
  if (request.is404 || wanted === 'anyone' || wanted === 'own-secret') return;
  request.identity = identify(request, options);
  if (!request.identity) {
    reply.header('www-authenticate', 'Bearer realm="vonggac"');
    throw new Problem(401, 'a valid token or a signed-in session is needed');
  }
  if (wanted === 'signed-in') return;
  const { role, unit, mustChangePassword } = request.identity;
  if (mustChangePassword) {
    throw new Problem(403, 'the password of this account was made by someone else: set another one first', {
      name: 'password-change-needed',
    });
  }
  if (wanted === undefined || !permits(request.identity, wanted)) {
    const holder = unit === undefined ? role : `${role} of a unit`;
    throw new Problem(403, `this needs the permission ${wanted}, which the role ${holder} does not have`);
  }
}

/** Guards every route of `app` that is added after this call. */
export function guard(app: FastifyInstance, options: AccessOptions): void {
  app.decorateRequest('identity', undefined);
  app.addHook('onRoute', (route) => {
    if (route.config?.permission === undefined) {
      throw new Error(`route ${route.url} does not say which permission it wants`);
    }
  });
  app.addHook('onRequest', async (request, reply) => {
    if (!isOwnHost(request.headers.host, options.hosts)) {
      throw new Problem(421, 'the collector does not answer to this name; add it to its configuration if it should');
    }
    if (request.url.length > maxUrlLength) throw new Problem(414, `an address may be ${maxUrlLength} characters long`);
    if (!safeMethods.has(request.method) && !isSameSite(request.headers)) {
      throw new Problem(403, 'the request was caused by a page that is not part of the console', {
        name: 'wrong-origin',
      });
    }
    authorise(request, reply, options);
  });
}
