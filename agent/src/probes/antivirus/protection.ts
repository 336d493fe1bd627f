/** The probes of protection products, put together for the platform. */
import type { Point } from '@vonggac/shared';
import type { Logger } from '../../log.ts';
import { monotonicMs } from '../../system/monotonic.ts';
import type { RunCommand } from '../../system/run-command.ts';
import { PendingFile } from '../posture/first-seen.ts';
import { linuxParts } from '../posture/linux.ts';
import { type PosturePart, postureProbe } from '../posture/posture.ts';
import { windowsParts } from '../posture/windows.ts';
import type { Probe } from '../probe.ts';
import type { WindowsMachine } from '../windows/windows-machine.ts';
import { antivirusProbe } from './antivirus.ts';
import { CursorFile } from './cursor-file.ts';
import { malwareProbe } from './malware.ts';
import type { AntivirusReader, DetectionSource } from './product-status.ts';
import { linuxAntivirus } from './readers-linux.ts';
import { windowsAntivirus } from './readers-windows.ts';
import type { Privacy } from './reduce-personal.ts';

export interface ProtectionOptions {
  readonly privacy: Privacy;
  /** Where clamd.conf is, instead of the usual places. */
  readonly clamdConfig: readonly string[];
  /** The data folder; undefined for a look that is to leave no trace: it finds the detections of the last day. */
  readonly folder: string | undefined;
  /** Takes detections into safe keeping before it returns. */
  readonly onDetections: (points: readonly Point[]) => void;
  readonly logger: Pick<Logger, 'warn'>;
  /** 0 to 1: how long the search for updates waits at the start. Without it, not at all. */
  readonly random?: () => number;
}

export function protectionProbes(
  options: ProtectionOptions & {
    platform: NodeJS.Platform;
    root: string;
    runCommand: RunCommand;
    windows: WindowsMachine;
  },
): Probe[] {
  const { readers, sources, parts } = options.platform === 'win32' ? onWindows(options.windows) : onLinux(options);
  const cursors = new CursorFile(options.folder, options.logger);
  const { privacy, onDetections } = options;
  return [antivirusProbe(readers), malwareProbe({ sources, cursors, privacy, onDetections }), postureProbe(parts)];
}

interface Sources {
  readonly readers: readonly AntivirusReader[];
  readonly sources: readonly DetectionSource[];
  readonly parts: readonly PosturePart[];
}

function onLinux(options: Parameters<typeof protectionProbes>[0]): Sources {
  const { root, clamdConfig, runCommand, random = () => 0 } = options;
  const pending = new PendingFile(options.folder);
  return {
    ...linuxAntivirus({ root, clamdConfig, runCommand, now: Date.now, monotonic: monotonicMs }),
    parts: linuxParts({ root, runCommand, pending, random }),
  };
}

function onWindows(machine: WindowsMachine): Sources {
  return { ...windowsAntivirus(machine), parts: windowsParts(machine) };
}
