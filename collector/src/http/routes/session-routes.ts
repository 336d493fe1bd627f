import * as z from 'zod';
import { type BrowserSessions, sessionMs } from '../../registry/browser-sessions.ts';
import type { SignInLinks } from '../../registry/sign-in-links.ts';
import type { Identity } from '../access.ts';
import { toIso } from '../instants.ts';
import { Problem } from '../problem.ts';
import { Me } from '../schemas.ts';
import type { App } from './app.ts';

export interface SessionRouteOptions {
  readonly browserSessions: BrowserSessions;
  readonly signInLinks: SignInLinks;
  readonly now: () => number;
  readonly version: string;
  readonly cookieName: string;
  /** Whether the cookie is for TLS only. */
  readonly secure: boolean;
}

/** Signing in with a one-time code, signing out, and who one is. */
export function addSessionRoutes(app: App, options: SessionRouteOptions): void {
  const { browserSessions, signInLinks, now, cookieName } = options;
  const cookie = { path: '/', httpOnly: true, sameSite: 'strict', secure: options.secure } as const;

  function view(identity: Identity): Me {
    return {
      via: identity.via,
      role: identity.role,
      name: identity.name,
      expires_at: identity.expiresAt === undefined ? undefined : toIso(identity.expiresAt),
      collector_version: options.version,
    };
  }

  app.post(
    '/api/v1/sign-in',
    {
      config: { role: 'anyone' },
      schema: {
        summary: 'Opens a browser session with a one-time code',
        body: z.strictObject({ code: z.string().max(200) }),
        response: { 200: Me },
      },
    },
    async (request, reply) => {
      const role = signInLinks.redeem(request.body.code, now());
      if (!role) {
        request.log.warn({ address: request.ip }, 'a sign-in was refused');
        throw new Problem(403, 'the code is wrong, used or expired; make a new one', { name: 'sign-in-refused' });
      }
      request.log.info({ address: request.ip, role }, 'someone signed in');
      const { secret, session } = browserSessions.open(role, now());
      // The server decides when the session ends; the cookie only has to live as long as it can.
      reply.setCookie(cookieName, secret, { ...cookie, maxAge: sessionMs / 1_000 });
      return view({ via: 'session', ...session });
    },
  );

  app.post(
    '/api/v1/sign-out',
    { config: { role: 'viewer' }, schema: { summary: 'Ends the browser session' } },
    async (request, reply) => {
      const secret = request.cookies[cookieName];
      if (secret !== undefined) browserSessions.close(secret);
      return reply.clearCookie(cookieName, cookie).code(204).send();
    },
  );

  app.get(
    '/api/v1/me',
    {
      config: { role: 'viewer' },
      schema: { summary: 'Who is asking', querystring: z.strictObject({}), response: { 200: Me } },
    },
    async ({ identity }) => {
      if (!identity) throw new Error('a route with a role was reached without an identity');
      return view(identity);
    },
  );
}
