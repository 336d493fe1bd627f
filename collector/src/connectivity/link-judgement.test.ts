import { expect, test } from 'vitest';
import { factsOf, judgeLink, type LinkEvidence, type LinkReading } from './link-judgement.ts';

const bounds = { degraded_loss_percent: 10, degraded_rtt_ms: 300 };
const good: LinkReading = { up: true, since: 1, error: undefined, rttMs: 20, lossPercent: 0 };
const bad: LinkReading = { up: false, since: 100, error: 'timeout', rttMs: undefined, lossPercent: 100 };
const gateway = (reading: LinkReading, changes: Partial<LinkReading> = {}) => ({
  ...reading,
  agent: 'a-gw',
  ...changes,
});

function judge(evidence: Partial<LinkEvidence>) {
  const nothing = { edge: undefined, gateway: undefined, agents: 2, heard: 2, lastHeard: 1, isActive: undefined };
  const { state, cause, since } = judgeLink({ ...nothing, heardThrough: 'yes', ...evidence }, bounds);
  return `${state} ${cause}${since === undefined ? '' : ` ${since}`}`;
}

const silent = { agents: 2, heard: 0, heardThrough: 'no' } as const;
const elsewhere = { heardThrough: 'no' } as const;

test.each<[string, Partial<LinkEvidence>, string]>([
  [
    'both ends say that it is dead',
    { edge: bad, gateway: gateway(bad, { since: 90 }), ...elsewhere },
    'down line-cut 90',
  ],
  ['only the gateway', { gateway: gateway(bad), ...elsewhere }, 'down next-hop-silent 100'],
  ['its interface', { gateway: gateway(bad, { error: 'unreachable' }), ...elsewhere }, 'down no-carrier 100'],
  ['the gateway cannot use what the collector reaches', { edge: good, gateway: gateway(bad) }, 'down inside-unit 100'],
  ['the edge and every machine silent', { edge: bad, ...silent }, 'down both-ends-silent 100'],
  ['the edge silent, machines heard over the other line', { edge: bad, ...elsewhere }, 'down edge-silent 100'],
  [
    'the edge silent, no machine there at all',
    { edge: bad, agents: 0, heard: 0, heardThrough: 'no' },
    'down edge-silent 100',
  ],
  ['the edge silent, machines heard over this line', { edge: bad }, 'up edge-mute'],
  [
    'the edge silent, machines heard over nobody knows what',
    { edge: bad, heardThrough: 'unknown' },
    'unknown unclear 100',
  ],
  [
    'the gateway reaches out, the collector not in',
    { edge: bad, gateway: gateway(good), ...elsewhere },
    'degraded one-way 100',
  ],
  ['all is well', { edge: good, gateway: gateway(good, { since: 7 }) }, 'up works 7'],
  ['only the edge answers', { edge: good, ...silent }, 'up works 1'],
  ['machines are heard', {}, 'up works'],
  ['much is lost at one end', { edge: good, gateway: gateway(good, { lossPercent: 10 }) }, 'degraded loss'],
  ['it is slow', { edge: { ...good, rttMs: 301 } }, 'degraded latency'],
  // Machines that are switched off look the same.
  ['nobody is heard and nobody checks', silent, 'unknown agents-silent'],
  ['nobody is there', { agents: 0, heard: 0, heardThrough: 'no' }, 'unknown no-evidence'],
  ['machines are heard, but over another line', elsewhere, 'unknown no-evidence'],
])('%s', (_, evidence, expected) => {
  expect(judge(evidence)).toBe(expected);
});

/** Of a next hop that never answered a ping: nothing but a MAC address is known of it. */
const byArp: LinkReading = { ...good, rttMs: undefined, lossPercent: undefined };
const unreachable: LinkReading = { ...bad, error: 'unreachable' };
const gateways = { none: undefined, answers: good, 'ARP only': byArp, silent: bad, 'no carrier': unreachable };

/** What is heard: over this line, over another, over nobody knows which, and nothing, of machines or of no machine. */
const hearings = {
  yes: { agents: 2, heard: 2, heardThrough: 'yes' },
  no: { agents: 2, heard: 2, heardThrough: 'no' },
  unknown: { agents: 2, heard: 2, heardThrough: 'unknown' },
  nobody: { agents: 2, heard: 0, heardThrough: 'no' },
  'no machine': { agents: 0, heard: 0, heardThrough: 'no' },
} as const satisfies Record<string, Partial<LinkEvidence>>;

// A gateway that is not heard says nothing, so the last two columns are only there without one.
test.each`
  edge           | told            | yes                       | no                        | unknown                   | nobody                     | none
  ${'unchecked'} | ${'none'}       | ${'up works'}             | ${'unknown no-evidence'}  | ${'unknown no-evidence'}  | ${'unknown agents-silent'} | ${'unknown no-evidence'}
  ${'unchecked'} | ${'answers'}    | ${'up works'}             | ${'up works'}             | ${'up works'}             | ${''}                      | ${''}
  ${'unchecked'} | ${'ARP only'}   | ${'up works'}             | ${'up works'}             | ${'up works'}             | ${''}                      | ${''}
  ${'unchecked'} | ${'silent'}     | ${'down next-hop-silent'} | ${'down next-hop-silent'} | ${'down next-hop-silent'} | ${''}                      | ${''}
  ${'unchecked'} | ${'no carrier'} | ${'down no-carrier'}      | ${'down no-carrier'}      | ${'down no-carrier'}      | ${''}                      | ${''}
  ${'answers'}   | ${'none'}       | ${'up works'}             | ${'up works'}             | ${'up works'}             | ${'up works'}              | ${'up works'}
  ${'answers'}   | ${'answers'}    | ${'up works'}             | ${'up works'}             | ${'up works'}             | ${''}                      | ${''}
  ${'answers'}   | ${'ARP only'}   | ${'up works'}             | ${'up works'}             | ${'up works'}             | ${''}                      | ${''}
  ${'answers'}   | ${'silent'}     | ${'down inside-unit'}     | ${'down inside-unit'}     | ${'down inside-unit'}     | ${''}                      | ${''}
  ${'answers'}   | ${'no carrier'} | ${'down inside-unit'}     | ${'down inside-unit'}     | ${'down inside-unit'}     | ${''}                      | ${''}
  ${'silent'}    | ${'none'}       | ${'up edge-mute'}         | ${'down edge-silent'}     | ${'unknown unclear'}      | ${'down both-ends-silent'} | ${'down edge-silent'}
  ${'silent'}    | ${'answers'}    | ${'up edge-mute'}         | ${'degraded one-way'}     | ${'degraded one-way'}     | ${''}                      | ${''}
  ${'silent'}    | ${'ARP only'}   | ${'up edge-mute'}         | ${'down edge-silent'}     | ${'unknown unclear'}      | ${''}                      | ${''}
  ${'silent'}    | ${'silent'}     | ${'down line-cut'}        | ${'down line-cut'}        | ${'down line-cut'}        | ${''}                      | ${''}
  ${'silent'}    | ${'no carrier'} | ${'down line-cut'}        | ${'down line-cut'}        | ${'down line-cut'}        | ${''}                      | ${''}
`('edge $edge, gateway $told', ({ edge, told, none, ...expected }) => {
  const edges = { unchecked: undefined, answers: good, silent: bad };
  const said = gateways[told as keyof typeof gateways];
  const seen: Record<string, string> = {};
  for (const [name, heard] of Object.entries(hearings)) {
    const isPossible = said === undefined || heard.heard > 0;
    const evidence = { edge: edges[edge as keyof typeof edges], gateway: said && gateway(said), ...heard };
    seen[name] = isPossible ? judge(evidence).split(' ').slice(0, 2).join(' ') : '';
  }
  expect(seen).toEqual({ ...expected, 'no machine': none });
});

test('facts name each end', () => {
  const evidence = { edge: bad, gateway: gateway(good), agents: 2, heard: 1, lastHeard: 5_000 } as const;
  expect(factsOf({ ...evidence, heardThrough: 'yes', isActive: true })).toEqual({
    edge: 'silent, since 1970-01-01T00:00:00.100Z, timeout, 100 % lost',
    gateway: 'answers, since 1970-01-01T00:00:00.001Z, 20 ms, 0 % lost (a-gw)',
    agents_heard: '1 of 2',
    last_heard: '1970-01-01T00:00:05.000Z',
  });
});
