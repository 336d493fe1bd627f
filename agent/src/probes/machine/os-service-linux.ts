/**
 * Whether services of systemd that the settings name are running: there are processes in their control group, which takes
 * a look at a file each and starts no program. A service without a process of its own (Type=oneshot with
 * RemainAfterExit, sockets, timers) cannot be watched so; one that hangs counts as running.
 * Source: `/sys/fs/cgroup`, as systemd lays it out (systemd.io/CGROUP_DELEGATION).
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { catalogue, type Point, point } from '@vonggac/shared';
import { readSys } from '../../system/sys-file.ts';
import type { Probe } from '../probe.ts';
import { servicesToWatch, type WatchedServices } from './watched-services.ts';

/** The whole tree, and the one of systemd where each controller has a tree of its own (version 1, or both). */
const trees = ['sys/fs/cgroup', 'sys/fs/cgroup/unified', 'sys/fs/cgroup/systemd'];
/** Where unit files lie (systemd.unit(5)). */
const unitFolders = ['etc', 'run', 'usr/local/lib', 'usr/lib', 'lib']
  .map((place) => `${place}/systemd/system`)
  .concat(['run/systemd/generator', 'run/systemd/transient']);

export function osServiceProbe(root: string, watched: WatchedServices): Probe {
  return {
    name: 'os_service',
    cadence: catalogue.os_service.cadence,
    atStart: true,
    timeoutMs: 5_000,
    async collect({ time }) {
      const services = servicesToWatch(watched);
      if (services.length === 0) return { status: 'not-here', reason: 'no service is to be watched' };
      const tree = trees.map((path) => join(root, path)).find((path) => existsSync(join(path, 'system.slice')));
      if (tree === undefined) {
        const reason = 'no control groups of systemd in /sys/fs/cgroup: services cannot be watched';
        if (services.some(({ isOwn }) => isOwn)) throw new Error(reason);
        return { status: 'not-here', reason };
      }
      const points: Point[] = [];
      const problems: string[] = [];
      for (const { name, isOwn } of services) {
        const unit = `${name}.service`;
        const running = isRunning(tree, unit);
        // A group is there only while the service runs, and there is none for a name that is misspelt.
        if (running || isInstalled(root, unit)) {
          points.push(point('os_service', { time, tags: { service: name }, fields: { running } }));
        } else if (isOwn) problems.push(`no such service: ${unit}`);
      }
      return { status: 'measured', points, ...(problems.length > 0 && { incomplete: problems.join('; ') }) };
    },
  };
}

function isRunning(tree: string, unit: string): boolean {
  return foldersOf(unit).some((folder) => {
    const events = readSys(join(tree, folder, 'cgroup.events'));
    if (events !== undefined) return /^populated 1$/m.test(events);
    // Version 1 has no such file, and lists the processes of the group alone, without those of groups below.
    return (readSys(join(tree, folder, 'cgroup.procs')) ?? '') !== '';
  });
}

/** Instances of a template have a slice of their own, named after it; systemd writes a dash in it as `\x2d`. */
function foldersOf(unit: string): string[] {
  const [, template] = /^([^@]+)@.*$/.exec(unit) ?? [];
  const plain = `system.slice/${unit}`;
  return template === undefined
    ? [plain]
    : [`system.slice/system-${template.replaceAll('-', '\\x2d')}.slice/${unit}`, plain];
}

function isInstalled(root: string, unit: string): boolean {
  const files = [unit, unit.replace(/@[^@]*\.service$/, '@.service')];
  return unitFolders.some((folder) => files.some((file) => existsSync(join(root, folder, file))));
}
