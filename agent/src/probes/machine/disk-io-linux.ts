/**
 * Source: `/proc/diskstats`; columns in the kernel's Documentation/admin-guide/iostats.rst.
 *
 * Only whole physical (or virtual machine's) disks. Partitions, and what is made of disks (device mapper, software
 * RAID), are left out: their traffic is in the figures of the disks below, and a sum would count it twice. Loop, RAM
 * and compressed-RAM devices, optical drives and floppies are left out because nobody acts on their figures.
 */
import { join } from 'node:path';
import { catalogue, type Point, point } from '@vonggac/shared';
import { ProcFile } from '../../system/proc-file.ts';
import { quote } from '../clean-text.ts';
import type { Probe } from '../probe.ts';
import { CounterRates, type CounterRows } from './counter-rates.ts';

const wholeDisk = /^(?:(?:sd|hd|vd|xvd)[a-z]+|nvme\d+n\d+|mmcblk\d+)$/;

/** Sectors in this file are of 512 bytes, whatever the disk's own are. */
const sectorBytes = 512;

export function diskIoProbe(root: string): Probe {
  const file = new ProcFile(join(root, 'proc/diskstats'));
  const counters = new CounterRates();
  return {
    name: 'disk_io',
    cadence: catalogue.disk_io.cadence,
    atStart: true,
    timeoutMs: 5_000,
    async collect({ time, monotonicMs }) {
      const rates = counters.next(parseDiskstats(file.read()), monotonicMs());
      const points: Point[] = [];
      for (const [device, [read, written, reads, writes, busyMs = Number.NaN]] of rates) {
        const fields = {
          read_bytes_per_second: read,
          write_bytes_per_second: written,
          reads_per_second: reads,
          writes_per_second: writes,
          // The kernel counts busy time in steps of a clock tick, which may end just past the interval.
          busy_percent: Math.min(100, busyMs / 10),
        };
        points.push(point('disk_io', { time, tags: { device }, fields }));
      }
      return { status: 'measured', points };
    },
  };
}

/** By disk: bytes read, bytes written, reads, writes, milliseconds busy. Throws at a line that is not as it should be. */
export function parseDiskstats(text: string): CounterRows {
  const rows = new Map<string, readonly number[]>();
  for (const line of text.split('\n')) {
    if (line === '') continue;
    const [, device, rest] = /^ *\d+ +\d+ (\S+) (.*)$/.exec(line) ?? [];
    if (device === undefined || rest === undefined) throw new Error(`cannot parse /proc/diskstats: ${quote(line)}`);
    if (!wholeDisk.test(device)) continue;
    const columns = rest.split(' ').map(Number);
    const [reads = 0, , sectorsRead = 0, , writes = 0, , sectorsWritten = 0, , , busyMs = 0] = columns;
    if (columns.length < 11 || !columns.every(Number.isFinite)) {
      throw new Error(`cannot parse /proc/diskstats: ${quote(line)}`);
    }
    rows.set(device, [sectorsRead * sectorBytes, sectorsWritten * sectorBytes, reads, writes, busyMs]);
  }
  return rows;
}
