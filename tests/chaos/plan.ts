/**
 * What goes wrong, when and where: made of the seed alone, before anything runs. Several lanes go on at the same time,
 * each with things of its own that it breaks and mends, one after the other.
 */
import { Random } from '../fuzz/random.ts';
import type { Weather } from './faulty-line.ts';
import type { Mood } from './faulty-store.ts';

/** What an agent is there for besides: a queue that soon is full, a disk that is, a clock that jumps. */
export type Role = 'plain' | 'small-spool' | 'small-disk' | 'odd-clock';

export type Fault =
  | { readonly kind: 'kill' | 'hang'; readonly what: 'agent'; readonly agents: readonly number[] }
  | { readonly kind: 'kill' | 'hang'; readonly what: 'collector' | 'influxd' }
  | { readonly kind: 'line'; readonly agents: readonly number[]; readonly weather: Exclude<Weather, 'good'> }
  | { readonly kind: 'store'; readonly mood: Exclude<Mood, 'good'> }
  | { readonly kind: 'disk-full'; readonly agents: readonly number[] }
  | { readonly kind: 'clock'; readonly agents: readonly number[]; readonly bySeconds: number }
  | { readonly kind: 'certificate-expired' };

export interface Step {
  readonly fault: Fault;
  /** After the step before. */
  readonly afterMs: number;
  /** How long it lasts. */
  readonly holdMs: number;
}

export interface Lane {
  readonly name: string;
  readonly steps: readonly Step[];
}

interface Circumstances {
  readonly seed: string;
  readonly lengthMs: number;
  readonly roles: readonly Role[];
  readonly hasInfluxd: boolean;
}

/** Seconds, from and below. */
type Range = readonly [from: number, below: number];

interface Card {
  readonly draw: (random: Random) => Fault;
  /** How long it lasts, if not as long as others of the lane. */
  readonly hold?: Range;
}

interface LaneDefinition {
  readonly name: string;
  readonly needs?: Role | 'influxd';
  readonly gap: Range;
  readonly hold: Range;
  /** Each comes once before any comes again. */
  readonly deck: readonly Card[];
}

/** An hour and a day, and so many milliseconds that no two readings fall on the same one. */
const jumps = [3_600.137, -3_600.137, 86_400.137, -86_400.137] as const;
/** Some are longer than either side waits for a sign of life. */
const hangs: Range = [2, 30];
/** Shares of the lines that fail together: one machine, a unit, the whole province. */
const partitions = ['one', 'one', 'half', 'all'] as const;

export function planLanes(circumstances: Circumstances): Lane[] {
  const { seed, lengthMs } = circumstances;
  return definitions(circumstances).map((definition) => {
    const random = new Random(`${seed} ${definition.name}`);
    return { name: definition.name, steps: deal(definition, { random, lengthMs }) };
  });
}

function definitions({ roles, hasInfluxd }: Circumstances): LaneDefinition[] {
  const all = roles.map((_, index) => index);
  const having = (role: Role) => all.filter((index) => roles[index] === role);
  const mortal = all.filter((index) => roles[index] !== 'small-disk');
  const lined = mortal.filter((index) => roles[index] !== 'small-spool');
  const middle = Math.ceil(mortal.length / 2);
  const lanes: LaneDefinition[] = [
    agentLane('agents, first half', mortal.slice(0, middle)),
    agentLane('agents, second half', mortal.slice(middle)),
    {
      name: 'lines',
      gap: [2, 8],
      hold: [4, 20],
      deck: (['cut', 'lossy', 'one-way', 'silent', 'slow'] as const).map((weather) => ({
        draw: (random) => ({ kind: 'line', agents: someOf(lined, random), weather }),
      })),
    },
    {
      name: 'collector',
      gap: [8, 24],
      hold: [1, 14],
      deck: [
        { draw: () => ({ kind: 'kill', what: 'collector' }) },
        { draw: () => ({ kind: 'hang', what: 'collector' }), hold: hangs },
        { draw: () => ({ kind: 'certificate-expired' }), hold: [0, 1] },
      ],
    },
    {
      name: 'long outage',
      needs: 'small-spool',
      gap: [20, 50],
      hold: [35, 50],
      deck: (['silent', 'cut'] as const).map((weather) => ({
        draw: () => ({ kind: 'line', agents: having('small-spool'), weather }),
      })),
    },
    {
      name: 'clock',
      needs: 'odd-clock',
      gap: [3, 8],
      hold: [10, 20],
      deck: jumps.map((bySeconds) => ({ draw: () => ({ kind: 'clock', agents: having('odd-clock'), bySeconds }) })),
    },
    {
      name: 'disk',
      needs: 'small-disk',
      gap: [6, 12],
      hold: [6, 14],
      deck: [
        { draw: () => ({ kind: 'disk-full', agents: having('small-disk') }) },
        { draw: () => ({ kind: 'kill', what: 'agent', agents: having('small-disk') }) },
      ],
    },
    {
      name: 'influxd',
      needs: 'influxd',
      gap: [12, 30],
      hold: [1, 10],
      deck: [{ draw: () => ({ kind: 'kill', what: 'influxd' }) }, { draw: () => ({ kind: 'hang', what: 'influxd' }) }],
    },
    {
      name: 'answers of the store',
      needs: 'influxd',
      gap: [3, 8],
      hold: [3, 8],
      deck: (['busy', 'error', 'forgetful', 'half', 'picky', 'silent'] as const).map((mood) => ({
        draw: () => ({ kind: 'store', mood }),
      })),
    },
  ];
  return lanes.filter(({ needs }) => {
    if (needs === undefined) return true;
    return needs === 'influxd' ? hasInfluxd : roles.includes(needs);
  });
}

function agentLane(name: string, agents: readonly number[]): LaneDefinition {
  const one = (random: Random) => [agents[random.below(agents.length)] ?? 0];
  const kill: Card = { draw: (random) => ({ kind: 'kill', what: 'agent', agents: one(random) }) };
  const hang: Card = { draw: (random) => ({ kind: 'hang', what: 'agent', agents: one(random) }), hold: hangs };
  return { name, gap: [2, 8], hold: [1, 8], deck: [kill, kill, hang] };
}

function someOf(agents: readonly number[], random: Random): readonly number[] {
  const share = random.pick(partitions);
  if (share === 'all') return agents;
  if (share === 'one') return [agents[random.below(agents.length)] ?? 0];
  const rest = random.below(2);
  return agents.filter((_, index) => index % 2 === rest);
}

/** Steps until the time is over; the last ends before. */
function deal(lane: LaneDefinition, { random, lengthMs }: { random: Random; lengthMs: number }): Step[] {
  const steps: Step[] = [];
  let deck: Card[] = [];
  for (let at = 0; ; ) {
    if (deck.length === 0) deck = [...lane.deck];
    const [card] = deck.splice(random.below(deck.length), 1);
    if (!card) return steps;
    const step = {
      fault: card.draw(random),
      afterMs: within(lane.gap, random),
      holdMs: within(card.hold ?? lane.hold, random),
    };
    at += step.afterMs + step.holdMs;
    if (at > lengthMs) return steps;
    steps.push(step);
  }
}

function within([from, below]: Range, random: Random): number {
  return 1_000 * from + random.below(1_000 * (below - from));
}

export function describeFault(fault: Fault): string {
  const whose = 'agents' in fault ? ` of agent ${fault.agents.join(', ')}` : '';
  switch (fault.kind) {
    case 'kill':
    case 'hang':
      return `${fault.kind}: ${fault.what}${whose.replace(' of agent', '')}`;
    case 'line':
      return `line${whose}: ${fault.weather}`;
    case 'store':
      return `store: ${fault.mood}`;
    case 'clock':
      return `clock${whose}: ${fault.bySeconds} s`;
    case 'disk-full':
      return `disk${whose}: full`;
    case 'certificate-expired':
      return 'certificate of the collector: expired';
  }
}
