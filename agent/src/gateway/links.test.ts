import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { NetworkInterfaceInfo } from 'node:os';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CheckError, ConnectivitySettings, Point } from '@vonggac/shared';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { CheckResult } from '../probes/connectivity/check-run.ts';
import type { Target } from '../probes/connectivity/target.ts';
import type { DefaultRoute } from '../system/default-routes-linux.ts';
import { Links } from './links.ts';

function four(cidr: string): NetworkInterfaceInfo[] {
  const address = cidr.split('/')[0] ?? '';
  return [{ family: 'IPv4', address, cidr, netmask: '', mac: '00:16:3e:00:00:01', internal: false }];
}

const inet: DefaultRoute = { interface: 'inet', family: 4, nextHop: '198.51.100.5', metric: 100 };
const tslcd: DefaultRoute = { interface: 'tslcd', family: 4, nextHop: '10.255.1.1', metric: 200 };
const good = { up: true, error: undefined, problem: undefined, rtts: [2, 4, 3], details: {} };
const answered: CheckResult = { ...good, packets: { sent: 3, lost: 0 } };

function failed(error: CheckError): CheckResult {
  return { up: false, error, problem: undefined, rtts: [], packets: { sent: 3, lost: 3 }, details: {} };
}

/** A gateway with two lines; everything that the outside does is set by the test. */
class World {
  routes: DefaultRoute[] = [inet, tslcd];
  interfaces: Record<string, NetworkInterfaceInfo[]> = {
    inet: four('198.51.100.6/30'),
    tslcd: four('10.255.1.2/30'),
  };
  settings: ConnectivitySettings | undefined;
  answers: Record<string, CheckResult> = {};
  sessionAddress: string | undefined;
  readonly checked: Target[] = [];
  readonly said: string[] = [];
  readonly links: Links;
  samples = 0;
  sampleFails = false;
  #nowMs = 0;
  #events: Point[] = [];
  #time = new Date(2026, 10, 23, 1, 0, 0).getTime();

  constructor(root: string) {
    const say = (message: string) => void this.said.push(message);
    this.links = new Links({
      outside: { monotonic: () => this.#nowMs } as never,
      routes: { read: () => this.routes },
      interfaces: () => this.interfaces,
      settings: () => this.settings,
      sessionAddress: () => this.sessionAddress,
      onEvents: (points) => void this.#events.push(...points),
      logger: { debug: say, info: say, warn: say, error: say },
      root,
      minute: 7,
      check: async (target) => {
        this.checked.push(target);
        return this.answers[target.address.host] ?? answered;
      },
      sample: async () => {
        this.samples += 1;
        if (this.sampleFails) throw new Error('404');
        return 1_250_000;
      },
    });
  }

  /** Lets 15 s pass and measures. */
  async next(): Promise<{ points: Point[]; events: Point[]; incomplete?: string }> {
    this.#nowMs += 15_000;
    this.#time += 15_000;
    this.#events = [];
    const context = { time: this.#time, monotonicMs: () => this.#nowMs };
    const result = await this.links.probe.collect(context, new AbortController().signal);
    if (result.status !== 'measured') throw new Error(result.reason);
    const { incomplete } = result;
    return { points: [...result.points], events: this.#events, ...(incomplete !== undefined && { incomplete }) };
  }

  async pass(minutes: number): Promise<Point[]> {
    const points: Point[] = [];
    for (let index = 0; index < minutes * 4; index += 1) points.push(...(await this.next()).points);
    return points;
  }
}

let root: string;
let world: World;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'vonggac-links-'));
  mkdirSync(join(root, 'proc/net'), { recursive: true });
  arp('');
  world = new World(root);
});
afterEach(() => {
  rmSync(root, { recursive: true });
});

function arp(lines: string): void {
  writeFileSync(join(root, 'proc/net/arp'), `IP address HW type Flags HW address Mask Device\n${lines}`);
}

test('a line of a record that names no interface is never judged by that of another', async () => {
  // The record has the TSLCD line first, the machine takes the Internet first.
  world.settings = { targets: [], links: [{ id: 'tslcd-1', edge: '10.255.1.2' }, { id: 'inet-1' }] };
  const seen = async () =>
    (await world.next()).events.map(({ tags, fields }) => `${tags.link} on ${fields.interface} ${fields.up}`);
  expect(await seen()).toEqual(['tslcd-1 on tslcd true', 'inet-1 on inet true']);
  world.answers['10.255.1.1'] = failed('timeout');
  expect(await seen()).toEqual(['tslcd-1 on tslcd false']);
  world.routes = [inet];
  expect(await seen()).toEqual([]);
  world.interfaces = { inet: four('198.51.100.6/30') };
  expect(await seen()).toEqual(['tslcd-1 on tslcd false']);
});

test('where nobody can know which line is which, each is told under the name of its interface', async () => {
  world.settings = { targets: [], links: [{ id: 'tslcd-1' }, { id: 'inet-1' }] };
  world.answers['10.255.1.1'] = failed('timeout');
  const { events } = await world.next();
  expect(events.map(({ tags, fields }) => [tags.link, fields.up])).toEqual([
    ['inet', true],
    ['tslcd', false],
  ]);
});

describe('points', () => {
  test('the first at once, then one a minute of each line', async () => {
    const { events } = await world.next();
    expect(events.map(({ tags, fields }) => [tags.link, fields])).toEqual([
      ['inet', expect.objectContaining({ up: true, active: true, local_address: '198.51.100.6' })],
      [
        'tslcd',
        {
          up: true,
          active: false,
          rtt_ms: 3,
          jitter_ms: 1.5,
          loss_percent: 0,
          failovers: 0,
          interface: 'tslcd',
          next_hop: '10.255.1.1',
          local_address: '10.255.1.2',
        },
      ],
    ]);
    const points = await world.pass(10);
    expect(points.filter(({ tags }) => tags.link === 'inet')).toHaveLength(10);
  });

  test('a line that is cut makes one at once, and so does its return', async () => {
    await world.next();
    world.answers['10.255.1.1'] = failed('timeout');
    const { events } = await world.next();
    expect(events.map(({ tags }) => tags.link)).toEqual(['tslcd']);
    expect(events[0]?.fields).toMatchObject({ up: false, error: 'timeout', loss_percent: 100 });
    expect(events[0]?.fields.rtt_ms).toBeUndefined();
    expect((await world.next()).events).toEqual([]);
    world.answers = {};
    expect((await world.next()).events[0]?.fields).toMatchObject({ up: true, loss_percent: 0 });
  });

  test('half of the packets lost is not down', async () => {
    await world.next();
    world.answers['10.255.1.1'] = { ...answered, rtts: [5], packets: { sent: 2, lost: 1 } };
    const [first] = (await world.pass(1)).filter(({ tags }) => tags.link === 'tslcd');
    expect(first?.fields).toMatchObject({ up: true, loss_percent: 50 });
  });

  test('without ping nothing is known, which is neither up nor down', async () => {
    const unsupported = { ...failed('unsupported'), up: undefined, problem: 'there is no ping' };
    world.answers = { '10.255.1.1': unsupported, '198.51.100.5': unsupported };
    const { events, incomplete } = await world.next();
    expect(events[0]?.fields).toMatchObject({ error: 'unsupported', active: true });
    expect(events[0]?.fields.up).toBeUndefined();
    expect(incomplete).toContain('there is no ping');
  });
});

describe('the line in use', () => {
  test('a route that is taken away is a fail-over, and again when it comes back', async () => {
    await world.next();
    world.routes = [tslcd];
    const { events } = await world.next();
    expect(events.map(({ tags, fields }) => [tags.link, fields.active, fields.failovers])).toEqual([
      ['inet', false, 1],
      ['tslcd', true, 1],
    ]);
    world.routes = [inet, tslcd];
    expect((await world.next()).events.map(({ fields }) => fields.failovers)).toEqual([2, 2]);
    expect(world.said.filter((line) => line.startsWith('another line'))).toHaveLength(2);
  });

  test('no route for a while, then the same line, is no fail-over', async () => {
    await world.next();
    world.routes = [];
    expect((await world.next()).events.map(({ fields }) => [fields.active, fields.failovers])).toEqual([[false, 0]]);
    world.routes = [inet, tslcd];
    expect((await world.next()).events.map(({ fields }) => [fields.active, fields.failovers])).toEqual([[true, 0]]);
  });

  test('that of the session may be another one, and its change is told at once', async () => {
    const sessions = (points: readonly Point[]) => points.map(({ tags, fields }) => [tags.link, fields.session]);
    world.sessionAddress = '10.255.1.2';
    expect(sessions((await world.next()).events)).toEqual([
      ['inet', false],
      ['tslcd', true],
    ]);
    world.sessionAddress = '198.51.100.6';
    expect(sessions((await world.next()).events)).toEqual([
      ['inet', true],
      ['tslcd', false],
    ]);
    world.sessionAddress = undefined;
    expect((await world.next()).events).toEqual([]);
    // By a relay on the LAN, which says nothing of the lines.
    world.sessionAddress = '10.1.1.1';
    expect(sessions((await world.next()).events)).toEqual([
      ['inet', undefined],
      ['tslcd', undefined],
    ]);
  });

  test('another address of its own is told at once', async () => {
    await world.next();
    world.interfaces = { ...world.interfaces, inet: four('198.51.100.10/30') };
    const { events } = await world.next();
    expect(events.map(({ tags, fields }) => [tags.link, fields.local_address])).toEqual([['inet', '198.51.100.10']]);
  });

  test('a lost carrier is down at once, without a ping', async () => {
    await world.next();
    world.interfaces = { tslcd: four('10.255.1.2/30') };
    const checked = world.checked.length;
    const { events } = await world.next();
    expect(events.map(({ tags, fields }) => [tags.link, fields.up, fields.active, fields.error])).toEqual([
      ['inet', false, false, 'unreachable'],
      ['tslcd', true, true, undefined],
    ]);
    expect(world.checked.slice(checked).map(({ id }) => id)).toEqual(['tslcd']);
  });
});

describe('what is checked', () => {
  test('the next hop over its own interface, or what the settings name', async () => {
    world.settings = {
      targets: [],
      links: [
        { id: 'internet', interface: 'inet', check: 'icmp://192.0.2.80' },
        { id: 'tslcd', interface: 'tslcd' },
      ],
    };
    const { events } = await world.next();
    expect(world.checked).toMatchObject([
      { address: { kind: 'icmp', host: '192.0.2.80' }, interface: 'inet', anyAddress: false },
      { address: { kind: 'icmp', host: '10.255.1.1' }, interface: 'tslcd', anyAddress: true },
    ]);
    expect(events.map(({ tags }) => tags.link)).toEqual(['internet', 'tslcd']);
  });

  test('a router that never answers ping is up as long as it answers ARP', async () => {
    world.answers['10.255.1.1'] = failed('timeout');
    arp('10.255.1.1 0x1 0x2 00:16:3e:00:00:99 * tslcd\n');
    const [, tslcdPoint] = (await world.next()).events;
    expect(tslcdPoint?.fields).toMatchObject({ up: true });
    expect(tslcdPoint?.fields.loss_percent).toBeUndefined();
    arp('10.255.1.1 0x1 0x0 00:00:00:00:00:00 * tslcd\n');
    expect((await world.next()).events[0]?.fields).toMatchObject({ up: false, error: 'timeout' });
  });

  test('one that has answered ping before is down without it', async () => {
    arp('10.255.1.1 0x1 0x2 00:16:3e:00:00:99 * tslcd\n');
    await world.next();
    world.answers['10.255.1.1'] = failed('timeout');
    expect((await world.next()).events[0]?.fields).toMatchObject({ up: false });
  });

  test('a line with but one other end is up with its interface', async () => {
    world.routes = [{ interface: 'ppp0', family: 4, nextHop: undefined, metric: 0 }];
    world.interfaces = { ppp0: four('100.64.1.2/32') };
    const { events } = await world.next();
    expect(events[0]?.fields).toEqual({
      up: true,
      active: true,
      failovers: 0,
      interface: 'ppp0',
      local_address: '100.64.1.2',
    });
  });

  test('no lines at all', async () => {
    world.routes = [];
    expect(await world.next()).toEqual({ points: [], events: [] });
  });
});

describe('throughput', () => {
  const throughput = { url: 'http://192.0.2.80/file', max_bytes: 1_000_000, hour: 2 };

  function settings(): ConnectivitySettings {
    const both = [inet, tslcd].map(({ interface: on }) => ({ id: on, interface: on, throughput }));
    return { targets: [], links: both };
  }

  test('is sampled once in its hour, in the minute of this machine, over the line in use', async () => {
    world.settings = settings();
    const points = await world.pass(24 * 60);
    expect(world.samples).toBe(1);
    const sampled = points.filter(({ fields }) => fields.throughput_bytes_per_second !== undefined);
    expect(sampled.map(({ tags, fields }) => [tags.link, fields.throughput_bytes_per_second])).toEqual([
      ['inet', 1_250_000],
    ]);
    await world.pass(24 * 60);
    expect(world.samples).toBe(2);
  });

  test('is off without settings', async () => {
    await world.pass(180);
    expect(world.samples).toBe(0);
  });

  test('that fails is said, not measured', async () => {
    world.settings = settings();
    world.sampleFails = true;
    const points = await world.pass(180);
    expect(points.some(({ fields }) => 'throughput_bytes_per_second' in fields)).toBe(false);
    expect(world.said).toContain('no sample of throughput');
  });
});
