/** The parts of the posture of a Linux machine. */
import type { RunCommand } from '../../system/run-command.ts';
import { accountsPart } from './accounts-linux.ts';
import { encryptionPart } from './encryption-linux.ts';
import { exposurePart } from './exposure-linux.ts';
import { firewallPart } from './firewall-linux.ts';
import type { PendingFile } from './first-seen.ts';
import type { PosturePart } from './posture.ts';
import { rebootPart } from './reboot-linux.ts';
import { supportPart } from './support-linux.ts';
import { updatesPart } from './updates-linux.ts';

export function linuxParts(options: {
  readonly root: string;
  readonly runCommand: RunCommand;
  readonly pending: PendingFile;
  readonly random: () => number;
}): PosturePart[] {
  const { root, runCommand } = options;
  return [
    firewallPart(root, runCommand),
    updatesPart(options),
    rebootPart(root),
    encryptionPart(root),
    exposurePart(root),
    accountsPart(root),
    supportPart(root),
  ];
}
