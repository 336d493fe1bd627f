/** The list of installed programs, which a product's remover cleans up. */
import { registryText } from '../../system/registry-query.ts';
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
  for (const place of places) {
    for (const key of await machine.queryRegistry([place, '/s'], signal)) {
      const name = registryText(key, 'DisplayName');
      if (name === undefined) continue;
      found.push({
        name,
        version: registryText(key, 'DisplayVersion'),
        publisher: registryText(key, 'Publisher'),
        folder: registryText(key, 'InstallLocation')?.replace(/\\+$/, ''),
      });
    }
  }
  return found;
}
