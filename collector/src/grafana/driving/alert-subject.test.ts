import { rules } from '@vonggac/shared';
import { expect, test } from 'vitest';
import { labelsOfIncident, subjectOfAlert } from './alert-subject.ts';

test.each([
  ['unit-unreachable', 'XA', 'XA', { rules: ['unit-unreachable'], labels: { unit: 'XA' } }],
  ['machine-offline', 'a-1', 'XA', { rules: ['server-down', 'gateway-down'], labels: { agent: 'a-1' } }],
  ['disk-full', 'a-1', 'XA', { rules: ['disk-full'], labels: { agent: 'a-1' } }],
  ['disk-full', 'XA', 'XA', { rules: ['disk-full'], labels: { unit: 'XA' } }],
  ['service-down', 'cong', undefined, { rules: ['service-down'], labels: { service: 'cong' } }],
  ['service-unreachable', 'XA/cong', 'XA', { rules: ['service-partial'], labels: { unit: 'XA', service: 'cong' } }],
  ['unprotected', 'a-1', 'XA', { rules: ['antivirus-unprotected'], labels: { agent: 'a-1' } }],
  ['unprotected', 'XA', 'XA', { rules: ['pcs-unprotected'], labels: { subject: 'XA' } }],
  ['new-device', 'XA/2026-11-23', 'XA', undefined],
  ['collector-trouble', 'store', undefined, undefined],
] as const)('an incident %s of %s is told by these alerts', (kind, subject, unit, told) => {
  expect(labelsOfIncident({ kind, subject, unit })).toEqual(told);
});

test('of a line by all rules that follow it', () => {
  const told = labelsOfIncident({ kind: 'link-down', subject: 'XA/chinh', unit: 'XA' });
  expect(told?.labels).toEqual({ unit: 'XA', link: 'chinh' });
  expect(told?.rules).toContain('link-down');
});

test('an alert of any rule is of a kind of incident, with the name that its labels give', () => {
  for (const { id, scope, query, tells } of rules) {
    const own = Object.fromEntries(query.by.map((tag) => [tag, `x-${tag}`]));
    const labels = {
      managed_by: 'vonggac',
      rule: id,
      unit: 'XA',
      ...(scope === 'machine' && { agent: 'a-1' }),
      ...own,
    };
    const subject = subjectOfAlert(labels);
    expect(subject, id).toMatchObject({ kind: tells ?? id, unit: 'XA' });
    expect(subject?.subjects.length, id).toBeGreaterThan(0);
  }
});

test.each([[{}], [{ managed_by: 'vonggac' }], [{ managed_by: 'vonggac', rule: 'x' }], [{ rule: 'disk-full' }]])(
  'an alert with %j is none of ours',
  (labels) => {
    expect(subjectOfAlert(labels)).toBeUndefined();
  },
);
