import type { Tokens } from '../../registry/tokens.ts';
import type { Units } from '../../registry/units.ts';
import { CreatedToken, CreateTokenBody, TokenParams, TokensAnswer, viewToken } from '../people-schemas.ts';
import { invalidRequest, Problem } from '../problem.ts';
import { type RecordOptions, recordChange } from '../record-change.ts';
import { roleErrors } from '../role-errors.ts';
import type { App } from './app.ts';

export interface TokenRouteOptions extends RecordOptions {
  readonly tokens: Tokens;
  readonly units: Pick<Units, 'get'>;
}

/** Tokens of programs: for whoever administers the province. */
export function addTokenRoutes(app: App, options: TokenRouteOptions): void {
  const { tokens, units, now } = options;

  app.get(
    '/api/v1/tokens',
    {
      config: { permission: 'administer' },
      schema: { summary: 'Tokens of the API, revoked and expired ones too', response: { 200: TokensAnswer } },
    },
    async () => ({ items: tokens.all().map(viewToken), next: null }),
  );

  app.post(
    '/api/v1/tokens',
    {
      config: { permission: 'administer' },
      schema: { summary: 'Makes a token, shown this once', body: CreateTokenBody, response: { 201: CreatedToken } },
    },
    async (request, reply) => {
      const { name, role, unit, expires_at } = request.body;
      const expiresAt = expires_at === undefined ? undefined : Date.parse(expires_at);
      const errors = roleErrors({ role, unit }, { units, holder: 'token' });
      if (expiresAt !== undefined && expiresAt <= now()) {
        errors.push({ location: 'body', name: 'expires_at', detail: 'is over already' });
      }
      if (errors.length > 0) throw invalidRequest(errors);
      const { token, record } = tokens.create({ name, role, unit, expiresAt }, now());
      const after = { name, role, unit: unit ?? null, expires_at: expires_at ?? null };
      recordChange(options, request, { action: 'token.create', subject: record.id, after });
      return reply.code(201).send({ ...viewToken(record), token });
    },
  );

  app.post(
    '/api/v1/tokens/:id/revoke',
    {
      config: { permission: 'administer' },
      schema: { summary: 'Revokes a token; it stops working at once', params: TokenParams },
    },
    async (request, reply) => {
      const { id } = request.params;
      if (!tokens.revoke(id, now())) {
        const isKnown = tokens.all().some((token) => token.id === id);
        throw isKnown
          ? new Problem(409, `the token ${id} is revoked already`)
          : new Problem(404, `there is no token ${id}`);
      }
      recordChange(options, request, { action: 'token.revoke', subject: id, after: { revoked: true } });
      return reply.code(204).send();
    },
  );
}
