import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type NetworkInterfaceInfo, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ConnectivitySettings, Point } from '@vonggac/shared';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { CommandError } from '../system/run-command.ts';
import { Census } from './census.ts';
import { DeviceFile } from './device-file.ts';

function on(cidr: string): NetworkInterfaceInfo {
  const address = cidr.split('/')[0] ?? '';
  const family = address.includes(':') ? 'IPv6' : 'IPv4';
  return { family, address, cidr, netmask: '', mac: '00:16:3e:00:00:fe', internal: false, scopeid: 0 } as never;
}

/** A LAN of devices that answer ARP once they are asked, as the kernel of a gateway sees it. */
class Lan {
  readonly root: string;
  interfaces: Record<string, NetworkInterfaceInfo[]> = { lan: [on('192.168.1.1/24'), on('2001:db8::1/64')] };
  settings: ConnectivitySettings | undefined;
  /** MAC by address of what is switched on. */
  devices: Record<string, string> = {};
  neighbours = '';
  ipProgram: 'there' | 'missing' | 'hanging' = 'there';
  touched: string[] = [];
  events: Point[] = [];
  readonly said: string[] = [];
  census: Census;
  readonly #table = new Map<string, string>();
  #nowMs = 0;
  #time = 1_800_000_000_000;

  constructor(root: string) {
    this.root = root;
    mkdirSync(join(root, 'proc/net'), { recursive: true });
    this.census = this.start();
  }

  /** A new process on the same machine. */
  start(): Census {
    const say = (message: string) => void this.said.push(message);
    const logger = { debug: say, info: say, warn: say, error: say };
    this.census = new Census({
      file: new DeviceFile(this.root, logger),
      outlook: () => ({ outward: new Set(['wan']), isRouter: true }),
      interfaces: () => this.interfaces,
      runCommand: async (command) => {
        if (this.ipProgram === 'there') return { exitCode: 0, stdout: this.neighbours, stderr: '' };
        const failure = this.ipProgram === 'missing' ? 'not-found' : 'timeout';
        throw new CommandError(`${command} ${failure}`, { failure });
      },
      touch: (address) => {
        this.touched.push(address);
        const mac = this.devices[address];
        if (mac === undefined) this.#table.delete(address);
        else this.#table.set(address, mac);
      },
      settings: () => this.settings,
      onEvents: (points) => void this.events.push(...points),
      logger,
      monotonic: () => this.#nowMs,
      random: () => 0.5,
      root: this.root,
    });
    return this.census;
  }

  async minute(): Promise<{ points: Point[]; incomplete?: string }> {
    const lines = [...this.#table].map(([address, mac]) => `${address} 0x1 0x2 ${mac} * lan`);
    writeFileSync(join(this.root, 'proc/net/arp'), `header\n${lines.join('\n')}\n`);
    this.events = [];
    const context = { time: this.#time, monotonicMs: () => this.#nowMs };
    const result = await this.census.probe.collect(context, new AbortController().signal);
    for (let passed = 0; passed < 60_000; passed += 250) {
      this.#nowMs += 250;
      vi.advanceTimersByTime(250);
    }
    this.#time += 60_000;
    if (result.status !== 'measured') throw new Error(result.reason);
    return { points: [...result.points], ...(result.incomplete !== undefined && { incomplete: result.incomplete }) };
  }

  async minutes(count: number): Promise<{ points: Point[]; events: Point[] }> {
    const all = { points: [] as Point[], events: [] as Point[] };
    for (let index = 0; index < count; index += 1) {
      all.points.push(...(await this.minute()).points);
      all.events.push(...this.events);
    }
    return all;
  }
}

let lan: Lan;
let root: string;

beforeEach(() => {
  vi.useFakeTimers();
  root = mkdtempSync(join(tmpdir(), 'vonggac-census-'));
  lan = new Lan(root);
});
afterEach(() => {
  lan.census.stop();
  vi.useRealTimers();
  rmSync(root, { recursive: true });
});

function office(): Record<string, string> {
  return Object.fromEntries(
    Array.from({ length: 40 }, (_, index) => [`192.168.1.${index + 10}`, `00:16:3e:00:01:${10 + index}`]),
  );
}

const newcomer = { '192.168.1.200': '00:16:3e:00:02:00' };

describe('a day on the LAN', () => {
  test('everybody who was there is told of without an event; a newcomer is one', async () => {
    lan.devices = office();
    const first = await lan.minutes(10);
    expect(first.events).toEqual([]);
    const devices = first.points.filter(({ measurement }) => measurement === 'lan_device');
    expect(new Set(devices.map(({ tags }) => tags.mac)).size).toBe(40);
    expect(new Set(devices.map(({ fields }) => fields.first_seen_seconds))).toEqual(new Set([1_800_000_000]));
    lan.devices = { ...lan.devices, ...newcomer };
    const { events } = await lan.minutes(60);
    expect(events.map(({ tags, fields }) => [tags.mac, fields.address, fields.network, fields.present])).toEqual([
      ['00:16:3e:00:02:00', '192.168.1.200', '192.168.1.0/24', true],
    ]);
    expect(events[0]?.fields.first_seen_seconds).toBeGreaterThan(1_800_003_000);
  });

  test('reports each network every five minutes, with what the sweep cost', async () => {
    lan.devices = office();
    const { points } = await lan.minutes(60);
    const reports = points.filter(({ measurement }) => measurement === 'lan_census');
    expect(reports).toHaveLength(12);
    expect(reports.every(({ tags }) => tags.network === '192.168.1.0/24')).toBe(true);
    expect(reports.at(-1)?.fields).toMatchObject({ present_devices: 40, known_devices: 40, new_devices: 0 });
    const sum = (field: string) => reports.reduce((total, { fields }) => total + Number(fields[field]), 0);
    expect(sum('swept_addresses')).toBe(253);
    expect(sum('sent_bytes')).toBe(213 * 180 + 40 * 250);
    expect(lan.touched).not.toContain('192.168.1.1');
  });

  test('who has gone is absent after a sweep without an answer', async () => {
    lan.devices = office();
    await lan.minutes(10);
    lan.devices = { '192.168.1.10': '00:16:3e:00:01:10' };
    const { events } = await lan.minutes(120);
    expect(events.filter(({ fields }) => fields.present === false)).toHaveLength(39);
    expect(events.some(({ tags }) => tags.mac === '00:16:3e:00:01:10')).toBe(false);
  });

  test('nothing is new or gone after a restart', async () => {
    lan.devices = office();
    await lan.minutes(10);
    lan.census.stop();
    lan.touched = [];
    lan.start();
    const { events } = await lan.minutes(30);
    expect(events).toEqual([]);
    // The hour since the last sweep is not over.
    expect(lan.touched).toEqual([]);
    lan.devices = { ...lan.devices, ...newcomer };
    expect((await lan.minutes(40)).events).toHaveLength(1);
  });

  test('a first sweep that was cut off is made anew, and nobody is new in it', async () => {
    lan.devices = office();
    await lan.minute();
    lan.census.stop();
    lan.start();
    expect((await lan.minutes(20)).events).toEqual([]);
  });
});

describe('the sweep', () => {
  test('is switched off by the settings', async () => {
    lan.settings = { targets: [], sweep_minutes: 0 };
    lan.devices = office();
    await lan.minutes(120);
    expect(lan.touched).toEqual([]);
    expect(lan.said).toContain('a network is not swept');
  });

  test('leaves large networks alone, which is said once', async () => {
    lan.interfaces = { lan: [on('10.0.0.1/16')] };
    await lan.minutes(10);
    expect(lan.touched).toEqual([]);
    expect(lan.said).toEqual(['a network is not swept']);
  });

  test("does not know the carrier's side", async () => {
    lan.interfaces = { lan: [on('10.0.0.1/30')], wan: [on('10.255.1.2/24')] };
    lan.neighbours = '10.255.1.1 dev wan lladdr 00:16:3e:00:00:77 REACHABLE\n';
    const { points } = await lan.minutes(10);
    expect(lan.touched).toEqual(['10.0.0.2']);
    expect(new Set(points.map(({ tags }) => tags.network))).toEqual(new Set(['10.0.0.0/30']));
  });
});

describe('neighbours of IPv6', () => {
  test('are devices too, by what has answered lately', async () => {
    lan.neighbours = '2001:db8::77 dev lan lladdr 00:16:3e:00:00:77 REACHABLE\n';
    const { points } = await lan.minutes(2);
    const device = points.find(({ measurement }) => measurement === 'lan_device');
    expect(device?.fields).toMatchObject({ address6: '2001:db8::77', network: '192.168.1.0/24' });
  });

  test('are counted by an IPv6 network where there is no other', async () => {
    lan.interfaces = { lan: [on('2001:db8::1/64')] };
    lan.neighbours = '2001:db8::77 dev lan lladdr 00:16:3e:00:00:77 REACHABLE\n';
    const { points } = await lan.minutes(6);
    const report = points.filter(({ measurement }) => measurement === 'lan_census').at(-1);
    expect([report?.tags.network, report?.fields.present_devices]).toEqual(['2001:db8::/64', 1]);
  });

  test('are left out without the program; one that hangs is a failure, and the rest goes on', async () => {
    lan.ipProgram = 'missing';
    expect(await lan.minute()).toMatchObject({ points: [{ measurement: 'lan_census' }] });
    lan.start();
    lan.ipProgram = 'hanging';
    expect(await lan.minute()).toMatchObject({
      points: [{ measurement: 'lan_census' }],
      incomplete: expect.any(String),
    });
  });
});

test('the machine itself and what is on other interfaces is no device', async () => {
  lan.neighbours = [
    '192.168.1.7 dev lan lladdr 00:16:3e:00:00:fe REACHABLE',
    '172.17.0.2 dev docker0 lladdr 02:42:ac:11:00:02 REACHABLE',
  ].join('\n');
  const { points } = await lan.minutes(2);
  expect(points.filter(({ measurement }) => measurement === 'lan_device')).toEqual([]);
});

test('a table that cannot be read is a failure, not an empty LAN', async () => {
  lan.start();
  const collected = lan.census.probe.collect({ time: 0, monotonicMs: () => 0 }, new AbortController().signal);
  await expect(collected).rejects.toThrow('ENOENT');
});

test('a flood of MACs does not become a flood of events', async () => {
  lan.devices = office();
  await lan.minutes(10);
  lan.devices = Object.fromEntries(
    Array.from({ length: 200 }, (_, index) => [
      `192.168.1.${index + 10}`,
      `02:00:00:00:00:${(index + 16).toString(16)}`,
    ]),
  );
  const flooded = await lan.minutes(60);
  const perMinute = Map.groupBy(flooded.events, ({ time }) => time);
  expect(Math.max(...[...perMinute.values()].map((events) => events.length))).toBeLessThanOrEqual(20);
  expect(JSON.parse(readFileSync(join(root, 'lan-devices.json'), 'utf8')).devices.length).toBeGreaterThan(200);
});
