import { expect, test } from 'vitest';
import { liveAgent } from '../connectivity/testing/live-agents.ts';
import type { LiveAgent } from '../live/live-state.ts';
import { isLineBack, ownLineCut } from './own-line.ts';

const now = 10_000_000;

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

function cut(agents: readonly LiveAgent[], edges: readonly string[] = []) {
  return ownLineCut(agents, { now, edgeAnswers: (unit) => edges.includes(unit) });
}

test('most units silent within the same seconds is the own line', () => {
  const agents = [silent('A'), silent('A', { ago: 35_000 }), silent('B', { ago: 39_000 }), heard('TTDL')];
  expect(cut(agents)).toEqual({ since: now - 50_000, units: ['A', 'B'], of: 3 });
});

test.each<[what: string, agents: readonly LiveAgent[], edges?: readonly string[]]>([
  ['one unit', [silent('A'), heard('TTDL')]],
  ['fewer than most', [silent('A'), silent('B'), heard('C'), heard('D')]],
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

test('it is back when most of them are heard again', () => {
  const units = ['A', 'B', 'C'];
  expect(isLineBack({ units }, [heard('A'), silent('B'), heard('TTDL')])).toBe(false);
  expect(isLineBack({ units }, [heard('A'), heard('B')])).toBe(true);
});
