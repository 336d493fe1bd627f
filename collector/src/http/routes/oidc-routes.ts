import type { FastifyReply, FastifyRequest } from 'fastify';
import * as z from 'zod';
import { readClaims } from '../../oidc/claims.ts';
import { type Errand, OidcFailed, OidcProvider, type Subject } from '../../oidc/provider.ts';
import type { OidcSettings } from '../../oidc/settings.ts';
import type { ProviderPeople } from '../../registry/people-oidc.ts';
import type { Units } from '../../registry/units.ts';
import { AttemptLimiter } from '../attempt-limiter.ts';
import type { SessionCookie } from '../session-cookie.ts';
import type { SignInAudit } from '../sign-in-audit.ts';
import type { App } from './app.ts';

/** Signing in with the province's OpenID Connect provider. */
export interface OidcOptions {
  readonly settings: OidcSettings;
  /** Where browsers reach the console, without a slash at its end. */
  readonly publicUrl: string;
  readonly people: ProviderPeople;
}

export interface OidcRouteOptions {
  readonly oidc?: OidcOptions | undefined;
  readonly units: Pick<Units, 'get'>;
  readonly sessionCookie: SessionCookie;
  readonly signInAudit: SignInAudit;
  readonly now: () => number;
  readonly secure: boolean;
}

const beginPath = '/api/v1/sign-in/oidc';
const callbackPath = `${beginPath}/callback`;
/** As long as someone may take at the provider. */
const errandSeconds = 10 * 60;
/** Each return costs a request to the provider; behind a proxy a whole province may have one address. */
const returnLimits = { free: 30, maxDelayMs: 30_000 };

/** HEAD would use up what only a GET can go on with. */
const forBrowsers = { config: { permission: 'anyone' }, exposeHeadRoute: false } as const;

const Methods = z.strictObject({
  password: z.literal(true),
  oidc: z
    .strictObject({ label: z.string(), url: z.string().describe('To be opened by the browser itself') })
    .nullable(),
});

/** What the sign-in page is told, in the fragment, which no server sees. */
type Outcome = 'unreachable' | 'denied' | 'failed' | 'no-role' | 'no-unit' | 'disabled' | 'busy';

function errandOf(cookie: string | undefined): Errand | undefined {
  const [state, nonce, verifier, ...more] = cookie?.split('.') ?? [];
  if (!state || !nonce || !verifier || more.length > 0) return undefined;
  return { state, nonce, verifier };
}

/** How one can sign in, and the way over the provider; for browsers, which are led back to the sign-in page. */
export function addOidcRoutes(app: App, options: OidcRouteOptions): void {
  const { oidc } = options;
  const label = oidc && { label: oidc.settings.name, url: `${oidc.publicUrl}${beginPath}` };

  app.get(
    '/api/v1/sign-in/methods',
    {
      config: { permission: 'anyone' },
      schema: { summary: 'How one can sign in', querystring: z.strictObject({}), response: { 200: Methods } },
    },
    async () => ({ password: true as const, oidc: label ?? null }),
  );

  if (oidc) addProviderRoutes(app, { ...options, oidc });
}

function addProviderRoutes(app: App, options: OidcRouteOptions & { readonly oidc: OidcOptions }): void {
  const { oidc, units, sessionCookie, signInAudit, now, secure } = options;
  const { settings, publicUrl, people } = oidc;
  const provider = new OidcProvider(settings, { redirectUri: `${publicUrl}${callbackPath}`, now });
  const limiter = new AttemptLimiter(returnLimits, now);
  // Nobody else can set a cookie with this prefix: an errand that was begun elsewhere would sign in its beginner.
  const cookieName = secure ? '__Host-vonggac-oidc' : 'vonggac-oidc';
  // The way back begins at the provider, which is another site: `strict` would leave the cookie behind.
  const cookie = { path: '/', httpOnly: true, sameSite: 'lax', secure } as const;

  function refuse(outcome: Outcome, request: FastifyRequest, reply: FastifyReply): FastifyReply {
    request.log.warn({ address: request.ip, outcome }, 'a sign-in with the provider was refused');
    return reply.redirect(`/sign-in#problem=oidc-${outcome}`);
  }

  function explain(error: unknown, request: FastifyRequest): Outcome {
    if (!(error instanceof OidcFailed)) throw error;
    request.log.warn({ provider: settings.issuer, error: error.message }, 'the provider did not sign anyone in');
    return error.failure;
  }

  /** The id of the person who may come in, or why not. */
  function admit(claims: Subject, source: string): { readonly person: string } | Outcome {
    const { iss: issuer, sub: subject } = claims;
    const reading = readClaims(claims, { settings, isUnit: (code) => units.get(code) !== undefined });
    // Whom the provider gives no role any more has none here either, in any browser.
    if (reading.kind !== 'account') people.signOutEverywhere({ issuer, subject });
    const person = reading.kind === 'account' ? people.signIn(reading.account, now()) : undefined;
    if (person !== undefined) return { person };
    const outcome = reading.kind === 'account' ? 'disabled' : reading.kind;
    signInAudit.refused({ actor: `oidc subject ${subject}`, source, after: { reason: outcome, issuer } });
    return outcome;
  }

  app.get(beginPath, forBrowsers, async (request, reply) => {
    try {
      const { url, errand } = await provider.begin();
      const value = [errand.state, errand.nonce, errand.verifier].join('.');
      return reply.setCookie(cookieName, value, { ...cookie, maxAge: errandSeconds }).redirect(url);
    } catch (error) {
      return refuse(explain(error, request), request, reply);
    }
  });

  app.get(callbackPath, forBrowsers, async (request, reply) => {
    const errand = errandOf(request.cookies[cookieName]);
    reply.clearCookie(cookieName, cookie);
    if (!errand) return refuse('failed', request, reply);
    if (limiter.begin(request.ip) > 0) return refuse('busy', request, reply);
    let claims: Subject;
    try {
      claims = await provider.complete(request.url.split('?').slice(1).join('?'), errand);
    } catch (error) {
      return refuse(explain(error, request), request, reply);
    }
    limiter.takeBack(request.ip);
    const admitted = admit(claims, request.ip);
    if (typeof admitted === 'string') return refuse(admitted, request, reply);
    sessionCookie.open(admitted, request, reply);
    return reply.redirect('/');
  });
}
