/** The audit entries of signing in and out; a flood of refusals is counted, not written one by one. */
import type { FastifyBaseLogger } from 'fastify';
import type { AuditEvent } from '../registry/audit-entry.ts';
import type { AuditLog } from '../registry/audit-log.ts';

/** Refusals written in a minute; every entry is a synced write. */
const maxRefusals = 30;
const windowMs = 60_000;

export interface SignInAuditOptions {
  readonly audit: Pick<AuditLog, 'append'>;
  readonly logger: FastifyBaseLogger;
  readonly now: () => number;
}

type Who = Pick<AuditEvent, 'actor' | 'source' | 'after'>;

export class SignInAudit {
  readonly #options: SignInAuditOptions;
  #windowBegan = 0;
  #refusals = 0;

  constructor(options: SignInAuditOptions) {
    this.#options = options;
  }

  signedIn(who: Who): void {
    this.#append({ ...who, action: 'sign-in.accept' });
  }

  signedOut(who: Who): void {
    this.#append({ ...who, action: 'sign-in.end' });
  }

  refused(who: Who): void {
    const now = this.#options.now();
    if (now - this.#windowBegan >= windowMs) {
      this.flush();
      this.#windowBegan = now;
    }
    this.#refusals += 1;
    if (this.#refusals <= maxRefusals) this.#append({ ...who, action: 'sign-in.refuse' });
  }

  /** Writes how many refusals went unwritten. */
  flush(): void {
    const unwritten = this.#refusals - maxRefusals;
    this.#refusals = 0;
    if (unwritten <= 0) return;
    this.#append({ actor: 'vonggac', source: 'console', action: 'sign-in.refuse-more', after: { count: unwritten } });
  }

  #append(event: Omit<AuditEvent, 'at'>): void {
    try {
      this.#options.audit.append({ at: this.#options.now(), ...event });
    } catch (error) {
      // A full disk must not lock out those who come to see what is wrong.
      this.#options.logger.error({ err: error, action: event.action, actor: event.actor }, 'an audit entry was lost');
    }
  }
}
