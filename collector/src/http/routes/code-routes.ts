import { formatFullCode, formatShortCode } from '@vonggac/shared';
import * as z from 'zod';
import { auditCode } from '../../registry/code-audit.ts';
import type { CodeUses } from '../../registry/code-uses.ts';
import type { EnrolmentCodeRecord, EnrolmentCodes } from '../../registry/enrolment-codes.ts';
import { CodeBody, CodeList, CodeUseList, dayMs, IdParams, NewCodeAnswer } from '../enrolment-schemas.ts';
import { viewCode, viewCodeUse } from '../enrolment-view.ts';
import { invalidRequest, Problem } from '../problem.ts';
import { actorOf, type RecordOptions, recordChange } from '../record-change.ts';
import type { Scope, ScopeOf } from '../scope.ts';
import type { App } from './app.ts';
import { After, Limit, pageByKey, timeKey } from './paging.ts';

export interface CodeRouteOptions extends RecordOptions {
  readonly scopeOf: ScopeOf;
  readonly codes: EnrolmentCodes;
  readonly codeUses: CodeUses;
  /** What a code holds besides its token. */
  readonly codeOrigin: () => { readonly pin: string; readonly addresses: readonly string[] };
}

const ListQuery = z.strictObject({ after: After, limit: Limit });

const UsesQuery = z.strictObject({
  after: z
    .string()
    .regex(/^[1-9]\d{0,14}$/, { error: 'is not a cursor of this list' })
    .optional()
    .describe('`next` of the page before'),
  limit: Limit,
});

/** Throws the Problem that says that there is no such code, or none that may be seen. */
function codeOf(scope: Scope, id: string): EnrolmentCodeRecord {
  const code = scope.code(id);
  if (!code) throw new Problem(404, `there is no code ${id}`);
  return code;
}

/** Enrolment codes: what there are, who used them, making and revoking them. */
export function addCodeRoutes(app: App, options: CodeRouteOptions): void {
  const { scopeOf, codes, codeUses, now } = options;

  app.get(
    '/api/v1/codes',
    {
      config: { permission: 'enrol' },
      schema: { summary: 'Enrolment codes, newest first', querystring: ListQuery, response: { 200: CodeList } },
    },
    async ({ query, identity }) => {
      const keyOf = (code: EnrolmentCodeRecord) => timeKey(code.createdAt, code.id);
      const all = scopeOf(identity)
        .codes()
        .sort((a, b) => (keyOf(a) < keyOf(b) ? 1 : -1));
      const { after, limit } = query;
      const { rows, next } = pageByKey(all, { after, limit, order: 'descending', keyOf });
      return { items: rows.map((code) => viewCode(code, now())), next };
    },
  );

  app.post(
    '/api/v1/codes',
    {
      config: { permission: 'enrol' },
      schema: {
        summary: 'Makes an enrolment code, which is shown in this answer only',
        body: CodeBody,
        response: { 201: NewCodeAnswer },
      },
    },
    async (request, reply) => {
      const { body, identity } = request;
      const isSeen = scopeOf(identity)
        .units()
        .some(({ code }) => code === body.unit);
      if (!isSeen) {
        throw invalidRequest([{ location: 'body', name: 'unit', detail: `there is no unit ${body.unit}` }]);
      }
      const { token, record: code } = codes.create({
        unit: body.unit,
        class: body.class,
        uses: body.uses,
        approve: body.approve,
        createdBy: actorOf(request),
        expiresAt: now() + Math.round(body.expires_days * dayMs),
        now: now(),
      });
      // Before the token leaves: one that could not be recorded is never seen.
      recordChange(options, request, { action: 'code.create', subject: code.id, after: auditCode(code) });
      const origin = options.codeOrigin();
      const whole = { token, ...origin };
      return reply.code(201).send({
        code: viewCode(code, now()),
        full: formatFullCode(whole),
        short: formatShortCode(whole),
        addresses: [...origin.addresses],
      });
    },
  );

  app.post(
    '/api/v1/codes/:id/revoke',
    {
      config: { permission: 'enrol' },
      schema: { summary: 'Revokes a code, and refuses the machines that wait with it', params: IdParams },
    },
    async (request, reply) => {
      const { id } = codeOf(scopeOf(request.identity), request.params.id);
      const revoked = codes.revoke(id, { by: actorOf(request), now: now() });
      if (!revoked) throw new Problem(409, `${id} is revoked already`);
      recordChange(options, request, {
        action: 'code.revoke',
        subject: id,
        after: { revoked: true, refused_machines: revoked.refused },
      });
      return reply.code(204).send();
    },
  );

  app.get(
    '/api/v1/codes/:id/uses',
    {
      config: { permission: 'enrol' },
      schema: {
        summary: 'What came of each use of a code, newest first; the last thousand are kept',
        params: IdParams,
        querystring: UsesQuery,
        response: { 200: CodeUseList },
      },
    },
    async ({ params, query, identity }) => {
      const { id } = codeOf(scopeOf(identity), params.id);
      const before = query.after === undefined ? undefined : Number(query.after);
      const uses = codeUses.list(id, { before, limit: query.limit + 1 });
      const items = uses.slice(0, query.limit).map(viewCodeUse);
      return { items, next: uses.length > items.length ? String(items.at(-1)?.id) : null };
    },
  );
}
