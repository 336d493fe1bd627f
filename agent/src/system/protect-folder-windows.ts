import { win32 } from 'node:path';
import { IdentityError } from '../identity.ts';
import { CommandError, type RunCommand } from './run-command.ts';

const timeoutMs = 15_000;

/**
 * Full rights, inherited by files and folders within, for SYSTEM, Administrators and OWNER RIGHTS: whoever made the file,
 * who on an installed machine is one of the two others. By their ids, because the names are translated.
 * https://learn.microsoft.com/windows-server/identity/ad-ds/manage/understand-security-identifiers
 */
const grants = ['*S-1-5-18', '*S-1-5-32-544', '*S-1-3-4'].map((id) => `${id}:(OI)(CI)F`);

/**
 * Takes the data folder away from everybody else, before a key is written into it: Node cannot do it. Windows only.
 * Throws IdentityError.
 */
export async function protectFolder(
  folder: string,
  { runCommand, systemRoot }: { readonly runCommand: RunCommand; readonly systemRoot: string },
): Promise<void> {
  const icacls = win32.join(systemRoot, 'System32', 'icacls.exe');
  try {
    await runCommand(icacls, [folder, '/inheritance:r', '/grant:r', ...grants, '/q'], { timeoutMs });
  } catch (cause) {
    if (!(cause instanceof CommandError)) throw cause;
    throw new IdentityError(
      `cannot keep other users of this machine out of ${folder} (${cause.message}): run this as administrator, or choose a folder on an NTFS disk with --data`,
      { cause },
    );
  }
}
