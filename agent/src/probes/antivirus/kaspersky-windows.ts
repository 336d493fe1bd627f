/**
 * Kaspersky. Source: what the Network Agent keeps in the registry for the Security Center, and, where no Network Agent
 * is, `kescli`, which answers 1 or 0 for a well-known inspection interface.
 * https://support.kaspersky.com/KESWin/12.9/en-US/213719.htm
 */
import { type RegistryKey, registryNumber, registryText } from '../../system/registry-query.ts';
import { timeOf } from '../windows/known-time.ts';
import { keepFor } from '../windows/windows-machine.ts';
import type { FoundProduct } from './found-windows.ts';
import type { ProductStatus } from './product-status.ts';

const avState = 'KasperskyLab\\Components\\34\\1103\\1.0.0.0\\Statistics\\AVState';

export async function readKaspersky(found: FoundProduct): Promise<Partial<ProductStatus>> {
  const { machine, signal } = found;
  const key = await machine.softwareKey(avState, { signal, seconds: keepFor.settings });
  if (key === undefined) return askKescli(found);
  const state = kasperskyState(key);
  const agent = (await machine.services(signal)).get('klnagent');
  if (agent?.running === true) return state;
  // The agent writes the key: without it, this is what was true when it stopped.
  const problem = 'the Network Agent is not running: what it wrote of the real-time protection may be old';
  return { ...state, realtime: undefined, mode: undefined, problem };
}

export function kasperskyState(key: RegistryKey): Partial<ProductStatus> {
  const time = (name: string) => timeOf(registryText(key, name), { format: 'dd-MM-yyyy HH-mm-ss', zone: 'utc' });
  const server = registryText(key, 'Protection_AdmServer');
  const lastScan = key.values.get('protection_lastfscan');
  const { realtime, mode } = realtimeState(registryNumber(key, 'Protection_RtpState'));
  const runs = registryNumber(key, 'Protection_AvRunning');
  return {
    realtime: realtime === true && runs !== 1 ? undefined : realtime,
    mode,
    signatureTime: time('Protection_BasesDate'),
    fullScan: time('Protection_LastFscan'),
    neverScanned: lastScan === undefined ? undefined : lastScan.data.trim() === '',
    managed: server === undefined ? undefined : true,
    managementServer: server,
    source: 'registry AVState',
  };
}

/** 1 stopped, 2 paused, 3 starting, 4 to 8 running with settings of one kind or another, 9 failed; 0 is unknown. */
function realtimeState(state: number | undefined): Pick<ProductStatus, 'realtime' | 'mode'> {
  if (state === undefined || state === 0 || state > 9) return {};
  if (state === 3) return { mode: 'starting' };
  return state >= 4 && state <= 8 ? { realtime: true, mode: 'active' } : { realtime: false, mode: 'disabled' };
}

async function askKescli({ machine, program, signal }: FoundProduct): Promise<Partial<ProductStatus>> {
  const kescli = `${program?.folder ?? ''}\\kescli.exe`;
  if (!machine.isProgram(kescli)) {
    return { readState: 'unsupported', problem: 'neither a Network Agent nor kescli says its state' };
  }
  const ask = { signal, seconds: keepFor.programs };
  const { stdout } = await machine.product(kescli, ['--opswat', 'GetRealTimeProtectionState'], ask);
  const realtime = parseKescliState(stdout);
  if (realtime === undefined) return { readState: 'error', problem: 'kescli says neither 1 nor 0', source: 'kescli' };
  return { realtime, mode: realtime ? 'active' : 'disabled', source: 'kescli' };
}

export function parseKescliState(text: string): boolean | undefined {
  const answer = text.trim();
  if (answer === '1') return true;
  return answer === '0' ? false : undefined;
}
