/** Every protection product that is known on Linux, those that say most first. */
import type { RunCommand } from '../../system/run-command.ts';
import { bitdefender } from './bitdefender-linux.ts';
import { clamavReader } from './clamav.ts';
import { clamavDetections } from './clamav-detections.ts';
import { commandReader } from './command-reader-linux.ts';
import { crowdstrike } from './crowdstrike-linux.ts';
import { DpkgStatus } from './dpkg-status.ts';
import { esetProducts } from './eset-linux.ts';
import { genericReader } from './generic-linux.ts';
import { kesl } from './kesl.ts';
import { keslDetections } from './kesl-detections.ts';
import { mdatp } from './mdatp.ts';
import { ProcessesLinux } from './processes-linux.ts';
import type { AntivirusReader, DetectionSource } from './product-status.ts';
import { sentinelone } from './sentinelone-linux.ts';
import { sophosProducts } from './sophos-linux.ts';
import { trend } from './trend-linux.ts';

export function linuxAntivirus(options: {
  root: string;
  /** Where clamd.conf is, instead of the usual places. */
  clamdConfig: readonly string[];
  runCommand: RunCommand;
  now: () => number;
  monotonic: () => number;
}): { readers: readonly AntivirusReader[]; sources: readonly DetectionSource[] } {
  const { root, clamdConfig: configPaths, runCommand, now, monotonic } = options;
  const processes = new ProcessesLinux(root, monotonic);
  const dpkg = new DpkgStatus(root);
  const machine = { root, processes, runCommand, monotonic };
  const asked = [kesl, mdatp, ...esetProducts, bitdefender, sentinelone, crowdstrike, trend, ...sophosProducts];
  return {
    readers: [
      clamavReader({ root, configPaths, processes, dpkg, now }),
      ...asked.map((product) => commandReader(product, machine)),
      genericReader({ root, processes, dpkg }),
    ],
    sources: [clamavDetections({ root, configPaths, processes }), keslDetections({ root, runCommand })],
  };
}
