/** Bitdefender GravityZone. Source: its `product.console.exe`, which says nothing of the real-time protection. */
import { registryText } from '../../system/registry-query.ts';
import { knownTime } from '../windows/known-time.ts';
import { keepFor } from '../windows/windows-machine.ts';
import type { FoundProduct } from './found-windows.ts';
import type { ProductStatus } from './product-status.ts';

const place = 'HKLM\\SOFTWARE\\BitDefender\\Endpoint Security';

export async function readBitdefender({ machine, signal }: FoundProduct): Promise<Partial<ProductStatus>> {
  const query = [place, '/s', '/v', 'InstallPath'];
  const keys = await machine.registry(query, { signal, seconds: keepFor.settings });
  const folder = keys.flatMap((key) => registryText(key, 'InstallPath') ?? [])[0]?.replace(/\\+$/, '');
  const program = `${folder ?? ''}\\product.console.exe`;
  if (!machine.isProgram(program)) {
    return { readState: 'unsupported', problem: 'it has no product.console.exe' };
  }
  const ask = async (...args: string[]) =>
    (await machine.product(program, ['/c', ...args], { signal, seconds: keepFor.programs })).stdout;
  return {
    version: parseVersion(await ask('GetVersion', 'product')),
    signatureVersion: parseVersion(await ask('GetVersion', 'antivirus')),
    ...parseUpdateStatus(await ask('GetUpdateStatus', 'antivirus')),
    source: 'product.console',
  };
}

export function parseVersion(text: string): string | undefined {
  return /^\s*(\d{1,10}(?:\.\d{1,10}){1,5})\s*$/.exec(text)?.[1];
}

/** `lastSucceededTime: 1795150811`, seconds since 1970; 0 is never. It has no other date of its signatures. */
export function parseUpdateStatus(text: string): Partial<ProductStatus> {
  const lines = text.split('\n').map((line) => line.trim());
  const number = (name: string) => {
    const value = lines.find((line) => line.startsWith(`${name}: `))?.slice(name.length + 2);
    return value !== undefined && /^\d{1,15}$/.test(value) ? Number(value) : undefined;
  };
  const time = (name: string) => {
    const seconds = number(name);
    return seconds === undefined ? undefined : knownTime(seconds * 1_000);
  };
  const error = number('lastError');
  return {
    signatureTime: time('lastSucceededTime'),
    updateAttempt: time('lastAttemptedTime'),
    updateSucceeded: error === undefined ? undefined : error === 0,
  };
}
