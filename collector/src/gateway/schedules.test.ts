import { catalogue, Config as PushedConfig } from '@vonggac/shared';
import { expect, test } from 'vitest';
import { schedulesFor } from './schedules.ts';

const none = { server: {}, gateway: {}, pc: {} };
const everySecond = '* * * * * *';

test('only pcs measure more seldom than the catalogue says, and only what it knows', () => {
  const settings = { schedules: {}, schedules_by_class: none };
  expect(schedulesFor('server', settings)).toEqual({});
  expect(schedulesFor('gateway', settings)).toEqual({});
  expect(schedulesFor('pc', settings)).toMatchObject({ cpu: '0 * * * * *' });
  expect(PushedConfig.shape.schedules.safeParse(schedulesFor('pc', settings)).success).toBe(true);
  expect(Object.keys(catalogue)).toEqual(expect.arrayContaining(Object.keys(schedulesFor('pc', settings))));
});

test('a class goes before all, and all before the default of the class', () => {
  const settings = {
    schedules: { cpu: everySecond, memory: everySecond },
    schedules_by_class: { ...none, pc: { memory: '*/5 * * * * *' } },
  };
  expect(schedulesFor('pc', settings)).toMatchObject({
    cpu: everySecond,
    memory: '*/5 * * * * *',
    network: '0 * * * * *',
  });
  expect(schedulesFor('server', settings)).toEqual({ cpu: everySecond, memory: everySecond });
});
