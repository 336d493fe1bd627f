/** The probes of this platform. */
import { type StatsFs, statfs } from 'node:fs';
import * as os from 'node:os';
import { promisify } from 'node:util';
import { monotonicMs } from '../system/monotonic.ts';
import { type RunCommand, runCommand } from '../system/run-command.ts';
import { type ProtectionOptions, protectionProbes } from './antivirus/protection.ts';
import { type ConnectivitySummaries, connectivityProbe } from './connectivity/connectivity.ts';
import { type AgentStatus, agentProbe, type ProcessUsage } from './machine/agent-self.ts';
import * as cpuLinux from './machine/cpu-linux.ts';
import * as cpuWindows from './machine/cpu-windows.ts';
import * as diskHealthLinux from './machine/disk-health-linux.ts';
import * as diskHealthWindows from './machine/disk-health-windows.ts';
import { diskIoProbe } from './machine/disk-io-linux.ts';
import * as filesystemLinux from './machine/filesystem-linux.ts';
import * as filesystemWindows from './machine/filesystem-windows.ts';
import { type InventoryProgram, inventoryProbe } from './machine/inventory.ts';
import * as memoryLinux from './machine/memory-linux.ts';
import * as memoryWindows from './machine/memory-windows.ts';
import * as networkLinux from './machine/network-linux.ts';
import * as networkWindows from './machine/network-windows.ts';
import * as osServiceLinux from './machine/os-service-linux.ts';
import * as osServiceWindows from './machine/os-service-windows.ts';
import { probeReportProbe } from './machine/probe-report.ts';
import type { Statfs } from './machine/statfs-guard.ts';
import * as systemLinux from './machine/system-linux.ts';
import * as systemWindows from './machine/system-windows.ts';
import { temperatureProbe } from './machine/temperature-linux.ts';
import { upsProbe } from './machine/ups-linux.ts';
import type { WatchedServices } from './machine/watched-services.ts';
import type { Probe } from './probe.ts';
import type { ProbeRunner } from './run-probe.ts';
import { WindowsMachine } from './windows/windows-machine.ts';

export interface ProbesOptions {
  readonly platform: NodeJS.Platform;
  readonly runner: ProbeRunner;
  readonly status: () => AgentStatus;
  readonly inventoryProgram: InventoryProgram;
  readonly connectivity: ConnectivitySummaries;
  readonly protection: ProtectionOptions;
  /** Services of the operating system to watch. */
  readonly services: WatchedServices;
  /** The folder that holds `proc` and `sys`; a captured machine in tests. */
  readonly root?: string;
  readonly statfs?: Statfs;
  readonly runCommand?: RunCommand;
  readonly process?: ProcessUsage;
  /** Where `upsd` listens; its own port by default. */
  readonly nutPort?: number;
}

/** Makes the probes of an agent. */
export type CreateProbes = (options: ProbesOptions) => Probe[];

/** Not from `node:fs/promises`: loading that costs 1 MB. */
const askStatfs: Statfs = promisify<string, StatsFs>(statfs);

/** Throws on a platform that has no probes. */
export function createProbes(options: ProbesOptions): Probe[] {
  const { runner, status, platform, root = '/', runCommand: run = runCommand } = options;
  // One for all, so that they share what its programs said.
  const windows = new WindowsMachine({ runCommand: run, monotonic: monotonicMs });
  return [
    ...machineProbes({ ...options, windows }),
    connectivityProbe(options.connectivity),
    ...protectionProbes({ ...options.protection, platform, root, runCommand: run, windows }),
    agentProbe({ status, probeFailures: () => runner.totalFailures, process: options.process ?? process }),
    probeReportProbe(runner),
    inventoryProbe(options.inventoryProgram, run),
  ];
}

function machineProbes(options: ProbesOptions & { readonly windows: WindowsMachine }): Probe[] {
  const { root = '/', statfs: ask = askStatfs, runCommand: run = runCommand, services, windows } = options;
  switch (options.platform) {
    case 'linux':
      return [
        cpuLinux.cpuProbe(root),
        memoryLinux.memoryProbe(root),
        filesystemLinux.filesystemProbe(root, ask),
        diskIoProbe(root),
        networkLinux.networkProbe(root),
        systemLinux.systemProbe(root),
        temperatureProbe(root),
        upsProbe(root, options.nutPort),
        diskHealthLinux.diskHealthProbe(root, run),
        osServiceLinux.osServiceProbe(root, services),
      ];
    case 'win32':
      return [
        cpuWindows.cpuProbe(os),
        memoryWindows.memoryProbe(os),
        filesystemWindows.filesystemProbe(ask),
        networkWindows.networkProbe(os),
        systemWindows.systemProbe(os),
        diskHealthWindows.diskHealthProbe(windows.powershell),
        osServiceWindows.osServiceProbe(windows, services),
      ];
    default:
      throw new Error(`no probes for the platform ${options.platform}`);
  }
}
