/**
 * What Windows says of its physical disks: well, or not. Source: `MSFT_PhysicalDisk` in the one PowerShell script, whose
 * answer is up to half an hour old; it costs no start of its own. Counters of sectors and wear are not asked for.
 * Not run on a Windows machine yet: only its reading of an answer is tested.
 */
import { catalogue, type Point, point } from '@vonggac/shared';
import { cleanText } from '../clean-text.ts';
import type { Probe } from '../probe.ts';
import type { PowershellTurns } from '../windows/powershell-turns.ts';
import { countOf, type Fields, listOf, textOf } from '../windows/script-answer.ts';

const maxDisks = 32;
/** https://learn.microsoft.com/windows-hardware/drivers/storage/msft-physicaldisk */
const healthy = 0;
const warning = 1;
const unhealthy = 2;

export function diskHealthProbe(powershell: Pick<PowershellTurns, 'ask'>): Probe {
  return {
    name: 'disk_health',
    cadence: catalogue.disk_health.cadence,
    shortestGapMs: 60_000,
    // At the start the script has not run yet.
    atStart: false,
    timeoutMs: 60_000,
    async collect({ time }, signal) {
      const answer = await powershell.ask('protection', signal);
      if (answer === undefined) throw new Error('Windows has not been asked about its disks yet');
      if (answer.fields === undefined) throw answer.error;
      return { status: 'measured', points: diskPoints(answer.fields, time) };
    },
  };
}

/** Throws when Windows did not say. */
export function diskPoints(fields: Fields, time: number): Point[] {
  if (fields.disks === undefined) throw new Error(`Windows does not say how its disks are (${fields.disks_error})`);
  return listOf(fields.disks)
    .slice(0, maxDisks)
    .flatMap((disk): Point[] => {
      const device = cleanText(textOf(disk.DeviceId) ?? '');
      if (device === '') return [];
      const model = cleanText(textOf(disk.FriendlyName) ?? '') || undefined;
      const health = countOf(disk.HealthStatus);
      const isKnown = health === healthy || health === warning || health === unhealthy;
      const problem = isKnown ? undefined : 'Windows does not know its health';
      const failing = isKnown ? health !== healthy : undefined;
      return [point('disk_health', { time, tags: { device: `disk ${device}` }, fields: { failing, model, problem } })];
    });
}
