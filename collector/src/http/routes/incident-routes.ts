import * as z from 'zod';
import type { Incident } from '../../incidents/incident.ts';
import type { Incidents, Word } from '../../incidents/incidents.ts';
import { IncidentList, IncidentWithEvidence, WordBody } from '../incident-schemas.ts';
import { viewIncident, viewIncidentWithEvidence, withNotices } from '../incident-view.ts';
import { Problem } from '../problem.ts';
import { actorOf, type RecordOptions, recordChange } from '../record-change.ts';
import type { ScopeOf } from '../scope.ts';
import type { App } from './app.ts';
import type { GrafanaRouteOptions } from './grafana-routes.ts';
import { type Asked, addIncidentDutyRoutes, IdParams } from './incident-duty-routes.ts';
import { Limit } from './paging.ts';

const ListQuery = z.strictObject({
  state: z.enum(['open', 'closed', 'all']).default('open'),
  after: z
    .string()
    .regex(/^[1-9]\d{0,14}$/, { error: 'is not a cursor of this list' })
    .optional()
    .describe('`next` of the page before'),
  assignee: z.string().max(200).optional().describe('Only those given to this person; `me` for whoever asks'),
  limit: Limit,
});

interface IncidentRouteOptions extends RecordOptions {
  readonly scopeOf: ScopeOf;
  readonly grafana: GrafanaRouteOptions['grafana'];
  readonly incidents: Pick<Incidents, 'acknowledge' | 'close' | 'assign' | 'snooze'>;
}

/** What is open and may need a person, and a person's word on it. */
export function addIncidentRoutes(app: App, options: IncidentRouteOptions): void {
  const { scopeOf, incidents, now } = options;
  const { notices } = options.grafana;

  function find({ params, identity }: Asked): Incident {
    const incident = /^\d{1,15}$/.test(params.id) ? scopeOf(identity).incident(Number(params.id)) : undefined;
    if (!incident) throw new Problem(404, 'there is no such incident');
    return incident;
  }

  app.get(
    '/api/v1/incidents',
    {
      config: { permission: 'read' },
      schema: { summary: 'Incidents, newest first', querystring: ListQuery, response: { 200: IncidentList } },
    },
    async ({ query, identity }) => {
      const { state, after, limit } = query;
      const before = after === undefined ? undefined : Number(after);
      // Tokens and one-time links are nobody, and are given nothing.
      const me = identity?.person === undefined ? '' : (identity.name ?? '');
      const assignee = query.assignee === 'me' ? me : query.assignee;
      const found = scopeOf(identity).incidents({ state, assignee, before, limit: limit + 1 });
      const items = found.slice(0, limit).map((each) => withNotices(viewIncident(each), notices.of(each.id)));
      return { items, next: found.length > items.length ? String(items.at(-1)?.id) : null };
    },
  );

  app.get(
    '/api/v1/incidents/:id',
    {
      config: { permission: 'read' },
      schema: {
        summary: 'One incident, with its evidence',
        params: IdParams,
        querystring: z.strictObject({}),
        response: { 200: IncidentWithEvidence },
      },
    },
    async (request) => {
      const incident = find(request);
      return withNotices(viewIncidentWithEvidence(incident), notices.of(incident.id));
    },
  );

  for (const [verb, summary] of [
    ['acknowledge', 'Says that someone has seen an open incident'],
    ['close', 'Closes an open incident'],
  ] as const) {
    app.post(
      `/api/v1/incidents/:id/${verb}`,
      {
        config: { permission: 'operate' },
        schema: { summary, params: IdParams, body: WordBody, response: { 200: IncidentWithEvidence } },
      },
      async (request) => {
        const { id, kind, subject } = find(request);
        const word: Word = { at: now(), by: actorOf(request), note: request.body?.note };
        if (!incidents[verb](id, word)) throw new Problem(409, `incident ${id} is closed`);
        const after = { kind, about: subject, note: word.note };
        recordChange(options, request, { action: `incident.${verb}`, subject: String(id), after });
        return viewIncidentWithEvidence(find(request));
      },
    );
  }
  addIncidentDutyRoutes(app, { ...options, find });
}
