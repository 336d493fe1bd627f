/** The probes for Windows over a made-up `os`: nothing here has run on a real one. */
import type { StatsFs } from 'node:fs';
import type { CpuInfo, NetworkInterfaceInfo } from 'node:os';
import { describe, expect, it } from 'vitest';
import type { Probe, ProbeResult } from '../probe.ts';
import * as cpu from './cpu-windows.ts';
import * as diskHealth from './disk-health-windows.ts';
import * as filesystem from './filesystem-windows.ts';
import * as memory from './memory-windows.ts';
import * as network from './network-windows.ts';
import * as osService from './os-service-windows.ts';
import * as system from './system-windows.ts';

const GiB = 1024 ** 3;

function collect(probe: Probe, seconds = 0): Promise<ProbeResult> {
  const context = { time: 1_800_000_000_000 + seconds * 1000, monotonicMs: () => seconds * 1000 };
  return probe.collect(context, new AbortController().signal);
}

async function fieldsOf(probe: Probe, seconds = 0): Promise<Readonly<Record<string, unknown>>> {
  const result = await collect(probe, seconds);
  return (result.status === 'measured' && result.points[0]?.fields) || {};
}

describe('cpu', () => {
  function processor(user: number, sys: number, idle: number): CpuInfo {
    return { model: 'x', speed: 1, times: { user, nice: 0, sys, idle, irq: 1_000_000 } };
  }

  it('gives shares from the second reading on', async () => {
    let processors = [processor(1000, 500, 8500), processor(0, 0, 10_000)];
    const probe = cpu.cpuProbe({ cpus: () => processors });
    expect(await fieldsOf(probe)).toEqual({ cores: 2 });
    processors = [processor(3000, 1500, 15_500), processor(2000, 0, 18_000)];
    expect(await fieldsOf(probe, 10)).toEqual({
      usage_percent: 25,
      user_percent: 20,
      system_percent: 5,
      cores: 2,
    });
  });

  it('gives none when two readings are too close, or a counter went backwards', async () => {
    let processors = [processor(1000, 500, 8500)];
    const probe = cpu.cpuProbe({ cpus: () => processors });
    await fieldsOf(probe);
    processors = [processor(2000, 500, 8500)];
    expect(await fieldsOf(probe, 0.1)).toEqual({ cores: 1 });
    processors = [processor(500, 500, 20_000)];
    expect(await fieldsOf(probe, 10)).toEqual({ cores: 1 });
  });

  it('fails when the system names no processor', async () => {
    await expect(collect(cpu.cpuProbe({ cpus: () => [] }))).rejects.toThrow('names no processor');
  });
});

describe('memory', () => {
  it('gives what is available and the share in use', async () => {
    const probe = memory.memoryProbe({ totalmem: () => 8 * GiB, freemem: () => 2 * GiB });
    expect(await fieldsOf(probe)).toEqual({ total_bytes: 8 * GiB, available_bytes: 2 * GiB, used_percent: 75 });
  });

  it('fails when the system names none', async () => {
    const probe = memory.memoryProbe({ totalmem: () => 0, freemem: () => 0 });
    await expect(collect(probe)).rejects.toThrow('names no memory');
  });
});

describe('system', () => {
  it('gives the time since the start and a start time that does not tremble', async () => {
    let uptime = 1000.4;
    const probe = system.systemProbe({ uptime: () => uptime });
    expect(await fieldsOf(probe)).toEqual({ uptime_seconds: 1000, boot_time_seconds: 1_799_999_000 });
    uptime = 1011.6;
    expect(await fieldsOf(probe, 10)).toEqual({ uptime_seconds: 1011, boot_time_seconds: 1_799_999_000 });
  });

  it('moves the start time when the clock was set', () => {
    expect(system.steadyBootTime(undefined, 100)).toBe(100);
    expect(system.steadyBootTime(100, 102)).toBe(100);
    expect(system.steadyBootTime(100, 103)).toBe(103);
  });
});

describe('network', () => {
  function address(internal: boolean): NetworkInterfaceInfo {
    return {
      address: '10.0.0.2',
      netmask: '255.0.0.0',
      family: 'IPv4',
      mac: '00:11:22:33:44:55',
      internal,
      cidr: null,
    };
  }

  it('calls an interface down that was there and is no more', async () => {
    let interfaces: NodeJS.Dict<NetworkInterfaceInfo[]> = { Ethernet: [address(false)], 'Wi-Fi': [address(false)] };
    const probe = network.networkProbe({ networkInterfaces: () => interfaces });
    expect(await collect(probe)).toMatchObject({
      points: [
        { tags: { interface: 'Ethernet' }, fields: { up: true } },
        { tags: { interface: 'Wi-Fi' }, fields: { up: true } },
      ],
    });
    interfaces = { Ethernet: [address(false)] };
    expect(await collect(probe)).toMatchObject({
      points: [
        { tags: { interface: 'Ethernet' }, fields: { up: true } },
        { tags: { interface: 'Wi-Fi' }, fields: { up: false } },
      ],
    });
  });

  it.each([
    ['Kết nối cục bộ', true],
    ['vEthernet (External)', true],
    ['vEthernet (Default Switch)', false],
    ['vEthernet (WSL (Hyper-V firewall))', false],
    ['VMware Network Adapter VMnet8', false],
    ['VirtualBox Host-Only Network', false],
    ['Teredo Tunneling Pseudo-Interface', false],
    ['isatap.{1234}', false],
  ])('takes %j: %s', (name, taken) => {
    expect(network.interfacesUp({ [name]: [address(false)] }).has(name)).toBe(taken);
  });

  it('leaves out loopback', () => {
    expect(network.interfacesUp({ 'Loopback Pseudo-Interface 1': [address(true)], x: [address(true)] }).size).toBe(0);
  });
});

describe('filesystem', () => {
  const drive: StatsFs = {
    type: 0,
    bsize: 4096,
    frsize: 4096,
    blocks: 1_000_000,
    bfree: 250_000,
    bavail: 250_000,
    files: 0,
    ffree: 0,
  };

  function probeOver(drives: ReadonlyMap<string, StatsFs | Error>): Probe {
    return filesystem.filesystemProbe(async (path) => {
      const answer = drives.get(path) ?? new Error(`ENOENT: ${path}`);
      if (answer instanceof Error) throw answer;
      return answer;
    });
  }

  it('gives the drives there are', async () => {
    const result = await collect(
      probeOver(
        new Map([
          ['C:\\', drive],
          ['E:\\', drive],
        ]),
      ),
    );
    const fields = { total_bytes: 4_096_000_000, available_bytes: 1_024_000_000, used_percent: 75 };
    expect(result).toMatchObject({
      points: [
        { tags: { mount: 'C:', type: 'drive' }, fields },
        { tags: { mount: 'E:', type: 'drive' }, fields },
      ],
    });
    expect(result).not.toHaveProperty('incomplete');
  });

  it('says once that a drive cannot be read any more', async () => {
    const drives = new Map<string, StatsFs | Error>([
      ['C:\\', drive],
      ['D:\\', drive],
    ]);
    const probe = probeOver(drives);
    await collect(probe);
    drives.set('D:\\', new Error('EIO: i/o error'));
    expect(await collect(probe)).toMatchObject({ incomplete: 'EIO: i/o error' });
    expect(await collect(probe)).not.toHaveProperty('incomplete');
  });

  it('leaves out discs, but not a full disk', () => {
    const dvd = { ...drive, bsize: 2048, blocks: 2_295_104, bfree: 0, bavail: 0 };
    expect(filesystem.isDisc(dvd)).toBe(true);
    expect(filesystem.isDisc({ ...drive, blocks: 10_000_000, bfree: 0, bavail: 0 })).toBe(false);
  });

  it('fails when no drive can be read', async () => {
    await expect(collect(probeOver(new Map()))).rejects.toThrow('no drive can be read');
  });
});

describe('disk_health', () => {
  const disks = [
    { DeviceId: '0', FriendlyName: 'Samsung SSD 870 EVO', HealthStatus: 0 },
    { DeviceId: '1', FriendlyName: 'ST1000DM010', HealthStatus: 1 },
    { DeviceId: '2', FriendlyName: 'USB', HealthStatus: 5 },
    { FriendlyName: 'nameless' },
  ];

  it('says of each disk what Windows says, and of the unknown that it is', async () => {
    const probe = diskHealth.diskHealthProbe({ ask: async () => ({ fields: { disks }, error: undefined }) });
    expect(await collect(probe)).toMatchObject({
      points: [
        { tags: { device: 'disk 0' }, fields: { failing: false, model: 'Samsung SSD 870 EVO' } },
        { tags: { device: 'disk 1' }, fields: { failing: true } },
        { tags: { device: 'disk 2' }, fields: { problem: 'Windows does not know its health' } },
      ],
    });
  });

  it('fails when Windows was not asked yet, failed or did not say', async () => {
    const broken = (answer: Awaited<ReturnType<Parameters<typeof diskHealth.diskHealthProbe>[0]['ask']>>) =>
      collect(diskHealth.diskHealthProbe({ ask: async () => answer }));
    await expect(broken(undefined)).rejects.toThrow('has not been asked');
    await expect(broken({ fields: undefined, error: new Error('no PowerShell') })).rejects.toThrow('no PowerShell');
    const refused = { fields: { disks_error: '0x80070005' }, error: undefined };
    await expect(broken(refused)).rejects.toThrow('does not say how its disks are (0x80070005)');
  });
});

describe('os_service', () => {
  const list = new Map([
    ['spooler', { running: true }],
    ['w32time', { running: false }],
    ['wuauserv', { running: undefined }],
  ]);

  it('gives those that are watched, whatever the case of their names', async () => {
    const probe = osService.osServiceProbe(
      { services: async () => list },
      {
        own: ['Spooler', 'W32Time', 'wuauserv', 'nginx'],
        pushed: () => ['spooler', 'postgresql'],
      },
    );
    expect(await collect(probe)).toMatchObject({
      points: [
        { tags: { service: 'Spooler' }, fields: { running: true } },
        { tags: { service: 'W32Time' }, fields: { running: false } },
      ],
      incomplete: 'no such service: nginx',
    });
  });

  it('asks nothing when nothing is to be watched', async () => {
    const services = () => Promise.reject(new Error('asked'));
    expect(await collect(osService.osServiceProbe({ services }, { own: [], pushed: () => [] }))).toMatchObject({
      status: 'not-here',
    });
  });
});
