import * as z from 'zod';
import type { Calendars } from '../../calendar/calendars.ts';
import { type MaintenanceWindow, WindowRefused, type WindowSubject } from '../../calendar/maintenance-window.ts';
import { auditWindow } from '../../calendar/window-audit.ts';
import { CalendarsAnswer, WindowAnswer, WindowBody, WindowList, type WindowView } from '../maintenance-schemas.ts';
import { viewWindow } from '../maintenance-view.ts';
import { invalidRequest, Problem } from '../problem.ts';
import { actorOf, type RecordOptions, recordChange } from '../record-change.ts';
import type { Scope, ScopeOf } from '../scope.ts';
import type { App } from './app.ts';
import { Limit } from './paging.ts';

const ListQuery = z.strictObject({
  state: z.enum(['waiting', 'all']).default('waiting').describe('`waiting`: those that hold now or will'),
  after: z
    .string()
    .regex(/^[1-9]\d{0,14}$/, { error: 'is not a cursor of this list' })
    .optional()
    .describe('`next` of the page before'),
  limit: Limit,
});

const IdParams = z.strictObject({ id: z.string() });

interface MaintenanceRouteOptions extends RecordOptions {
  readonly scopeOf: ScopeOf;
  readonly calendars: Pick<Calendars, 'windows' | 'zone' | 'look' | 'describe' | 'warnings'>;
}

/** When silence is planned: maintenance windows, and the calendars of working hours. */
export function addMaintenanceRoutes(app: App, options: MaintenanceRouteOptions): void {
  const { scopeOf, calendars, now } = options;
  const { windows, zone } = calendars;

  function view(window: MaintenanceWindow, scope: Scope): WindowView {
    const hostname = window.agent === undefined ? undefined : scope.agent(window.agent)?.record.hostname;
    return viewWindow(window, { zone, now: now(), hostname });
  }

  app.get(
    '/api/v1/maintenance',
    {
      config: { permission: 'read' },
      schema: { summary: 'Maintenance windows, newest first', querystring: ListQuery, response: { 200: WindowList } },
    },
    async ({ query: { state, after, limit }, identity }) => {
      const before = after === undefined ? Number.POSITIVE_INFINITY : Number(after);
      const scope = scopeOf(identity);
      const found = scope
        .maintenance(state, now())
        .filter(({ id }) => id < before)
        .reverse();
      const items = found.slice(0, limit).map((window) => view(window, scope));
      return { items, next: found.length > items.length ? `${items.at(-1)?.id}` : null };
    },
  );

  app.post(
    '/api/v1/maintenance',
    {
      config: { permission: 'operate' },
      schema: {
        summary: 'Plans maintenance of a unit, machine or line',
        body: WindowBody,
        response: { 201: WindowAnswer },
      },
    },
    async (request, reply) => {
      const { body, identity } = request;
      const [from = now(), to] = [body.from, body.to].map((text) =>
        text === undefined ? undefined : Date.parse(text),
      );
      const { cron, duration_minutes: durationMs, reason } = body;
      const scope = scopeOf(identity);
      const subject = subjectOf(body, scope);
      const by = { by: actorOf(request), now: now() };
      const window = refusing(() => windows.add({ ...subject, from, to, cron, durationMs, reason }, by));
      calendars.look();
      recordChange(options, request, {
        action: 'maintenance.add',
        subject: `${window.id}`,
        after: auditWindow(window),
      });
      return reply.code(201).send(view(window, scope));
    },
  );

  app.post(
    '/api/v1/maintenance/:id/cancel',
    {
      config: { permission: 'operate' },
      schema: {
        summary: 'Cancels a window: from now on it does not hold',
        params: IdParams,
        response: { 200: WindowAnswer },
      },
    },
    async (request) => {
      const { id } = request.params;
      const scope = scopeOf(request.identity);
      const window = /^\d{1,15}$/.test(id) ? scope.maintenanceWindow(Number(id)) : undefined;
      if (!window) throw new Problem(404, 'there is no such window');
      const cancelled = windows.cancel(window.id, { by: actorOf(request), now: now() });
      if (!cancelled) throw new Problem(409, `window ${id} is over or cancelled already`);
      calendars.look();
      recordChange(options, request, { action: 'maintenance.cancel', subject: id, before: auditWindow(window) });
      return view(cancelled, scope);
    },
  );

  app.get(
    '/api/v1/calendars',
    {
      config: { permission: 'read-service' },
      schema: {
        summary: 'The calendars of working hours that units can name, and what is not known of holidays',
        querystring: z.strictObject({}),
        response: { 200: CalendarsAnswer },
      },
    },
    async () => ({ ...calendars.describe(), warnings: calendars.warnings() }),
  );
}

/** What may not be seen is answered like what is not there. */
function subjectOf({ unit, agent, link }: z.infer<typeof WindowBody>, scope: Scope): WindowSubject {
  const refuse = (name: string, detail: string) => invalidRequest([{ location: 'body', name, detail }]);
  if ((unit === undefined) === (agent === undefined)) throw refuse('unit', 'either a unit or a machine is needed');
  if (agent !== undefined) {
    if (link !== undefined) throw refuse('link', 'a line is named with its unit');
    const record = scope.agent(agent)?.record;
    if (!record || record.revokedAt !== undefined) throw refuse('agent', `there is no agent ${agent}`);
    return { unit: record.unit, agent };
  }
  const found = scope.unitsAt(undefined).find(({ code }) => code === unit);
  if (!found) throw refuse('unit', `there is no unit ${unit}`);
  if (link !== undefined && !found.links?.some(({ id }) => id === link)) {
    throw refuse('link', `${found.code} has no line ${link}`);
  }
  return { unit: found.code, link };
}

const fieldNames = { duration: 'duration_minutes', window: '' } as const;

function refusing<T>(act: () => T): T {
  try {
    return act();
  } catch (error) {
    if (!(error instanceof WindowRefused)) throw error;
    const { field } = error;
    const name = field === 'duration' || field === 'window' ? fieldNames[field] : field;
    throw invalidRequest([{ location: 'body', name, detail: error.message }]);
  }
}
