import { expect, test } from 'vitest';
import type { AuditEntry } from '../registry/audit-entry.ts';
import { writeAuditExport } from './audit-export.ts';

function entry(seq: number): AuditEntry {
  return {
    seq,
    time: 0,
    actor: 'an',
    source: 'command',
    action: 'unit.add',
    subject: null,
    before: null,
    after: null,
    hash: 'h',
  };
}

test.each([0, 999, 1_000, 2_345])('of %i entries each is there once, newest first', (count) => {
  const audit = {
    list: ({ before = Number.POSITIVE_INFINITY, limit }: { before?: number | undefined; limit: number }) =>
      Array.from({ length: count }, (_, index) => entry(count - index))
        .filter(({ seq }) => seq < before)
        .slice(0, limit),
  };
  const pages = [...writeAuditExport(audit, { filter: {}, separator: ',' })];
  const rows = pages.join('').split('\r\n').slice(1, -1);
  expect(rows.map((row) => Number(row.split(',', 1)[0]))).toEqual(
    Array.from({ length: count }, (_, index) => count - index),
  );
  expect(pages.join('').split('\ufeff')).toHaveLength(2);
});
