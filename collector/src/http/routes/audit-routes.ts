import * as z from 'zod';
import type { AuditEntry } from '../../registry/audit-entry.ts';
import type { AuditLog } from '../../registry/audit-log.ts';
import { parseInstant, toIso } from '../instants.ts';
import { type AuditItem, AuditList } from '../schemas.ts';
import type { App } from './app.ts';
import { Limit } from './paging.ts';

const ListQuery = z.strictObject({
  since: z
    .string()
    .refine((text) => parseInstant(text, 0) !== undefined, { error: 'is not an instant: write ISO 8601 or -7d' })
    .optional()
    .describe('Only entries at or after this instant, for example `-7d`'),
  after: z
    .string()
    .regex(/^[1-9]\d{0,14}$/, { error: 'is not a cursor of this list' })
    .optional()
    .describe('`next` of the page before'),
  limit: Limit,
});

function parseValues(json: string | null): AuditItem['before'] {
  return json === null ? undefined : (JSON.parse(json) as AuditItem['before']);
}

function viewEntry({ time, source, subject, before, after, ...entry }: AuditEntry): AuditItem {
  return {
    ...entry,
    time: toIso(time),
    from: source,
    subject: subject ?? undefined,
    before: parseValues(before),
    after: parseValues(after),
  };
}

/** Who did what, newest first. */
export function addAuditRoutes(app: App, options: { readonly audit: AuditLog; readonly now: () => number }): void {
  app.get(
    '/api/v1/audit',
    {
      config: { permission: 'read-audit' },
      schema: { summary: 'Who did what, newest first', querystring: ListQuery, response: { 200: AuditList } },
    },
    async ({ query }) => {
      const since = query.since === undefined ? undefined : parseInstant(query.since, options.now());
      const before = query.after === undefined ? undefined : Number(query.after);
      const entries = options.audit.list({ since, before, limit: query.limit + 1 });
      const items = entries.slice(0, query.limit).map(viewEntry);
      return { items, next: entries.length > items.length ? String(items.at(-1)?.seq) : null };
    },
  );
}
