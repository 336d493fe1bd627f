import type { FastifyRequest } from 'fastify';
import * as z from 'zod';
import type { SessionHolder } from '../../registry/browser-sessions.ts';
import type { People } from '../../registry/people.ts';
import { maxPasswordLength } from '../../registry/people-passwords.ts';
import type { SignInLinks } from '../../registry/sign-in-links.ts';
import { viewIdentity } from '../me.ts';
import type { Credentials, PasswordSignIn } from '../password-sign-in.ts';
import { Problem } from '../problem.ts';
import { isLoopbackHost } from '../same-site.ts';
import { Me } from '../schemas.ts';
import type { SessionCookie } from '../session-cookie.ts';
import type { SignInAudit } from '../sign-in-audit.ts';
import { attemptSignIn, signInProblem } from '../sign-in-problem.ts';
import type { App } from './app.ts';

export interface SessionRouteOptions {
  readonly signInLinks: SignInLinks;
  readonly people: People;
  readonly passwords: PasswordSignIn;
  readonly sessionCookie: SessionCookie;
  readonly signInAudit: SignInAudit;
  readonly now: () => number;
  readonly version: string;
}

const SignInBody = z.union([
  z.strictObject({ code: z.string().max(200) }),
  z.strictObject({
    name: z.string().min(1).max(100),
    password: z.string().min(1).max(maxPasswordLength),
    totp: z.string().max(20).optional().describe('From an authenticator program, for accounts that have one'),
  }),
]);

/** By the name that was asked for too: to a proxy on this machine, everybody has its address. */
function isFromThisMachine({ ip, headers }: FastifyRequest): boolean {
  return /^(::ffff:)?127\.|^::1$/.test(ip) && isLoopbackHost(headers.host);
}

/** Signing in with a password or a one-time code, signing out, and who one is. */
export function addSessionRoutes(app: App, options: SessionRouteOptions): void {
  const { signInLinks, people, passwords, sessionCookie, signInAudit, now } = options;

  /** Throws the Problem that keeps the browser out. */
  function redeem(code: string, request: FastifyRequest): SessionHolder {
    const isHere = isFromThisMachine(request);
    const role = isHere ? signInLinks.redeem(code, now()) : undefined;
    if (role) return { role };
    signInAudit.refused({ actor: 'one-time link', source: request.ip });
    const detail = isHere
      ? 'the code is wrong, used or expired; make a new one'
      : "one-time codes work on the collector's own machine only";
    throw new Problem(403, detail, { name: 'sign-in-refused' });
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
      signInAudit.refused({ actor: known, source: request.ip, after: { reason: outcome.kind } });
    }
    throw signInProblem(outcome);
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
    async (request, reply) =>
      attemptSignIn({ request, reply }, async () => {
        const { body } = request;
        const holder = 'code' in body ? redeem(body.code, request) : await checkPassword(body, request);
        const session = sessionCookie.open(holder, request, reply);
        return viewIdentity({ via: 'session', ...session }, options);
      }),
  );

  app.post(
    '/api/v1/sign-out',
    { config: { permission: 'signed-in' }, schema: { summary: 'Ends the browser session' } },
    async (request, reply) => {
      sessionCookie.close(request, reply);
      return reply.code(204).send();
    },
  );

  app.get(
    '/api/v1/me',
    {
      config: { permission: 'signed-in' },
      schema: { summary: 'Who is asking', querystring: z.strictObject({}), response: { 200: Me } },
    },
    async ({ identity }) => {
      if (!identity) throw new Error('a route with a permission was reached without an identity');
      return viewIdentity(identity, options);
    },
  );
}
