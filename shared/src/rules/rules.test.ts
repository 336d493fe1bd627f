import { expect, test } from 'vitest';
import { fieldOf, measurementByName } from '../catalogue/catalogue.ts';
import { rule } from './rule.ts';
import { ruleById, ruleIntervalSeconds, rules } from './rules.ts';

test('ids are unique, short enough for Grafana and in kebab-case', () => {
  expect(new Set(rules.map(({ id }) => id)).size).toBe(rules.length);
  for (const { id } of rules) expect(id).toMatch(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/);
  // With a prefix of ours it must fit into the 40 characters of a uid.
  for (const { id } of rules) expect(id.length).toBeLessThanOrEqual(32);
});

test.each(rules)('$id reads what the catalogue has', ({ query }) => {
  const measurement = measurementByName(query.measurement);
  expect(measurement && fieldOf(measurement, query.field)?.type).toMatch(/^(boolean|float|integer)$/);
  for (const tag of [...Object.keys(query.where), ...query.by]) expect(measurement?.tagNames).toContain(tag);
});

test.each(rules)('$id waits two evaluations or is about an event', ({ pendingSeconds, keepFiringSeconds, query }) => {
  expect(pendingSeconds === 0 || pendingSeconds >= 2 * ruleIntervalSeconds).toBe(true);
  expect(keepFiringSeconds).toBeGreaterThanOrEqual(0);
  expect(query.windowSeconds).toBeGreaterThanOrEqual(2 * ruleIntervalSeconds);
});

test.each(rules)('$id recovers on the good side of its threshold', ({ condition }) => {
  if (condition.kind === 'above') expect(condition.recovers).toBeLessThanOrEqual(condition.threshold);
  if (condition.kind === 'below') expect(condition.recovers).toBeGreaterThanOrEqual(condition.threshold);
  if (condition.kind === 'outside') expect(condition.low).toBeLessThan(condition.high);
});

test.each(rules)('$id says everything in both languages', ({ title, texts }) => {
  for (const { vi, en } of [title, ...Object.values(texts)]) {
    expect(vi.trim()).toBe(vi);
    expect(en.trim()).toBe(en);
    expect(vi.length).toBeGreaterThan(4);
    expect(en.length).toBeGreaterThan(4);
    expect(vi).not.toBe(en);
  }
});

test('a rule yields to others that are there, and that yield to nobody but those it yields to as well', () => {
  for (const { id, yieldsTo = [] } of rules) {
    for (const stronger of yieldsTo) {
      expect(stronger).not.toBe(id);
      for (const above of ruleById(stronger)?.yieldsTo ?? []) expect(yieldsTo).toContain(above);
      expect(ruleById(stronger)?.tells).toBeUndefined();
    }
  }
});

test('a rule is found by its id', () => {
  expect(ruleById('disk-full')?.severity).toBe('critical');
  expect(ruleById('no-such-rule')).toBeUndefined();
});

test('what the catalogue lacks does not compile', () => {
  const [any] = rules;
  if (!any) throw new Error('there are no rules');
  const window = { reduce: 'last', windowSeconds: 120 } as const;
  // @ts-expect-error the measurement cpu has no such field
  rule({ ...any, query: { measurement: 'cpu', field: 'no_such_field', ...window } });
  // @ts-expect-error a text cannot be compared
  rule({ ...any, query: { measurement: 'unit_state', field: 'verdict', ...window } });
  // @ts-expect-error the measurement cpu has no tag mount
  rule({ ...any, query: { measurement: 'cpu', field: 'usage_percent', by: ['mount'], ...window } });
});
