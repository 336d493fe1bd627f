/** Which entries of the audit log are shown, as it stands in the address. */
import { type Query, withQuery } from '../api.ts';

export interface AuditFilter {
  readonly actor: string;
  /** A thing, as in `unit`, or one action, as in `unit.add`. */
  readonly action: string;
  /** Days as the fields for dates have them: `2026-01-31`; empty for none. */
  readonly from: string;
  readonly to: string;
  /** Cursor of the page; empty for the newest. */
  readonly after: string;
}

const day = /^\d{4}-\d\d-\d\d$/;

function dayOf(text: string | null): string {
  return text !== null && day.test(text) && !Number.isNaN(Date.parse(text)) ? text : '';
}

export function parseAuditFilter(query: URLSearchParams): AuditFilter {
  return {
    actor: query.get('actor') ?? '',
    action: query.get('action') ?? '',
    from: dayOf(query.get('from')),
    to: dayOf(query.get('to')),
    after: query.get('after') ?? '',
  };
}

export function auditAddress(filter: AuditFilter): string {
  return withQuery('/audit', { ...filter });
}

/** A day is one of whoever looks, and its last one is shown to its end. */
function toQuery({ actor, action, from, to }: AuditFilter): Query {
  const end = to === '' ? undefined : new Date(`${to}T00:00`);
  end?.setDate(end.getDate() + 1);
  return {
    actor,
    action,
    since: from === '' ? undefined : new Date(`${from}T00:00`).toISOString(),
    until: end?.toISOString(),
  };
}

export function auditPath(filter: AuditFilter): string {
  return withQuery('/api/v1/audit', { ...toQuery(filter), after: filter.after, limit: 50 });
}

/** Spreadsheets with Vietnamese settings separate by semicolon. */
export function auditExportPath(filter: AuditFilter, language: string): string {
  return withQuery('/api/v1/audit/export', { ...toQuery(filter), separator: language === 'vi' ? ';' : ',' });
}

export function isFiltered({ actor, action, from, to }: AuditFilter): boolean {
  return [actor, action, from, to].some((value) => value !== '');
}
