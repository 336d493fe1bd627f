import * as z from 'zod';
import type { LiveState } from '../../live/live-state.ts';
import type { Agents } from '../../registry/agents.ts';
import { auditAccepted, auditRefused } from '../../registry/code-audit.ts';
import type { PendingEnrolment, PendingEnrolments } from '../../registry/pending-enrolments.ts';
import { AcceptAnswer, EnrolmentList, IdParams } from '../enrolment-schemas.ts';
import { viewEnrolment } from '../enrolment-view.ts';
import { Problem } from '../problem.ts';
import { actorOf, type RecordOptions, recordChange } from '../record-change.ts';
import type { Scope, ScopeOf } from '../scope.ts';
import type { App } from './app.ts';
import { After, Limit, pageByKey, timeKey } from './paging.ts';

export interface EnrolmentRouteOptions extends RecordOptions {
  readonly scopeOf: ScopeOf;
  readonly agents: Pick<Agents, 'get' | 'revoke'>;
  readonly pending: PendingEnrolments;
  readonly live: Pick<LiveState, 'put'>;
  /** Ends the connection of a machine that may no longer report. */
  readonly disconnect: (agentId: string) => void;
}

const ListQuery = z.strictObject({ after: After, limit: Limit });

/** Who gets in: machines that wait for a person's word, and machines that are to report no longer. */
export function addEnrolmentRoutes(app: App, options: EnrolmentRouteOptions): void {
  const { scopeOf, agents, pending, live, now } = options;

  function notWaiting(id: string): Problem {
    return new Problem(404, `no machine ${id} waits to be accepted: it may have been decided already`);
  }

  function waitingOf(scope: Scope, id: string): PendingEnrolment {
    const waiting = scope.pendingEnrolments(now()).find((each) => each.id === id);
    if (!waiting) throw notWaiting(id);
    return waiting;
  }

  app.get(
    '/api/v1/enrolments',
    {
      config: { permission: 'enrol' },
      schema: {
        summary: 'Machines that wait to be accepted, the longest waiting first',
        querystring: ListQuery,
        response: { 200: EnrolmentList },
      },
    },
    async ({ query, identity }) => {
      const { after, limit } = query;
      const all = scopeOf(identity).pendingEnrolments(now());
      const keyOf = ({ askedAt, id }: PendingEnrolment) => timeKey(askedAt, id);
      const { rows, next } = pageByKey(all, { after, limit, order: 'ascending', keyOf });
      return { items: rows.map(viewEnrolment), next };
    },
  );

  app.post(
    '/api/v1/enrolments/:id/accept',
    {
      config: { permission: 'enrol' },
      schema: { summary: 'Accepts a machine that waits', params: IdParams, response: { 200: AcceptAnswer } },
    },
    async (request) => {
      const { id } = waitingOf(scopeOf(request.identity), request.params.id);
      const agent = pending.accept(id, { by: actorOf(request), now: now() });
      if (!agent) throw notWaiting(id);
      live.put(agent);
      recordChange(options, request, { action: 'enrolment.accept', subject: id, after: auditAccepted(agent) });
      return { agent: agent.id };
    },
  );

  app.post(
    '/api/v1/enrolments/:id/refuse',
    {
      config: { permission: 'enrol' },
      schema: { summary: 'Refuses a machine that waits; its code gets the use back', params: IdParams },
    },
    async (request, reply) => {
      const { id } = waitingOf(scopeOf(request.identity), request.params.id);
      const refused = pending.refuse(id, { by: actorOf(request), now: now() });
      if (!refused) throw notWaiting(id);
      recordChange(options, request, { action: 'enrolment.refuse', subject: id, after: auditRefused(refused) });
      return reply.code(204).send();
    },
  );

  app.post(
    '/api/v1/agents/:id/revoke',
    {
      config: { permission: 'enrol' },
      schema: { summary: 'Revokes a machine: its connection ends at once, its key is worth nothing', params: IdParams },
    },
    async (request, reply) => {
      const { id } = request.params;
      if (!scopeOf(request.identity).agent(id)) throw new Problem(404, `there is no agent ${id}`);
      if (!agents.revoke(id, now())) throw new Problem(409, `${id} is revoked already`);
      const revoked = agents.get(id);
      if (revoked) live.put(revoked);
      options.disconnect(id);
      recordChange(options, request, { action: 'agent.revoke', subject: id, after: { revoked: true } });
      return reply.code(204).send();
    },
  );
}
