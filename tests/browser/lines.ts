/** Lines, shared services and devices for the console's tests: a province in which something of everything is broken. */
import { type Point, point } from '@vonggac/shared';
import type { LinkReading } from '../../collector/src/connectivity/link-judgement.ts';
import type { NewState } from '../../collector/src/connectivity/link-ledger.ts';
import type { ServiceJudgement } from '../../collector/src/connectivity/service-judgement.ts';
import type { ServiceStatus } from '../../collector/src/connectivity/service-watch.ts';
import { ConnectivitySection } from '../../collector/src/connectivity/settings.ts';
import type { TestServer } from '../../collector/src/http/testing/test-server.ts';

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

/** As long as a carrier's name may be, with markup; what cannot be seen is refused in units' records. */
export const hostileCarrier = '<b>VNPT</b> & Tập đoàn Bưu chính Viễn thông Việt Nam'.padEnd(60, '0');

const lines = [
  ['QB-TTDL', 'tslcd-1', 'tslcd', 'VNPT'],
  ['QB-TTDL', 'internet-1', 'internet', 'Viettel'],
  ['QB-STTTT', 'tslcd-1', 'tslcd', 'VNPT'],
  ['QB-SYT', 'tslcd-1', 'tslcd', 'VNPT'],
  ['QB-SYT', 'internet-1', 'internet', 'Viettel'],
  ['QB-SGDDT', 'tslcd-1', 'tslcd', hostileCarrier],
  ['QB-DH', 'tslcd-1', 'tslcd', 'Viettel'],
  ['QB-DH-BL', 'internet-1', 'internet', 'FPT'],
  ['QB-LT', 'tslcd-1', 'tslcd', 'VNPT'],
  ['QB-LT-LT', 'tslcd-1', 'tslcd', 'Viettel'],
] as const;

type Step = readonly [ageMs: number, state: NewState['state'], cause: NewState['cause']];

/** What became of lines that had a bad time; the others have worked for a month. */
const pasts: Readonly<Record<string, readonly Step[]>> = {
  'QB-LT-LT/tslcd-1': [
    [12 * day, 'down', 'no-carrier'],
    [12 * day - 9 * hour, 'up', 'works'],
    [5 * day, 'degraded', 'loss'],
    [5 * day - 3 * hour, 'up', 'works'],
    [30 * hour, 'down', 'both-ends-silent'],
    [28 * hour, 'up', 'works'],
    [7 * hour, 'unknown', 'collector-outage'],
    [6.7 * hour, 'up', 'works'],
    [40 * minute, 'down', 'line-cut'],
  ],
  'QB-DH/tslcd-1': [
    [2 * hour, 'up', 'edge-mute'],
    [12 * minute, 'degraded', 'loss'],
  ],
  'QB-STTTT/tslcd-1': [[5 * minute, 'unknown', 'agents-silent']],
};

function reading(up: boolean, ageMs: number, values: Partial<LinkReading> = {}): LinkReading {
  return { up, since: Date.now() - ageMs, error: undefined, rttMs: undefined, lossPercent: undefined, ...values };
}

/** Gives units their lines and the lines their past. */
export function addLines(server: TestServer): void {
  const now = Date.now();
  const { connectivity, units } = server;
  const { days } = connectivity;
  for (const [index, [code]] of lines.entries()) {
    const own = lines.filter(([unit]) => unit === code);
    const links = own.map(([, id, kind, carrier], number) => ({ id, kind, carrier, edge: `10.${index}.${number}.1` }));
    if (lines.findIndex(([unit]) => unit === code) === index) units.change(code, { links }, { now });
  }
  for (const [unit, link, , carrier] of lines) {
    const steps: readonly Step[] = [[31 * day, 'up', 'works'], ...(pasts[`${unit}/${link}`] ?? [])];
    for (const [ageMs, state, cause] of steps) {
      const at = now - ageMs;
      const facts = {
        edge: `silent, since ${new Date(at).toISOString()}, timeout, 100 % lost`,
        gateway: `answers, since ${new Date(at).toISOString()}, 3.4 ms, 0 % lost (a-0010)`,
        agents_heard: '0 of 2',
        last_heard: new Date(at - 9 * second).toISOString(),
      };
      const evidence = { at, what: cause, facts: state === 'up' ? {} : facts };
      connectivity.ledger.record({ unit, link }, { state, cause, carrier, at, evidence });
    }
    for (let age = 10 * day; age > 0; age -= 6 * hour) {
      days.add({ unit, link }, { at: now - age, rttMs: 8 + (age % 7), lossPercent: 0.2 });
    }
  }
  days.save();
  connectivity.ledger.revise(
    { unit: 'QB-LT-LT', link: 'tslcd-1' },
    {
      at: now - 29 * hour,
      cause: 'line-cut',
      note: 'down, both-ends-silent before: machines of the unit reached their router',
      evidence: { at: now - 29 * hour, what: 'lan-lived', facts: { agent: 'a-0022' } },
    },
  );
  connectivity.links = {
    now: ({ unit }) => {
      const judgement = { state: 'up', cause: 'works' } as const;
      const nothing = {
        agents: 2,
        heard: 2,
        lastHeard: now,
        heardThrough: 'yes',
        isActive: unit === 'QB-SYT',
      } as const;
      if (unit === 'QB-LT-LT') return { judgement, evidence: { ...nothing, edge: undefined, gateway: undefined } };
      const values = unit === 'QB-DH' ? { rttMs: 184.2, lossPercent: 23.5 } : { rttMs: 8.4, lossPercent: 0 };
      return { judgement, evidence: { ...nothing, edge: reading(true, hour, values), gateway: undefined } };
    },
  };
}

function service(id: string, name: string, judgement: Partial<ServiceJudgement> | undefined): ServiceStatus {
  const { services } = ConnectivitySection.parse({
    services: [{ id, name, url: `https://${id}.quangbinh.gov.vn/`, every: 30 }],
  });
  const [settings] = services;
  if (!settings) throw new Error('no service was made');
  const usual: ServiceJudgement = {
    state: 'up',
    vantagePoints: 9,
    failingPoints: 0,
    rttMs: 42.3,
    error: undefined,
    cutOff: [],
    reaching: ['QB-DH', 'QB-LT', 'QB-SYT', 'QB-TTDL'],
  };
  return {
    settings,
    judgement: judgement && { ...usual, ...judgement },
    since: judgement && Date.now() - 3 * hour,
  };
}

export function addServices(server: TestServer): void {
  server.connectivity.serviceStatuses = [
    service('thu', 'Thư điện tử công vụ', {}),
    service('qlvb', 'Quản lý văn bản và điều hành', {
      state: 'down',
      failingPoints: 8,
      error: 'http-5xx',
      rttMs: undefined,
      reaching: ['QB-TTDL'],
    }),
    service('dvc', 'Cổng dịch vụ công', {
      state: 'partial',
      failingPoints: 2,
      error: 'dns',
      cutOff: ['QB-DH-BL', 'QB-LT-LT'],
    }),
    service('hop', 'Họp trực tuyến', undefined),
  ];
}

/** The devices on the LAN of Lệ Thủy, whose gateway is `a-0010`. */
export function addDevices(server: TestServer, count = 6): void {
  const began = Math.floor(Date.now() / second) - 40 * 86_400;
  const device = (index: number): Point =>
    point('lan_device', {
      time: Date.now(),
      tags: { mac: `${index % 5 === 4 ? 'da' : '00'}:16:3e:00:00:${index.toString(16).padStart(2, '0')}` },
      fields: {
        address: `10.9.0.${10 + index}`,
        ...(index === 0 && { address6: '2001:db8:4:9:216:3eff:fe00:1' }),
        network: '10.9.0.0/24',
        present: index % 4 !== 3,
        first_seen_seconds: index === 5 ? began + 40 * 86_400 - 600 : began,
        last_seen_seconds: began + 40 * 86_400 - (index % 4 === 3 ? 90_000 : 60),
      },
    });
  const points = Array.from({ length: count }, (_, index) => device(index));
  server.connectivity.devices.take({ unit: 'QB-LT', agent: 'a-0010' }, points);
}

/** What the gateway of Lệ Thủy says of its lines, its relay, its LAN and what it cannot reach. */
export function measureGateway(): Point[] {
  const time = Date.now() + 1;
  const check = (
    [target, kind, scope]: readonly [string, string, string],
    fields: Parameters<typeof point<'connectivity'>>[1]['fields'],
  ) => point('connectivity', { time, tags: { target, kind, scope }, fields });
  const days = (count: number) => Math.floor(time / second) + count * 86_400;
  return [
    check(['gateway', 'icmp', 'lan'], { up: true, rtt_ms: 0.42, loss_percent: 0 }),
    check(['dvc', 'https', 'service'], {
      up: false,
      error: 'tls-name',
      loss_percent: 100,
      certificate_expires_seconds: days(12),
    }),
    check(['thu', 'https', 'service'], {
      up: true,
      rtt_ms: 81.6,
      loss_percent: 0,
      certificate_expires_seconds: days(210),
    }),
    check(['cu', 'tls', 'wan'], {
      up: false,
      error: 'tls-expired',
      loss_percent: 100,
      certificate_expires_seconds: days(-3),
    }),
    check(['gio', 'ntp', 'wan'], { error: 'unsupported' }),
    check(['peer:a-0020', 'icmp', 'peer'], { up: false, error: 'timeout', loss_percent: 100 }),
    point('link', {
      time,
      tags: { link: 'tslcd-1' },
      fields: {
        ...{ up: false, active: false, error: 'timeout', loss_percent: 100, failovers: 2, interface: 'eth1' },
        next_hop: '10.8.0.254',
      },
    }),
    point('link', {
      time,
      tags: { link: 'internet-1' },
      fields: {
        ...{ up: true, active: true, rtt_ms: 6.1, jitter_ms: 0.7, loss_percent: 0, failovers: 2, interface: 'eth2' },
        ...{ next_hop: '192.168.100.1', local_address: '192.168.100.7', throughput_bytes_per_second: 3_400_000 },
      },
    }),
    point('relay', {
      time,
      tags: {},
      fields: { connections: 3, accepted: 41, refused: 1, failed: 0, up_bytes: 8_123_456, down_bytes: 345_678 },
    }),
    point('lan_census', {
      time,
      tags: { network: '10.9.0.0/24' },
      fields: { present_devices: 41, known_devices: 63, new_devices: 1, swept_addresses: 254, sent_bytes: 15_240 },
    }),
  ];
}

/** Names as long as they may be, without a place to break them. */
export function addLongNames(server: TestServer): void {
  server.units.change('QB-SGDDT', { name: `Sở${'GiáoDục'.repeat(28)}` }, { now: Date.now() });
  const services = server.connectivity.serviceStatuses;
  const name = `Hệ${'thống'.repeat(19)}`;
  const long = service('dai', name, {
    state: 'partial',
    failingPoints: 1,
    error: 'x'.repeat(200),
    cutOff: ['QB-SGDDT'],
  });
  server.connectivity.serviceStatuses = [...services, long];
}

/** What a hostile machine may call its target, and its error. */
export function longTarget(): Point {
  return point('connectivity', {
    time: Date.now() + 1,
    tags: { target: `${'y'.repeat(120)}\u202e<i>`, kind: 'k'.repeat(60), scope: 's'.repeat(60) },
    fields: { up: false, error: 'e'.repeat(200), rtt_ms: 1e12, loss_percent: 1e9, certificate_expires_seconds: 9e15 },
  });
}
