import { expect, test } from 'vitest';
import { auditAddress, auditExportPath, auditPath, isFiltered, parseAuditFilter } from './audit-filter.ts';

function parse(query: string) {
  return parseAuditFilter(new URLSearchParams(query));
}

test('without a query, everything is shown', () => {
  expect(auditAddress(parse(''))).toBe('/audit');
  expect(auditPath(parse(''))).toBe('/api/v1/audit?limit=50');
  expect(isFiltered(parse('after=7'))).toBe(false);
});

test.each(['?actor=lan&action=unit&from=2026-01-05&to=2026-01-06&after=70', '?action=sign-in'])(
  '%s survives the address',
  (query) => expect(auditAddress(parse(query))).toBe(`/audit${query}`),
);

test('a last day is shown to its end', () => {
  const asked = new URL(auditPath(parse('from=2026-01-31&to=2026-01-31')), 'http://x').searchParams;
  const span = Date.parse(asked.get('until') ?? '') - Date.parse(asked.get('since') ?? '');
  expect(span).toBe(86_400_000);
});

test('nonsense in the address is no day', () => {
  expect(parse('from=yesterday&to=2026-99-99')).toMatchObject({ from: '', to: '' });
});

test('an export has the same filter and all pages', () => {
  expect(auditExportPath(parse('actor=lan&after=7'), 'vi')).toBe('/api/v1/audit/export?actor=lan&separator=%3B');
});
