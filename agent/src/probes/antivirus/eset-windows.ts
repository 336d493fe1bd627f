/**
 * ESET. Sources: the registry for versions and the date of the signatures; `ermm.exe` for the state, where the policy
 * allows it: remote monitoring is off by default. https://help.eset.com/ees/12/en-US/idh_config_rmm.html
 */
import { type RegistryKey, registryText } from '../../system/registry-query.ts';
import { timeOf } from '../windows/known-time.ts';
import { countOf, type Fields, listOf, objectOf, textOf } from '../windows/script-answer.ts';
import { keepFor, type WindowsMachine } from '../windows/windows-machine.ts';
import type { FoundProduct } from './found-windows.ts';
import type { ProductStatus } from './product-status.ts';

const info = 'ESET\\ESET Security\\CurrentVersion\\Info';

export async function readEset({ machine, program, signal }: FoundProduct): Promise<Partial<ProductStatus>> {
  const known = esetVersions(await machine.softwareKey(info, { signal, seconds: keepFor.settings }));
  const ermm = await ermmOf(machine, { folder: program?.folder, signal });
  if (ermm === undefined) return { ...known, readState: 'unsupported', problem: 'it has no ermm.exe' };
  const ask = async (what: string) =>
    ermmResult((await machine.product(ermm, ['get', what], { signal, seconds: keepFor.programs })).stdout);
  const protection = await ask('protection-status');
  if (protection === undefined) {
    const problem =
      'ermm.exe gives neither state nor detections: remote monitoring (RMM) is not allowed in its settings';
    return { ...known, readState: 'unsupported', problem };
  }
  return {
    ...known,
    ...esetProtection(protection),
    ...esetUpdate((await ask('update-status')) ?? {}),
    ...esetLicence((await ask('license-info')) ?? {}),
    source: 'ermm',
  };
}

const usualFolder = 'Program Files\\ESET\\ESET Security';

/** Where its program for remote monitoring is: as the registry says, else in this folder or the usual one. */
export async function ermmOf(
  machine: WindowsMachine,
  { folder, signal }: { readonly folder?: string | undefined; readonly signal: AbortSignal },
): Promise<string | undefined> {
  const key = await machine.softwareKey(info, { signal, seconds: keepFor.settings });
  const said = registryText(key, 'InstallDir')?.replace(/\\+$/, '');
  const folders = said === undefined ? [folder, `${machine.systemRoot.slice(0, 2)}\\${usualFolder}`] : [said];
  const programs = folders.flatMap((one) => (one === undefined ? [] : [`${one}\\ermm.exe`]));
  return programs.find((program) => machine.isProgram(program));
}

/** `31832 (20250909)`: version and date of the signatures. */
export function esetVersions(key: RegistryKey | undefined): Partial<ProductStatus> {
  const [, signatureVersion, date] = /^(\d{1,10}) \((\d{8})\)/.exec(registryText(key, 'ScannerVersion') ?? '') ?? [];
  return {
    name: registryText(key, 'ProductName'),
    version: registryText(key, 'ProductVersion'),
    signatureVersion,
    signatureTime: timeOf(date, { format: 'yyyyMMdd', zone: 'utc' }),
    source: key && 'registry ESET Security',
  };
}

/** The result; undefined for what is no answer of ermm, or one that says that there is an error. */
export function ermmResult(text: string): Fields | undefined {
  try {
    return objectOf(objectOf(JSON.parse(text.replace(/^\ufeff/, '')))?.result);
  } catch {
    return undefined;
  }
}

/** 0: all is protected; 1 and 2 may be about anything, such as an update of Windows. Descriptions are translated. */
export function esetProtection(result: Fields): Partial<ProductStatus> {
  const status = countOf(result.status);
  const alerts = listOf(result.statuses).flatMap(({ id }) => textOf(id) ?? []);
  if (status === 0 && alerts.length === 0) return { realtime: true, mode: 'active' };
  const isOff = alerts.some((id) => /realtime.{0,40}(?:disabled|off|paused)/i.test(id));
  return {
    realtime: isOff ? false : undefined,
    mode: isOff ? 'disabled' : undefined,
    licenceStatus: alerts.includes('EkrnNotActivated') ? 'none' : undefined,
    problem: alerts.length > 0 ? `it reports ${alerts.slice(0, 5).join(', ')}` : undefined,
  };
}

/** Its times are those of the machine's zone. */
export function esetUpdate(result: Fields): Partial<ProductStatus> {
  const outcome = textOf(result.last_update_result);
  return {
    updateAttempt: timeOf(textOf(result.last_update_time), { format: 'yyyy-MM-dd HH-mm-ss', zone: 'local' }),
    updateSucceeded: outcome === undefined ? undefined : outcome === 'ok',
  };
}

export function esetLicence(result: Fields): Partial<ProductStatus> {
  const state = textOf(result.expiration_state);
  const licenceExpires = timeOf(textOf(result.expiration_date), { format: 'yyyy-MM-dd', zone: 'utc' });
  if (state === undefined) return licenceExpires === undefined ? {} : { licenceExpires };
  return { licenceExpires, ...(state === 'ok' && { licenceStatus: 'valid' }) };
}
