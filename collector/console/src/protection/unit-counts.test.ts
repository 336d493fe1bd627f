import { expect, test } from 'vitest';
import type { CountsView } from '../../../src/http/protection-schemas.ts';
import { worstFirst } from './unit-counts.ts';

function unit(code: string, counts: Partial<CountsView>) {
  const none = {
    enrolled: 0,
    protected: 0,
    attention: 0,
    unprotected: 0,
    unknown: 0,
    missing: 0,
    not_updated_15_days: 0,
  };
  const total = { ...none, ...counts };
  return { unit: code, own: total, total };
}

test('the worst first: machines without an agent weigh as those that are not protected', () => {
  const units = [
    unit('GOOD', { enrolled: 4, protected: 4 }),
    unit('EMPTY', {}),
    unit('GAP', { declared: 10, enrolled: 2, protected: 2, missing: 8 }),
    unit('BAD', { enrolled: 3, unprotected: 3 }),
    unit('WORSE', { declared: 9, enrolled: 3, unprotected: 3, missing: 6 }),
    unit('HALF', { enrolled: 2, protected: 1, unknown: 1 }),
    unit('ALSO', { enrolled: 2, protected: 1, unknown: 1 }),
  ];
  const order = worstFirst(units, (code) => code).map((each) => each.unit);
  expect(order).toEqual(['WORSE', 'BAD', 'GAP', 'ALSO', 'HALF', 'GOOD']);
});
