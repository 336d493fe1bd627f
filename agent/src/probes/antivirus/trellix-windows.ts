/** Trellix (McAfee) Endpoint Security. Source: the registry, as Microsoft's assessment of endpoint protection reads it. */
import { type RegistryKey, registryNumber, registryText } from '../../system/registry-query.ts';
import { timeOf } from '../windows/known-time.ts';
import { keepFor } from '../windows/windows-machine.ts';
import type { FoundProduct } from './found-windows.ts';
import type { ProductStatus } from './product-status.ts';

export async function readTrellix({ machine, signal }: FoundProduct): Promise<Partial<ProductStatus>> {
  const ask = { signal, seconds: keepFor.settings };
  const onAccess = await machine.softwareKey('McAfee\\AVSolution\\MCSHIELDGLOBAL\\GLOBAL', ask);
  const content = await machine.softwareKey('McAfee\\AVSolution\\DS\\DS', ask);
  const version = registryText(await machine.softwareKey('McAfee\\Endpoint\\AV', ask), 'ProductVersion');
  if (onAccess === undefined) {
    return { version, readState: 'unsupported', problem: 'its state is not in the registry, or it protects the key' };
  }
  return { version, ...trellixState(onAccess, content) };
}

export function trellixState(onAccess: RegistryKey, content: RegistryKey | undefined): Partial<ProductStatus> {
  const enabled = registryNumber(onAccess, 'enableoas');
  const realtime = enabled === 1 ? true : enabled === 0 ? false : undefined;
  const date = registryText(content, 'szContentCreationDate');
  return {
    realtime,
    mode: realtime === undefined ? undefined : realtime ? 'active' : 'disabled',
    signatureVersion: registryNumber(content, 'dwContentMajorVersion')?.toString(),
    signatureTime: timeOf(date?.slice(0, 10), { format: 'yyyy-MM-dd', zone: 'utc' }),
    source: 'registry AVSolution',
  };
}
