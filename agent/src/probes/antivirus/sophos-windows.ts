/** Sophos. Source: the state of health in the registry; whether files are scanned as they are opened it does not say. */
import { type RegistryKey, registryNumber } from '../../system/registry-query.ts';
import { keepFor } from '../windows/windows-machine.ts';
import type { FoundProduct } from './found-windows.ts';
import type { ProductStatus } from './product-status.ts';

const bad = 3;

export async function readSophos({ machine, signal }: FoundProduct): Promise<Partial<ProductStatus>> {
  const key = await machine.softwareKey('Sophos\\Health\\Status', { signal, seconds: keepFor.settings });
  if (key === undefined) return { readState: 'unsupported', problem: 'its state of health is not in the registry' };
  return sophosHealth(key);
}

/** 1 good, 2 medium, 3 bad; of a single service, 0 is running. */
export function sophosHealth(key: RegistryKey): Partial<ProductStatus> {
  const problems = [
    ...(registryNumber(key, 'health') === bad ? ['its health is bad'] : []),
    ...(registryNumber(key, 'threat') === bad ? ['it has a threat that is not dealt with'] : []),
    ...(registryNumber(key, 'admin') === bad ? ['it has cut the machine off the network'] : []),
    ...(registryNumber(key, 'service') === bad ? ['one of its services does not run'] : []),
  ];
  return { problem: problems.length > 0 ? problems.join(', ') : undefined, source: 'registry Sophos Health' };
}
