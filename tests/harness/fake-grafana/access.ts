/** Service-account tokens: each belongs to one organisation and has a role there. */
import type { IncomingHttpHeaders } from 'node:http';
import { type Permission, Refusal } from './exchange.ts';

export type Role = 'Viewer' | 'Editor' | 'Admin';

export interface Caller {
  readonly role: Role;
  readonly organisationId: number;
}

const ranks: Readonly<Record<Role, number>> = { Viewer: 1, Editor: 2, Admin: 3 };
const needed: Readonly<Record<Permission, number>> = { anyone: 0, viewer: 1, editor: 2, admin: 3 };

export class Access {
  readonly #callers = new Map<string, Caller>();

  issue(caller: Caller): string {
    const token = `glsa_${String(this.#callers.size + 1).padStart(32, 'x')}_0a1b2c3d`;
    this.#callers.set(token, caller);
    return token;
  }

  revoke(token: string): void {
    this.#callers.delete(token);
  }

  callerOf(headers: IncomingHttpHeaders): Caller {
    const [, token] = /^Bearer (.+)$/.exec(headers.authorization ?? '') ?? [];
    if (token === undefined) {
      throw new Refusal(401, 'Unauthorized', { messageId: 'auth.unauthorized', statusCode: 401, traceID: '' });
    }
    const caller = this.#callers.get(token);
    if (!caller) {
      throw new Refusal(401, 'Invalid API key', { messageId: 'api-key.invalid', statusCode: 401, traceID: '' });
    }
    const wanted = headers['x-grafana-org-id'];
    if (wanted !== undefined && Number(wanted) !== caller.organisationId) {
      throw new Refusal(401, 'API key does not belong to the requested organization', {
        messageId: 'api-key.organization-mismatch',
        statusCode: 401,
        traceID: '',
      });
    }
    return caller;
  }

  /** Refuses what the caller's role does not allow. */
  check(caller: Caller, permission: Permission): void {
    if (ranks[caller.role] >= needed[permission]) return;
    throw new Refusal(403, "You'll need additional permissions to perform this action.", {
      accessErrorId: 'ACE0000000001',
      title: 'Access denied',
    });
  }
}
