/** Whether services of Windows that the settings name are running. Source: `sc.exe`, whose list others read as well. */
import { catalogue, type Point, point } from '@vonggac/shared';
import type { Probe } from '../probe.ts';
import type { WindowsMachine } from '../windows/windows-machine.ts';
import { servicesToWatch, type WatchedServices } from './watched-services.ts';

export function osServiceProbe(machine: Pick<WindowsMachine, 'services'>, watched: WatchedServices): Probe {
  return {
    name: 'os_service',
    cadence: catalogue.os_service.cadence,
    atStart: true,
    timeoutMs: 20_000,
    async collect({ time }, signal) {
      const services = servicesToWatch(watched);
      if (services.length === 0) return { status: 'not-here', reason: 'no service is to be watched' };
      const list = await machine.services(signal);
      const points: Point[] = [];
      const problems: string[] = [];
      for (const { name, isOwn } of services) {
        const state = list.get(name.toLowerCase());
        if (state === undefined && isOwn) problems.push(`no such service: ${name}`);
        // One that is just starting or stopping is neither.
        if (state?.running !== undefined) {
          points.push(point('os_service', { time, tags: { service: name }, fields: { running: state.running } }));
        }
      }
      return { status: 'measured', points, ...(problems.length > 0 && { incomplete: problems.join('; ') }) };
    },
  };
}
