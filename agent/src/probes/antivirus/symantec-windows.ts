/** Symantec Endpoint Protection. Source: the registry, as Microsoft's assessment of endpoint protection reads it. */
import { type RegistryKey, registryNumber, registryText } from '../../system/registry-query.ts';
import { timeOf } from '../windows/known-time.ts';
import { keepFor } from '../windows/windows-machine.ts';
import type { FoundProduct } from './found-windows.ts';
import type { ProductStatus } from './product-status.ts';

const product = 'Symantec\\Symantec Endpoint Protection';

export async function readSymantec({ machine, signal }: FoundProduct): Promise<Partial<ProductStatus>> {
  const ask = { signal, seconds: keepFor.settings };
  const state = await machine.softwareKey(`${product}\\CurrentVersion\\public-opstate`, ask);
  if (state === undefined) return { readState: 'unsupported', problem: 'its state is not in the registry' };
  return symantecState(state, await machine.softwareKey(`${product}\\AV\\Storages\\Filesystem\\RealTimeScan`, ask));
}

export function symantecState(state: RegistryKey, realtimeScan: RegistryKey | undefined): Partial<ProductStatus> {
  const isOn = registryNumber(realtimeScan, 'OnOff');
  const runs = registryNumber(state, 'ASRunningStatus');
  const realtime = isOn === 0 || runs === 0 ? false : isOn === 1 && runs === 1 ? true : undefined;
  const date = registryText(state, 'LatestVirusDefsDate');
  const revision = registryText(state, 'LatestVirusDefsRevision') ?? registryNumber(state, 'LatestVirusDefsRevision');
  const server = registryText(state, 'LastServerIP');
  return {
    version: registryText(state, 'DeployRunningVersion'),
    realtime,
    mode: realtime === undefined ? undefined : realtime ? 'active' : 'disabled',
    signatureVersion: date === undefined ? undefined : [date, revision].filter(Boolean).join(' r'),
    signatureTime: timeOf(date, { format: 'yyyy-MM-dd', zone: 'utc' }),
    managed: server === undefined ? undefined : true,
    managementServer: server,
    source: 'registry public-opstate',
  };
}
