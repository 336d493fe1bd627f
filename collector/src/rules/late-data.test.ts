/** No rule fires, or ceases, on what was measured hours ago: only the newest value within a rule's window counts. */
import { type Condition, type Point, type Rule, rules } from '@vonggac/shared';
import { expect, test } from 'vitest';
import type { Origin } from '../stores/store.ts';
import { Evaluator } from './evaluator.ts';

const minuteMs = 60_000;
const start = Date.UTC(2026, 10, 23, 8);

function valuesOf(condition: Condition): { bad: number; good: number } {
  switch (condition.kind) {
    case 'above':
      return { bad: condition.threshold + 1, good: Math.min(condition.threshold, condition.recovers) - 1 };
    case 'below':
      return { bad: condition.threshold - 1, good: Math.max(condition.threshold, condition.recovers) + 1 };
    case 'is':
      return { bad: condition.value, good: condition.value + 1 };
    case 'outside':
      return { bad: condition.high + 1, good: (condition.low + condition.high) / 2 };
  }
}

class Followed {
  now = start;
  readonly #rule: Rule;
  readonly #evaluator: Evaluator;
  readonly #origin: Origin;

  constructor(rule: Rule) {
    this.#rule = rule;
    this.#evaluator = new Evaluator({ rules: [rule], isGone: () => false });
    this.#origin = { agent: 'a-1', host: 'h', unit: 'DH', class: rule.classes?.[0] ?? 'server' };
  }

  tell(value: number, at: number): void {
    const { measurement, field, where, by } = this.#rule.query;
    const tags = { ...Object.fromEntries(by.map((tag) => [tag, 'x'])), ...where } as Record<string, string>;
    const points: Point[] = [{ measurement, tags, fields: { [field]: value }, time: at }];
    this.#evaluator.take({ origin: this.#origin, points }, this.now);
  }

  pass(minutes: number, value?: number): void {
    for (let minute = 0; minute < minutes; minute += 1) {
      this.now += minuteMs;
      if (value !== undefined) this.tell(value, this.now);
      this.#evaluator.tick(this.now);
    }
  }

  get state(): string | undefined {
    return [...this.#evaluator.of(this.#rule.id)][0]?.state;
  }
}

function minutesToFire({ query, pendingSeconds, keepFiringSeconds }: Rule): number {
  return Math.ceil((query.windowSeconds + pendingSeconds + keepFiringSeconds) / 60) + 2;
}

test.each(rules.map((rule) => [rule.id, rule] as const))('%s', (_, rule) => {
  const { bad, good } = valuesOf(rule.condition);
  const windowMs = rule.query.windowSeconds * 1_000;
  const backlog = Array.from({ length: 60 }, (_, index) => (60 - index) * minuteMs);

  const silent = new Followed(rule);
  for (const ago of backlog) silent.tell(bad, silent.now - windowMs - ago);
  silent.pass(3);
  expect(silent.state, 'a backlog alone').toBeUndefined();

  const well = new Followed(rule);
  well.pass(minutesToFire(rule), good);
  for (const ago of backlog) well.tell(bad, well.now - ago);
  for (const ago of backlog) well.tell(bad, well.now - 5 * 3_600_000 - ago);
  well.pass(1, good);
  expect(well.state, 'a bad backlog of what is well').toBe('normal');

  const ill = new Followed(rule);
  ill.pass(minutesToFire(rule), bad);
  expect(ill.state).toBe('firing');
  for (const ago of backlog) ill.tell(good, ill.now - ago);
  ill.pass(1, bad);
  expect(ill.state, 'a good backlog of what is ill').toBe('firing');
});
