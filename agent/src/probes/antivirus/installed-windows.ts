/** The list of installed programs, which a product's remover cleans up. */
import { type RegistryKey, registryText } from '../../system/registry-query.ts';
import { keepFor, type WindowsMachine } from '../windows/windows-machine.ts';

export interface InstalledProgram {
  readonly name: string;
  readonly version: string | undefined;
  readonly publisher: string | undefined;
  readonly folder: string | undefined;
}

const places = ['HKLM\\SOFTWARE', 'HKLM\\SOFTWARE\\WOW6432Node'].map(
  (software) => `${software}\\Microsoft\\Windows\\CurrentVersion\\Uninstall`,
);

export function installedPrograms(machine: WindowsMachine, signal: AbortSignal): Promise<readonly InstalledProgram[]> {
  return machine.remember('installed programs', {
    seconds: keepFor.installed,
    ask: () => readPrograms(machine, signal),
  });
}

/** Not through `registry`, which would keep all of a long list. */
async function readPrograms(machine: WindowsMachine, signal: AbortSignal): Promise<InstalledProgram[]> {
  const found: InstalledProgram[] = [];
  for (const place of places) found.push(...parsePrograms(await machine.queryRegistry([place, '/s'], signal)));
  return found;
}

/** Updates and parts of programs have no name. */
export function parsePrograms(keys: readonly RegistryKey[]): InstalledProgram[] {
  return keys.flatMap((key) => {
    const name = registryText(key, 'DisplayName');
    if (name === undefined) return [];
    return [
      {
        name,
        version: registryText(key, 'DisplayVersion'),
        publisher: registryText(key, 'Publisher'),
        folder: registryText(key, 'InstallLocation')?.replace(/\\+$/, ''),
      },
    ];
  });
}
