/**
 * Health of the physical disks, once an hour. Source: `smartctl`, if it is installed, once for each disk; it has to open
 * the disk itself, which takes root or the capability CAP_SYS_RAWIO (NVMe: CAP_SYS_ADMIN). Disks behind a RAID controller
 * are not seen. What nobody could read is `problem`, never a disk that is well.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { catalogue, type Point, point } from '@vonggac/shared';
import { CommandError, type RunCommand } from '../../system/run-command.ts';
import { listSys } from '../../system/sys-file.ts';
import { cleanText } from '../clean-text.ts';
import type { Probe } from '../probe.ts';
import { type DiskHealth, parseSmartctl, type SmartctlAnswer } from './smartctl.ts';

const places = ['usr/sbin/smartctl', 'usr/local/sbin/smartctl', 'usr/bin/smartctl'];
/** Disks of virtual machines (vda, xvda) have no health of their own. */
const physicalDisk = /^(?:(?:sd|hd)[a-z]{1,3}|nvme\d{1,3}n1)$/;
const maxDisks = 32;
/** A disk that is dying may take long to answer. */
const timeoutMs = 15_000;
const maxBytes = 512 * 1_024;
/** Of a disk that sleeps; smartctl's own, a set of bits, never are these two alone. */
const sleeping = 3;
/** Its bits tell of what the disk said; the report says it better. */
const anyExitCode = Array.from({ length: 256 }, (_, code) => code);

export function diskHealthProbe(root: string, runCommand: RunCommand): Probe {
  return {
    name: 'disk_health',
    cadence: catalogue.disk_health.cadence,
    shortestGapMs: 60_000,
    atStart: true,
    timeoutMs: 120_000,
    async collect({ time }, signal) {
      const disks = listSys(join(root, 'sys/block')).filter((name) => physicalDisk.test(name));
      if (disks.length === 0) return { status: 'not-here', reason: 'no physical disk' };
      const program = places.find((place) => existsSync(join(root, place)));
      if (program === undefined) {
        return {
          status: 'not-here',
          reason: 'health of disks unknown: smartctl (package smartmontools) is not installed',
        };
      }
      const points: Point[] = [];
      const problems: string[] = [];
      for (const device of disks.slice(0, maxDisks)) {
        const answer = await ask(device, { program: `/${program}`, runCommand, signal });
        if (answer?.state === 'unknown') problems.push(`${device}: ${answer.problem}`);
        points.push(...pointsOf(device, { answer, time }));
      }
      return { status: 'measured', points, ...(problems.length > 0 && { incomplete: problems.join('; ') }) };
    },
  };
}

/** Undefined of a disk that sleeps. */
async function ask(
  device: string,
  { program, runCommand, signal }: { program: string; runCommand: RunCommand; signal: AbortSignal },
): Promise<SmartctlAnswer | undefined> {
  const args = ['--json=c', `--nocheck=standby,${sleeping}`, '-i', '-H', '-A', `/dev/${device}`];
  try {
    const { exitCode, stdout } = await runCommand(program, args, {
      timeoutMs,
      maxBytes,
      signal,
      exitCodes: anyExitCode,
    });
    return exitCode === sleeping ? undefined : parseSmartctl(stdout);
  } catch (error) {
    signal.throwIfAborted();
    const isDenied = error instanceof CommandError && error.failure === 'denied';
    return { state: 'unknown', problem: isDenied ? 'smartctl may not be run' : (error as Error).message };
  }
}

/** No point of a disk that has no SMART, or sleeps. */
function pointsOf(device: string, { answer, time }: { answer: SmartctlAnswer | undefined; time: number }): Point[] {
  const tags = { device };
  switch (answer?.state) {
    case 'read':
      return [point('disk_health', { time, tags, fields: fieldsOf(answer.health) })];
    case 'unknown':
      return [point('disk_health', { time, tags, fields: { problem: cleanText(answer.problem) } })];
    default:
      return [];
  }
}

function fieldsOf(health: DiskHealth) {
  return {
    failing: health.failing,
    reallocated_sectors: health.reallocated,
    pending_sectors: health.pending,
    media_errors: health.mediaErrors,
    used_percent: health.usedPercent,
    temperature_celsius: health.celsius,
    power_on_hours: health.hours,
    model: health.model,
  };
}
