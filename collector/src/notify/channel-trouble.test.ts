import { expect, test } from 'vitest';
import { MemoryIncidents } from '../outages/testing/small-province.ts';
import { ChannelTrouble } from './channel-trouble.ts';

const minute = 60_000;

test('a channel that fails for ten minutes is an incident until something goes through, over a restart too', () => {
  const incidents = new MemoryIncidents();
  const create = (channels = ['thu', 'may']) => {
    const trouble = new ChannelTrouble({ incidents, channels });
    trouble.takeUp(0);
    return trouble;
  };
  const open = () => incidents.open().map(({ subject, evidence }) => [subject, evidence[0]?.facts.problem]);
  const failing = { failingSince: 0, lastError: '535 wrong password', hasSent: false };
  const well = { failingSince: undefined, lastError: undefined, hasSent: true };
  const first = create();
  first.tick(new Map([['thu', failing]]), 10 * minute - 1);
  expect(open()).toEqual([]);
  first.tick(new Map([['thu', failing]]), 10 * minute);
  first.tick(new Map([['thu', failing]]), 20 * minute);
  expect(open()).toEqual([['notify/thu', '535 wrong password']]);

  const second = create();
  second.tick(new Map([['thu', { ...well, hasSent: false }]]), 21 * minute);
  expect(open()).toHaveLength(1);
  second.tick(new Map([['thu', well]]), 22 * minute);
  expect(open()).toEqual([]);

  second.tick(new Map([['thu', failing]]), 40 * minute);
  expect(open()).toHaveLength(1);
  create(['may']);
  expect(open()).toEqual([]);
});
