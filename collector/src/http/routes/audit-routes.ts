import { Readable } from 'node:stream';
import * as z from 'zod';
import type { AuditEntry } from '../../registry/audit-entry.ts';
import type { AuditLog, AuditVerdict } from '../../registry/audit-log.ts';
import { separators } from '../../registry/unit-csv.ts';
import { writeAuditExport } from '../audit-export.ts';
import { parseInstant, toIso } from '../instants.ts';
import { AuditChain, type AuditItem, AuditList } from '../schemas.ts';
import type { App } from './app.ts';
import { Limit } from './paging.ts';

const Instant = z.string().refine((text) => parseInstant(text, 0) !== undefined, {
  error: 'is not an instant: write ISO 8601 or -7d',
});

const Filter = {
  since: Instant.optional().describe('Only entries at or after this instant, for example `-7d`'),
  until: Instant.optional().describe('Only entries before this instant'),
  actor: z.string().max(200).optional().describe('Only of this person, program or account'),
  action: z
    .string()
    .regex(/^[a-z][a-z.-]{0,49}$/, { error: 'is not an action, as in unit.add, nor a thing, as in unit' })
    .optional()
    .describe('Only this action, or all of a thing: `unit`'),
};

const ListQuery = z.strictObject({
  ...Filter,
  after: z
    .string()
    .regex(/^[1-9]\d{0,14}$/, { error: 'is not a cursor of this list' })
    .optional()
    .describe('`next` of the page before'),
  limit: Limit,
});

const ExportQuery = z.strictObject({
  ...Filter,
  separator: z.enum(separators).default(',').describe('What the spreadsheet expects; `;` with Vietnamese settings'),
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

/** Who did what, newest first, and whether it is still what was written. */
export function addAuditRoutes(app: App, options: { readonly audit: AuditLog; readonly now: () => number }): void {
  const { audit, now } = options;
  let checking: Promise<AuditVerdict> | undefined;

  function filterOf({ since, until, actor, action }: z.infer<z.ZodObject<typeof Filter>>) {
    const [from, to] = [since, until].map((text) => (text === undefined ? undefined : parseInstant(text, now())));
    return { since: from, until: to, actor, action };
  }

  app.get(
    '/api/v1/audit',
    {
      config: { permission: 'read-audit' },
      schema: { summary: 'Who did what, newest first', querystring: ListQuery, response: { 200: AuditList } },
    },
    async ({ query }) => {
      const before = query.after === undefined ? undefined : Number(query.after);
      const entries = audit.list({ ...filterOf(query), before, limit: query.limit + 1 });
      const items = entries.slice(0, query.limit).map(viewEntry);
      return { items, next: entries.length > items.length ? String(items.at(-1)?.seq) : null };
    },
  );

  app.get(
    '/api/v1/audit/export',
    {
      config: { permission: 'read-audit' },
      schema: { summary: 'The audit log as a CSV file', querystring: ExportQuery, produces: 'text/csv' },
    },
    async ({ query }, reply) => {
      const pages = writeAuditExport(audit, { filter: filterOf(query), separator: query.separator });
      return reply
        .type('text/csv; charset=utf-8')
        .header('content-disposition', 'attachment; filename="audit.csv"')
        .send(Readable.from(pages));
    },
  );

  app.get(
    '/api/v1/audit/chain',
    {
      config: { permission: 'read-audit' },
      schema: {
        summary: 'Walks the whole log and says whether every entry is what was written',
        querystring: z.strictObject({}),
        response: { 200: AuditChain },
      },
    },
    async () => {
      // Whoever asks while it is being walked gets the same answer.
      checking ??= audit.verifyInTurns().finally(() => {
        checking = undefined;
      });
      const { entries, head, problem, damageRecorded } = await checking;
      return { entries, head: { ...head }, problem: problem && { ...problem }, damage_recorded: [...damageRecorded] };
    },
  );
}
