import { expect, test } from 'vitest';
import { liveAgent } from '../connectivity/testing/live-agents.ts';
import type { LiveAgent } from '../live/live-state.ts';
import { isLineBack, ownLineCut } from './own-line.ts';

const now = 10_000_000;
const longAgo = { state: 'offline', ago: 999_000 } as const;

function silent(unit: string, { ago = 30_000, ...rest }: Partial<LiveAgent> & { ago?: number } = {}): LiveAgent {
  const lastSeen = now - ago;
  return liveAgent(`${unit}-${ago}`, { unit, state: 'late', lastSeen, ...rest });
}

function unknown(unit: string): LiveAgent {
  return silent(unit, { state: 'inconclusive' });
}

function heard(unit: string): LiveAgent {
  return liveAgent(`${unit}-heard`, { unit, state: 'online', lastSeen: now - 3_000 });
}

/** The data centre, with the collector's own machine. */
function beside(): LiveAgent[] {
  return [heard('TTDL'), liveAgent('own', { unit: 'TTDL', lastSeen: now, addresses: ['10.0.0.5'] })];
}

function cut(agents: readonly LiveAgent[], edges: readonly string[] = []) {
  const ownAddresses = () => new Set(['10.0.0.5', 'fd00::5']);
  return ownLineCut(agents, { now, edgeAnswers: (unit) => edges.includes(unit), ownAddresses });
}

test('all of few units silent within the same seconds is the own line, whoever is heard beside the collector', () => {
  const agents = [silent('A'), silent('A', { ago: 35_000 }), silent('B', { ago: 39_000 }), ...beside()];
  expect(cut(agents, ['TTDL'])).toEqual({ since: now - 50_000, units: ['A', 'B'], of: 2 });
});

test('most of many units are enough: others may come over another line', () => {
  const agents = ['A', 'B', 'C'].map((unit) => silent(unit));
  const others = [heard('D'), heard('E')];
  expect(cut([...agents, ...others], ['D', 'E'])).toEqual({ since: now - 50_000, units: ['A', 'B', 'C'], of: 5 });
});

test.each<[what: string, agents: readonly LiveAgent[], edges?: readonly string[]]>([
  ['one unit', [silent('A'), heard('TTDL')]],
  ['fewer than most', [silent('A'), silent('B'), heard('C'), heard('D'), heard('E')]],
  ['two of three units that share a carrier', [silent('A'), silent('B'), heard('C')]],
  ['three of four', [silent('A'), silent('B'), silent('C'), heard('D')]],
  ['all of few while the edge of one that is off answers', [silent('A'), silent('B'), silent('C', longAgo)], ['C']],
  ['one after the other', [silent('A'), silent('B', { ago: 90_000 })]],
  ['some machines of each', [silent('A'), heard('A'), silent('B'), heard('B')]],
  ['units that were silent before', [silent('A', { ago: 999_000 }), silent('B', { ago: 999_000 }), heard('C')]],
  ['machines that said goodbye', [silent('A', { departure: 'shutdown' }), silent('B', { departure: 'shutdown' })]],
  ['connections that were closed', [silent('A', { departure: 'closed' }), silent('B', { departure: 'closed' })]],
  ['sessions that the collector ended', [silent('A', { departure: 'dropped' }), silent('B', { departure: 'dropped' })]],
  ['units whose edge answers the collector', [silent('A'), silent('B')], ['B']],
  ['machines that a collector which has just started waits for', [unknown('A'), unknown('B')]],
  ['nobody', []],
])('%s is not', (_, agents, edges) => {
  expect(cut(agents, edges)).toBeUndefined();
});

test('it is back when most of many are heard again, or any of few', () => {
  const units = ['A', 'B', 'C'];
  const many = { since: 0, units, of: 5 };
  expect(isLineBack(many, [heard('A'), silent('B'), heard('TTDL')])).toBe(false);
  expect(isLineBack(many, [heard('A'), heard('B')])).toBe(true);
  const few = { since: 0, units, of: 3 };
  expect(isLineBack(few, [silent('A'), silent('B'), heard('TTDL')])).toBe(false);
  expect(isLineBack(few, [silent('A'), heard('B')])).toBe(true);
});
