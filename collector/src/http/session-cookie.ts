import type { FastifyReply, FastifyRequest } from 'fastify';
import {
  type BrowserSession,
  type BrowserSessions,
  type SessionHolder,
  sessionMs,
} from '../registry/browser-sessions.ts';
import { actorOf } from './record-change.ts';
import type { SignInAudit } from './sign-in-audit.ts';

export interface SessionCookieOptions {
  readonly browserSessions: BrowserSessions;
  readonly signInAudit: SignInAudit;
  readonly now: () => number;
  readonly cookieName: string;
  /** Whether the cookie is for TLS only. */
  readonly secure: boolean;
}

/** Opens and ends the session of a browser, with its cookie and its audit entries. */
export class SessionCookie {
  readonly #options: SessionCookieOptions;
  readonly #attributes;

  constructor(options: SessionCookieOptions) {
    this.#options = options;
    this.#attributes = { path: '/', httpOnly: true, sameSite: 'strict', secure: options.secure } as const;
  }

  /** What the browser of a request has to show for its session. */
  secretOf(request: FastifyRequest): string | undefined {
    return request.cookies[this.#options.cookieName];
  }

  /** A new session in place of whatever session the browser had, which someone else may have given it. */
  open(holder: SessionHolder, request: FastifyRequest, reply: FastifyReply): BrowserSession {
    const { browserSessions, signInAudit, now, cookieName } = this.#options;
    const before = this.secretOf(request);
    if (before !== undefined) browserSessions.close(before);
    const { secret, session } = browserSessions.open(holder, now());
    const { name = 'one-time link', role, unit } = session;
    signInAudit.signedIn({ actor: name, source: request.ip, after: { role, unit } });
    request.log.info({ address: request.ip, role }, 'someone signed in');
    // The server decides when the session ends; the cookie only has to live as long as it can.
    reply.setCookie(cookieName, secret, { ...this.#attributes, maxAge: sessionMs / 1_000 });
    return session;
  }

  close(request: FastifyRequest, reply: FastifyReply): void {
    const secret = this.secretOf(request);
    if (secret !== undefined) {
      this.#options.browserSessions.close(secret);
      this.#options.signInAudit.signedOut({ actor: actorOf(request), source: request.ip });
    }
    reply.clearCookie(this.#options.cookieName, this.#attributes);
  }
}
