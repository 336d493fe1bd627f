/** Makes machines for the console's tests: a small province with every state, and a past for one of the machines. */
import { type AgentClass, type Point, point } from '@vonggac/shared';
import type { TestServer } from '../../collector/src/http/testing/test-server.ts';

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;

const units: readonly (readonly [code: string, name: string, parent: string | undefined])[] = [
  ['QB', 'Tỉnh Quảng Bình', undefined],
  ['QB-TTDL', 'Trung tâm dữ liệu điện tử tỉnh', 'QB'],
  ['QB-STTTT', 'Sở Thông tin và Truyền thông', 'QB'],
  ['QB-SYT', 'Sở Y tế', 'QB'],
  ['QB-SGDDT', 'Sở Giáo dục và Đào tạo', 'QB'],
  ['QB-DH', 'Ủy ban nhân dân thành phố Đồng Hới', 'QB'],
  ['QB-DH-BL', 'Ủy ban nhân dân phường Bắc Lý', 'QB-DH'],
  ['QB-LT', 'Ủy ban nhân dân huyện Lệ Thủy', 'QB'],
  ['QB-LT-LT', 'Ủy ban nhân dân xã Lâm Thủy', 'QB-LT'],
];

/** A name that tries everything: markup, a control character, letters that turn the direction. */
export const hostileName = '<img src=x onerror=alert(1)>\u202egpj.exe\u0007';

export interface Machine {
  readonly id: string;
  readonly hostname: string;
  readonly unit: string;
  readonly class: AgentClass;
  readonly cpu: number;
  readonly memory: number;
  readonly disk: number;
}

function machine(id: string, hostname: string, rest: Omit<Machine, 'hostname' | 'id'>): Machine {
  return { id, hostname, ...rest };
}

export const database = machine('a-0001', 'csdl-dung-chung', {
  unit: 'QB-TTDL',
  class: 'server',
  cpu: 34.2,
  memory: 71.4,
  disk: 88.1,
});

const online: readonly Machine[] = [
  database,
  machine('a-0002', 'cong-dvc-01', { unit: 'QB-TTDL', class: 'server', cpu: 12.8, memory: 43.9, disk: 52.3 }),
  machine('a-0003', 'cong-dvc-02', { unit: 'QB-TTDL', class: 'server', cpu: 97.3, memory: 61.2, disk: 54.9 }),
  machine('a-0004', 'thu-dien-tu', { unit: 'QB-TTDL', class: 'server', cpu: 22.1, memory: 82.6, disk: 95.4 }),
  machine('a-0005', 'qlvb-sotttt', { unit: 'QB-STTTT', class: 'server', cpu: 4.4, memory: 38.1, disk: 41.7 }),
  machine('a-0006', 'cong-lan-syt', { unit: 'QB-SYT', class: 'gateway', cpu: 2.1, memory: 29.5, disk: 18.2 }),
  machine('a-0007', 'pc-vanthu-dh', { unit: 'QB-DH', class: 'pc', cpu: 8.7, memory: 66.3, disk: 47.8 }),
  machine('a-0008', 'pc-motcua-baclу', { unit: 'QB-DH-BL', class: 'pc', cpu: 15.9, memory: 74, disk: 63.5 }),
  machine('a-0009', 'pc-ketoan-sgddt', { unit: 'QB-SGDDT', class: 'pc', cpu: 31.6, memory: 58.8, disk: 81.2 }),
  machine('a-0010', 'cong-lan-lethuy', { unit: 'QB-LT', class: 'gateway', cpu: 1.3, memory: 22.7, disk: 15.4 }),
  machine('a-0011', hostileName, { unit: 'QB-LT', class: 'pc', cpu: 5.2, memory: 49.1, disk: 30.9 }),
];

export function measure(what: Machine, time: number): Point[] {
  const { cpu, memory, disk } = what;
  const gib = 2 ** 30;
  return [
    point('cpu', {
      time,
      tags: {},
      fields: {
        usage_percent: cpu,
        user_percent: cpu * 0.7,
        system_percent: cpu * 0.3,
        iowait_percent: 3.1,
        steal_percent: 0.2,
        cores: 8,
      },
    }),
    point('memory', {
      time,
      tags: {},
      fields: {
        used_percent: memory,
        total_bytes: 32 * gib,
        available_bytes: Math.round((1 - memory / 100) * 32 * gib),
      },
    }),
    ...(['/', '/var/lib/postgresql', '/boot/efi'] as const).map((mount, index) =>
      point('filesystem', {
        time,
        tags: { mount, type: index === 2 ? 'vfat' : 'ext4' },
        fields: {
          used_percent: disk / (index + 1),
          total_bytes: 400 * gib,
          available_bytes: Math.round((1 - disk / (index + 1) / 100) * 400 * gib),
          read_only: false,
        },
      }),
    ),
    ...(['ens18', 'docker0'] as const).map((name, index) =>
      point('network', {
        time,
        tags: { interface: name },
        fields: {
          receive_bytes_per_second: Math.round((cpu * 41_000) / (1 + 20 * index)),
          transmit_bytes_per_second: Math.round((cpu * 17_000) / (1 + 20 * index)),
          up: true,
        },
      }),
    ),
    point('disk_io', {
      time,
      tags: { device: 'sda' },
      fields: {
        read_bytes_per_second: Math.round(memory * 9_000),
        write_bytes_per_second: Math.round(cpu * 120_000),
        busy_percent: cpu / 2,
      },
    }),
    point('system', {
      time,
      tags: {},
      fields: { load_1m: cpu / 12, load_5m: cpu / 14, load_15m: cpu / 15, uptime_seconds: 1_912_400, processes: 312 },
    }),
  ];
}

/** What the machine reaches; once a minute, as agents do it. */
export function checkTargets({ cpu }: Machine, time: number): Point[] {
  const targets = [
    ['gateway', 'icmp', 'lan', 0.4],
    ['collector', 'tcp', 'wan', 12],
    ['resolver-1', 'dns', 'wan', 9],
  ] as const;
  return targets.map(([target, kind, scope, ms]) =>
    point('connectivity', {
      time,
      tags: { target, kind, scope },
      fields: { up: true, rtt_ms: ms + cpu / 40, rtt_max_ms: ms * 1.4 + cpu / 20, loss_percent: 0, checks: 4 },
    }),
  );
}

const inventory = {
  os_name: 'Debian GNU/Linux',
  os_version: '12 (bookworm)',
  kernel: '6.1.0-31-amd64',
  architecture: 'x64',
  vendor: 'Dell Inc.',
  model: 'PowerEdge R750',
  cpu_model: 'Intel Xeon Silver 4314 @ 2.40GHz',
  cpu_cores: 8,
  memory_total_bytes: 34_359_738_368,
  virtual: true,
} as const;

/**
 * A day of the database server: quiet nights, busy mornings, and no data for nine minutes of the last hour, of which its
 * agent tells.
 */
async function writeHistory(server: TestServer, now: number): Promise<void> {
  const origin = { agent: database.id, host: database.hostname, unit: database.unit, class: database.class };
  const points: Point[] = [];
  const secondsAgo = (minutes: number) => Math.floor((now - minutes * minute) / second);
  for (let time = now - 24 * hour; time <= now; time += now - time > 6 * hour ? 5 * minute : 10 * second) {
    const age = now - time;
    if (age > 31 * minute && age < 40 * minute) continue;
    const wave = Math.sin(time / (3 * hour)) * 14 + Math.sin(time / (7 * minute)) * 9 + Math.sin(time / 47_000) * 4;
    const then = { ...database, cpu: database.cpu + wave, memory: database.memory + wave / 5 };
    points.push(...measure(then, time));
    if (Math.floor(time / minute) !== Math.floor((time - 10 * second) / minute))
      points.push(...checkTargets(then, time));
  }
  const lost = { lost_points: 648, from_seconds: secondsAgo(40), to_seconds: secondsAgo(31) };
  points.push(
    point('spool_gap', { time: now - 30 * minute, tags: { reason: 'overflow', lane: 'metrics' }, fields: lost }),
  );
  await server.store.write([{ origin, points }]);
}

function add(server: TestServer, what: Machine, platform = 'linux'): void {
  const { id, hostname, unit, class: agentClass } = what;
  server.addAgent(id, { hostname, unit, class: agentClass, platform, enrolledAt: Date.now() - 40 * 24 * hour });
}

/** Brings a machine up and lets it report once. */
export function report(server: TestServer, what: Machine): void {
  server.live.connected(what.id, -180);
  server.live.receive(what.id, [...measure(what, Date.now()), ...checkTargets(what, Date.now())]);
}

/** Fills the server with the province; `clock` is turned back for what began in the past. */
export async function createFleet(server: TestServer, clock: { behindMs: number }): Promise<void> {
  const now = Date.now();
  for (const [code, name, parent] of units) server.units.ensure({ code, name, parent }, now);
  clock.behindMs = 26 * hour;
  const late = machine('a-0020', 'pc-diachinh-lt', { unit: 'QB-LT', class: 'pc', cpu: 11, memory: 52, disk: 38 });
  const offline = machine('a-0021', 'may-chu-benhvien', {
    unit: 'QB-SYT',
    class: 'server',
    cpu: 63,
    memory: 90,
    disk: 77,
  });
  for (const each of [...online, late, offline]) {
    add(server, each, each.class === 'pc' ? 'win32' : 'linux');
    report(server, each);
  }
  server.addAgent('a-0023', { hostname: 'may-cu-thanhly', unit: 'QB-STTTT', class: 'pc', revokedAt: now });
  clock.behindMs = 3.4 * hour;
  report(server, offline);
  server.live.disconnected(offline.id, 'shutdown');
  clock.behindMs = 0.7 * minute;
  add(server, machine('a-0022', 'pc-lamthuy-01', { unit: 'QB-LT-LT', class: 'pc', cpu: 0, memory: 0, disk: 0 }));
  report(server, late);
  server.live.disconnected(late.id, 'silent');
  clock.behindMs = 0;
  for (const each of online) report(server, each);
  server.live.receive(database.id, [
    point('inventory', { time: now, tags: {}, fields: inventory }),
    point('ups', {
      time: now,
      tags: { ups: 'santak-1', kind: 'ups' },
      fields: { on_battery: true, charge_percent: 62, runtime_seconds: 1_260, low_battery: false },
    }),
    point('disk_health', {
      time: now,
      tags: { device: 'sda' },
      fields: { failing: false, temperature_celsius: 36, model: 'ST1200MM0009' },
    }),
    point('disk_health', { time: now, tags: { device: 'sdb' }, fields: { problem: 'Permission denied' } }),
    point('temperature', {
      time: now,
      tags: { sensor: 'coretemp.0 Package id 0' },
      fields: { current_celsius: 61, crit_celsius: 100, headroom_celsius: 39 },
    }),
    point('os_service', { time: now, tags: { service: 'postgresql' }, fields: { running: true } }),
  ]);
  await writeHistory(server, now);
}
