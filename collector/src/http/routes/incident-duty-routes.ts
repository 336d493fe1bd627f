/** Who looks after an incident, and until when it can wait. */
import type { FastifyRequest } from 'fastify';
import * as z from 'zod';
import type { Incident } from '../../incidents/incident.ts';
import type { Incidents } from '../../incidents/incidents.ts';
import { snoozeProblem } from '../../incidents/snooze.ts';
import { AssignBody, AssigneeList, IncidentWithEvidence, SnoozeBody } from '../incident-schemas.ts';
import { viewIncidentWithEvidence } from '../incident-view.ts';
import { toIso } from '../instants.ts';
import { Problem } from '../problem.ts';
import { actorOf, type RecordOptions, recordChange } from '../record-change.ts';
import type { ScopeOf } from '../scope.ts';
import type { App } from './app.ts';

export const IdParams = z.strictObject({ id: z.string() });

/** A request about one incident. */
export type Asked = Pick<FastifyRequest, 'identity'> & { readonly params: { readonly id: string } };

interface DutyRouteOptions extends RecordOptions {
  readonly scopeOf: ScopeOf;
  readonly incidents: Pick<Incidents, 'assign' | 'snooze'>;
  /** Throws Problem. */
  readonly find: (asked: Asked) => Incident;
}

export function addIncidentDutyRoutes(app: App, options: DutyRouteOptions): void {
  const { scopeOf, incidents, find, now } = options;

  app.get(
    '/api/v1/incidents/:id/assignees',
    {
      config: { permission: 'operate' },
      schema: {
        summary: 'Who can be given an incident',
        params: IdParams,
        querystring: z.strictObject({}),
        response: { 200: AssigneeList },
      },
    },
    async (request) => {
      const people = scopeOf(request.identity).assignees(find(request));
      return { items: people.map(({ name, role, unit }) => ({ name, role, unit })) };
    },
  );

  app.post(
    '/api/v1/incidents/:id/assign',
    {
      config: { permission: 'operate' },
      schema: {
        summary: 'Gives an open incident to a person, or to nobody',
        params: IdParams,
        body: AssignBody,
        response: { 200: IncidentWithEvidence },
      },
    },
    async (request) => {
      const incident = find(request);
      const { id, kind, subject, assignedTo } = incident;
      const to = request.body.to ?? undefined;
      const people = to === undefined ? [] : scopeOf(request.identity).assignees(incident);
      if (to !== undefined && !people.some(({ name }) => name === to)) {
        throw new Problem(400, 'there is nobody of this name who can be given the incident', {
          errors: [{ location: 'body', name: 'to', detail: 'is not one of its assignees' }],
        });
      }
      const done = incidents.assign(id, { at: now(), by: actorOf(request), to });
      if (!done) throw new Problem(409, `incident ${id} is closed`);
      recordChange(options, request, {
        action: 'incident.assign',
        subject: `${id}`,
        before: { assigned_to: assignedTo },
        after: { kind, about: subject, assigned_to: to ?? null },
      });
      return viewIncidentWithEvidence(find(request));
    },
  );

  app.post(
    '/api/v1/incidents/:id/snooze',
    {
      config: { permission: 'operate' },
      schema: {
        summary: 'Puts an open incident off: nobody is told of it until then, unless it gets worse',
        params: IdParams,
        body: SnoozeBody,
        response: { 200: IncidentWithEvidence },
      },
    },
    async (request) => {
      const until = Date.parse(request.body.until);
      const problem = snoozeProblem(until, now());
      if (problem !== undefined) {
        throw new Problem(400, `until ${problem}`, { errors: [{ location: 'body', name: 'until', detail: problem }] });
      }
      return putOff(request, until);
    },
  );

  app.post(
    '/api/v1/incidents/:id/unsnooze',
    {
      config: { permission: 'operate' },
      schema: {
        summary: 'Ends the time in which nobody is told of an incident',
        params: IdParams,
        response: { 200: IncidentWithEvidence },
      },
    },
    async (request) => putOff(request, undefined),
  );

  function putOff(request: FastifyRequest & Asked, until: number | undefined): IncidentWithEvidence {
    const { id, kind, subject } = find(request);
    if (!incidents.snooze(id, { at: now(), by: actorOf(request), until })) {
      throw new Problem(409, `incident ${id} is closed`);
    }
    recordChange(options, request, {
      action: until === undefined ? 'incident.unsnooze' : 'incident.snooze',
      subject: `${id}`,
      after: { kind, about: subject, ...(until !== undefined && { until: toIso(until) }) },
    });
    return viewIncidentWithEvidence(find(request));
  }
}
