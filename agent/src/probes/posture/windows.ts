/** The parts of the posture of a Windows machine. */
import type { WindowsMachine } from '../windows/windows-machine.ts';
import { firewallPart } from './firewall-windows.ts';
import type { PosturePart } from './posture.ts';
import { rebootPart, remoteDesktopPart, scriptPart, supportPart } from './settings-windows.ts';
import { updatesPart } from './updates-windows.ts';

export function windowsParts(machine: WindowsMachine): PosturePart[] {
  // The script before the updates: PowerShell is first of all for the state of the protection.
  return [
    firewallPart(machine),
    rebootPart(machine),
    remoteDesktopPart(machine),
    supportPart(machine),
    scriptPart(machine),
    updatesPart(machine),
  ];
}
