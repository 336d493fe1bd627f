import type { FastifyReply, FastifyRequest } from 'fastify';
import * as z from 'zod';
import { type BrowserSessions, type SessionHolder, sessionMs } from '../../registry/browser-sessions.ts';
import type { People } from '../../registry/people.ts';
import { maxPasswordLength } from '../../registry/people-passwords.ts';
import type { SignInLinks } from '../../registry/sign-in-links.ts';
import type { Identity } from '../access.ts';
import { toIso } from '../instants.ts';
import { type Credentials, PasswordSignIn, type SignInOutcome } from '../password-sign-in.ts';
import { Problem } from '../problem.ts';
import { Me } from '../schemas.ts';
import { SignInAudit, type SignInAuditOptions } from '../sign-in-audit.ts';
import type { App } from './app.ts';

export interface SessionRouteOptions extends SignInAuditOptions {
  readonly browserSessions: BrowserSessions;
  readonly signInLinks: SignInLinks;
  readonly people: People;
  readonly version: string;
  readonly cookieName: string;
  /** Whether the cookie is for TLS only. */
  readonly secure: boolean;
}

const SignInBody = z.union([
  z.strictObject({ code: z.string().max(200) }),
  z.strictObject({
    name: z.string().min(1).max(100),
    password: z.string().min(1).max(maxPasswordLength),
    totp: z.string().max(20).optional().describe('From an authenticator program, for accounts that have one'),
  }),
]);

/** What is told to whoever did not get in: no more than they know already. */
function problemOf(outcome: Exclude<SignInOutcome, { kind: 'accepted' }>): Problem {
  if (outcome.kind === 'totp-needed') {
    return new Problem(403, 'the code of the authenticator program is needed too', { name: 'totp-needed' });
  }
  if (outcome.kind === 'refused') {
    return new Problem(403, 'the name, the password or the code is wrong', { name: 'sign-in-refused' });
  }
  const seconds = Math.ceil(outcome.ms / 1_000);
  const detail = `too many attempts: try again in ${seconds} s`;
  return new Problem(429, detail, { name: 'sign-in-locked', retryAfterSeconds: seconds });
}

/** Signing in with a password or a one-time code, signing out, and who one is. */
export function addSessionRoutes(app: App, options: SessionRouteOptions): void {
  const { browserSessions, signInLinks, people, now, cookieName } = options;
  const cookie = { path: '/', httpOnly: true, sameSite: 'strict', secure: options.secure } as const;
  const passwords = new PasswordSignIn(people, now);
  const audit = new SignInAudit(options);
  app.addHook('onClose', async () => audit.flush());

  function view(identity: Identity): Me {
    return {
      via: identity.via,
      role: identity.role,
      name: identity.name,
      unit: identity.unit,
      expires_at: identity.expiresAt === undefined ? undefined : toIso(identity.expiresAt),
      collector_version: options.version,
    };
  }

  /** Throws the Problem that keeps the browser out. */
  function redeem(code: string, request: FastifyRequest): SessionHolder {
    const role = signInLinks.redeem(code, now());
    if (role) return { role };
    audit.refused({ actor: 'one-time link', source: request.ip });
    throw new Problem(403, 'the code is wrong, used or expired; make a new one', { name: 'sign-in-refused' });
  }

  /** Throws the Problem that keeps the browser out. */
  async function checkPassword(credentials: Credentials, request: FastifyRequest): Promise<SessionHolder> {
    const outcome = await passwords.check(credentials, request.ip);
    if (outcome.kind === 'accepted') {
      people.noteSignIn(outcome.person.id, now());
      return { person: outcome.person.id };
    }
    if (outcome.kind !== 'totp-needed') {
      // Only names that exist: a password typed into the wrong field could never be taken out again.
      const known = people.byName(credentials.name)?.name ?? '(unknown name)';
      audit.refused({ actor: known, source: request.ip, after: { reason: outcome.kind } });
    }
    throw problemOf(outcome);
  }

  /** A new session in place of whatever session the browser had, which someone else may have given it. */
  function openSession(holder: SessionHolder, request: FastifyRequest, reply: FastifyReply): Me {
    const before = request.cookies[cookieName];
    if (before !== undefined) browserSessions.close(before);
    const { secret, session } = browserSessions.open(holder, now());
    const actor = session.name ?? 'one-time link';
    audit.signedIn({ actor, source: request.ip, after: { role: session.role, unit: session.unit } });
    request.log.info({ address: request.ip, role: session.role }, 'someone signed in');
    // The server decides when the session ends; the cookie only has to live as long as it can.
    reply.setCookie(cookieName, secret, { ...cookie, maxAge: sessionMs / 1_000 });
    return view({ via: 'session', ...session });
  }

  app.post(
    '/api/v1/sign-in',
    {
      config: { permission: 'anyone' },
      schema: {
        summary: 'Opens a browser session with name and password, or with a one-time code',
        body: SignInBody,
        response: { 200: Me },
      },
    },
    async (request, reply) => {
      const { body } = request;
      try {
        const holder = 'code' in body ? redeem(body.code, request) : await checkPassword(body, request);
        return openSession(holder, request, reply);
      } catch (error) {
        if (error instanceof Problem) {
          request.log.warn({ address: request.ip, status: error.details.status }, 'a sign-in was refused');
          const seconds = error.details.retry_after_seconds;
          if (seconds !== undefined) reply.header('retry-after', seconds);
        }
        throw error;
      }
    },
  );

  app.post(
    '/api/v1/sign-out',
    { config: { permission: 'read' }, schema: { summary: 'Ends the browser session' } },
    async (request, reply) => {
      const secret = request.cookies[cookieName];
      if (secret !== undefined) {
        browserSessions.close(secret);
        audit.signedOut({ actor: request.identity?.name ?? 'one-time link', source: request.ip });
      }
      return reply.clearCookie(cookieName, cookie).code(204).send();
    },
  );

  app.get(
    '/api/v1/me',
    {
      config: { permission: 'read' },
      schema: { summary: 'Who is asking', querystring: z.strictObject({}), response: { 200: Me } },
    },
    async ({ identity }) => {
      if (!identity) throw new Error('a route with a permission was reached without an identity');
      return view(identity);
    },
  );
}
