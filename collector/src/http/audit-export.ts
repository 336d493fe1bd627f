/** The audit log as a CSV file. */
import type { AuditEntry } from '../registry/audit-entry.ts';
import type { AuditListQuery, AuditLog } from '../registry/audit-log.ts';
import { type Separator, writeCsv } from '../registry/unit-csv.ts';
import { toIso } from './instants.ts';

/** Rows that are read and written at once. */
const pageSize = 1_000;

const columns = ['seq', 'time', 'actor', 'from', 'action', 'subject', 'before', 'after', 'hash'];

function rowOf({ seq, time, actor, source, action, subject, before, after, hash }: AuditEntry): string[] {
  return [String(seq), toIso(time), actor, source, action, subject ?? '', before ?? '', after ?? '', hash];
}

/** Newest first, page by page: a log of years is never in memory as a whole. */
export function* writeAuditExport(
  audit: Pick<AuditLog, 'list'>,
  query: { readonly filter: Omit<AuditListQuery, 'before' | 'limit'>; readonly separator: Separator },
): Generator<string> {
  yield writeCsv([columns], query);
  let before: number | undefined;
  for (;;) {
    const entries = audit.list({ ...query.filter, before, limit: pageSize });
    if (entries.length > 0) yield writeCsv(entries.map(rowOf), { separator: query.separator, continued: true });
    if (entries.length < pageSize) return;
    before = entries.at(-1)?.seq;
  }
}
