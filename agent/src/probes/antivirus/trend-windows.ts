/** Trend Micro Apex One and OfficeScan. Source: the registry, which has versions only, no state and no dates. */
import { type RegistryKey, registryNumber, registryText } from '../../system/registry-query.ts';
import { keepFor } from '../windows/windows-machine.ts';
import type { FoundProduct } from './found-windows.ts';
import type { ProductStatus } from './product-status.ts';

const misc = 'TrendMicro\\PC-cillinNTCorp\\CurrentVersion\\Misc.';

export async function readTrend({ machine, signal }: FoundProduct): Promise<Partial<ProductStatus>> {
  const key = await machine.softwareKey(misc, { signal, seconds: keepFor.settings });
  const problem = 'present, its state is not known: the registry has its versions only';
  return { ...(key && trendVersions(key)), readState: 'unsupported', problem };
}

/** 1995300 is pattern 19.953.00. */
export function trendVersions(key: RegistryKey): Partial<ProductStatus> {
  const pattern = registryNumber(key, 'InternalNonCrcPatternVer');
  return {
    version: registryText(key, 'TmListen_Ver'),
    signatureVersion: pattern === undefined ? undefined : patternVersion(pattern),
    source: 'registry PC-cillinNTCorp',
  };
}

function patternVersion(pattern: number): string {
  const digits = (number: number, count: number) => String(Math.floor(number)).padStart(count, '0');
  return `${digits(pattern / 100_000, 1)}.${digits((pattern % 100_000) / 100, 3)}.${digits(pattern % 100, 2)}`;
}
