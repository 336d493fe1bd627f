/** Restart, remote desktop and the version of Windows, by the registry; disk, SMBv1 and administrators, by the script. */
import { type RegistryKey, registryNumber, registryText } from '../../system/registry-query.ts';
import type { ScriptAnswer } from '../windows/powershell-turns.ts';
import { booleanOf, countOf, type Fields, listOf, textOf } from '../windows/script-answer.ts';
import { keepFor, type WindowsMachine } from '../windows/windows-machine.ts';
import type { PostureFields, PosturePart } from './posture.ts';
import { supportFields, windowsSupportEnd } from './support-ends.ts';

const current = 'HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion';
/** That such a key is there is the sign. Files to rename at the next start are none: any installer leaves some. */
const rebootKeys = [
  `${current}\\Component Based Servicing\\RebootPending`,
  `${current}\\WindowsUpdate\\Auto Update\\RebootRequired`,
];
const version = 'HKLM\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion';
const remote = 'HKLM\\SYSTEM\\CurrentControlSet\\Control\\Terminal Server';
const remotePolicy = 'HKLM\\SOFTWARE\\Policies\\Microsoft\\Windows NT\\Terminal Services';

export function rebootPart(machine: WindowsMachine): PosturePart {
  return {
    name: 'reboot',
    async read(_context, signal) {
      for (const path of rebootKeys) {
        // Undefined for a key that is there and empty, too: its line is what counts.
        const keys = await machine.registry([path], { signal, seconds: keepFor.settings });
        if (keys.length > 0) return { reboot_pending: true };
      }
      return { reboot_pending: false };
    },
  };
}

export function remoteDesktopPart(machine: WindowsMachine): PosturePart {
  return {
    name: 'remote desktop',
    async read(_context, signal) {
      const ask = { signal, seconds: keepFor.settings };
      const name = 'fDenyTSConnections';
      const denies =
        registryNumber(await machine.key(remotePolicy, ask), name) ??
        registryNumber(await machine.key(remote, ask), name);
      return denies === undefined ? { problem: 'not in the registry' } : { remote_desktop: denies === 0 };
    },
  };
}

export function supportPart(machine: WindowsMachine): PosturePart {
  return {
    name: 'end of support',
    async read({ time }, signal) {
      return releaseFields(await machine.key(version, { signal, seconds: 24 * 3_600 }), time);
    },
  };
}

export function releaseFields(key: RegistryKey | undefined, now: number): PostureFields {
  const build = Number(registryText(key, 'CurrentBuildNumber') ?? Number.NaN);
  const edition = registryText(key, 'EditionID') ?? '';
  const installation = registryText(key, 'InstallationType');
  if (!Number.isInteger(build) || installation === undefined) return { problem: 'the registry names no version' };
  const end = windowsSupportEnd({ build, edition, isServer: installation !== 'Client' });
  return end === undefined ? { problem: `not known for build ${build} ${edition}` } : supportFields(end, now);
}

/** What only PowerShell says; the same start serves the probe `antivirus`. */
export function scriptPart(machine: WindowsMachine): PosturePart {
  return {
    name: 'settings',
    async read(_context, signal) {
      return settingsFields(await machine.powershell.ask('protection', signal));
    },
  };
}

export function settingsFields(answer: ScriptAnswer | undefined): PostureFields {
  if (answer === undefined) return { problem: 'not asked for yet' };
  const { fields, error } = answer;
  if (fields === undefined) return { problem: error instanceof Error ? error.message : String(error) };
  const failed = ['bitlocker', 'smb1', 'admins'].flatMap((name) => {
    const code = textOf(fields[`${name}_error`]);
    return code === undefined ? [] : [`${name} ${code}`];
  });
  return {
    disk_encryption: bitlockerState(listOf(fields.bitlocker)[0]),
    smb1: booleanOf(fields.smb1),
    local_admins: countOf(fields.admins),
    ...(failed.length > 0 && { problem: failed.join(', ') }),
  };
}

/** https://learn.microsoft.com/windows/win32/secprov/win32-encryptablevolume */
export function bitlockerState(volume: Fields | undefined): string | undefined {
  const protection = countOf(volume?.ProtectionStatus);
  const conversion = countOf(volume?.ConversionStatus);
  if (protection === undefined || conversion === undefined) return undefined;
  // Encrypting, decrypting, or paused at either.
  if (conversion >= 2 && conversion <= 5) return 'in_progress';
  if (conversion === 0) return 'off';
  if (conversion !== 1) return undefined;
  if (protection === 1) return 'on';
  return protection === 0 ? 'suspended' : undefined;
}
