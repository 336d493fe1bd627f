/**
 * Microsoft Defender Antivirus. Sources: its service, its versions in the registry, and, while its service runs,
 * `MSFT_MpComputerStatus` through the one PowerShell script.
 */
import { type RegistryKey, registryText, registryTime } from '../../system/registry-query.ts';
import { knownTime, powershellTime } from '../windows/known-time.ts';
import type { ScriptAnswer } from '../windows/powershell-turns.ts';
import { booleanOf, countOf, type Fields, listOf, textOf } from '../windows/script-answer.ts';
import { keepFor, type WindowsMachine } from '../windows/windows-machine.ts';
import type { Mode, ProductStatus } from './product-status.ts';
import { failedRead } from './read-failure.ts';

const updates = 'HKLM\\SOFTWARE\\Microsoft\\Windows Defender\\Signature Updates';
/** https://learn.microsoft.com/previous-versions/windows/desktop/legacy/mpstatus-flag */
const platformUpdateDue = 0x100000;
/** Days since a scan that never was. */
const never = [65_535, 4_294_967_295];

const modes: Readonly<Record<string, Mode>> = {
  Normal: 'active',
  'Passive Mode': 'passive',
  'SxS Passive Mode': 'passive',
  'EDR Block Mode': 'passive',
  'Not running': 'not_running',
};

export async function readDefender(machine: WindowsMachine, signal: AbortSignal): Promise<readonly ProductStatus[]> {
  const service = (await machine.services(signal)).get('windefend');
  if (service === undefined) return [];
  const { running } = service;
  const base: ProductStatus = {
    product: 'defender',
    name: 'Microsoft Defender Antivirus',
    readState: 'ok',
    running,
    licenceStatus: 'builtin',
    source: 'service',
  };
  // Never asked while its service does not run: with another product installed the question hangs.
  if (running === false) return [{ ...base, realtime: false, mode: 'not_running' }];
  if (running === undefined) return [{ ...base, mode: 'starting' }];
  const versions = defenderVersions(await machine.key(updates, { signal, seconds: keepFor.settings }));
  const answer = await machine.powershell.ask('protection', signal);
  return [{ ...base, ...versions, ...withoutUnknown(statusOf(answer)) }];
}

export function defenderVersions(key: RegistryKey | undefined): Partial<ProductStatus> {
  const applied = registryTime(key, 'AVSignatureApplied') ?? registryTime(key, 'SignaturesLastUpdated');
  return {
    engineVersion: version(registryText(key, 'EngineVersion')),
    signatureVersion: version(registryText(key, 'AVSignatureVersion')),
    signatureTime: knownTime(applied),
  };
}

function statusOf(answer: ScriptAnswer | undefined): Partial<ProductStatus> {
  if (answer === undefined) return { readState: 'timeout', problem: 'its state has not been asked for yet' };
  const { fields, error } = answer;
  if (fields === undefined) return failedRead(error);
  const [state] = listOf(fields.mp);
  if (state === undefined) {
    return {
      readState: 'error',
      problem: `MSFT_MpComputerStatus gives no state: ${textOf(fields.mp_error) ?? 'empty'}`,
    };
  }
  return { ...defenderStatus(state), activeThreats: countOf(fields.threats) };
}

/** Of `MSFT_MpComputerStatus`, whichever PowerShell wrote it. */
export function defenderStatus(state: Fields): Partial<ProductStatus> {
  const mode = modes[textOf(state.AMRunningMode) ?? ''];
  const engineVersion = version(textOf(state.AMEngineVersion));
  const isActive = booleanOf(state.AMServiceEnabled) !== false && mode !== 'not_running' && mode !== 'passive';
  const wanted = booleanOf(state.RealTimeProtectionEnabled);
  const contradicts = wanted === true && !(isActive && engineVersion !== undefined);
  const fullScan = powershellTime(state.FullScanEndTime);
  const pending = (countOf(state.ProductStatus) ?? 0) & platformUpdateDue ? 'platform_update' : undefined;
  return {
    version: version(textOf(state.AMProductVersion)),
    running: booleanOf(state.AMServiceEnabled),
    realtime: contradicts ? undefined : wanted,
    mode: wanted === false && mode === 'active' ? 'disabled' : mode,
    engineVersion,
    signatureVersion: version(textOf(state.AntivirusSignatureVersion)),
    signatureTime: powershellTime(state.AntivirusSignatureLastUpdated),
    // Of an engine that does not run, Windows says that all is up to date.
    outOfDate: engineVersion === undefined ? undefined : booleanOf(state.DefenderSignaturesOutOfDate),
    quickScan: powershellTime(state.QuickScanEndTime),
    fullScan,
    neverScanned: neverScanned({ fullScan, age: countOf(state.FullScanAge), isRunning: engineVersion !== undefined }),
    tamperProtected: booleanOf(state.IsTamperProtected),
    pendingAction: state.RebootRequired === true ? 'reboot' : state.FullScanRequired === true ? 'full_scan' : pending,
    source: 'MSFT_MpComputerStatus',
    problem: contradicts ? 'it says that real-time protection is on, and that its engine is not in use' : undefined,
  };
}

function neverScanned(scan: { fullScan: number | undefined; age: number | undefined; isRunning: boolean }) {
  if (scan.fullScan !== undefined) return false;
  return scan.isRunning && scan.age !== undefined && never.includes(scan.age) ? true : undefined;
}

/** `0.0.0.0` is that of an engine that does not run. */
function version(text: string | undefined): string | undefined {
  return text !== undefined && /^\d[\d.]{0,40}$/.test(text) && !/^[0.]+$/.test(text) ? text : undefined;
}

/** So that what one source does not know leaves what another one said. */
export function withoutUnknown<T extends object>(fields: T): Partial<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Partial<T>;
}
