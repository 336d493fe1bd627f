/**
 * Windows Security Center, of computers for work only: what products say of themselves to Windows. Its list keeps
 * products that were removed, lists one twice after an upgrade, and can be written by whoever wants Defender off. So an
 * entry proves nothing without a running service of that product.
 */
import { type RegistryKey, registryNumber, registryText } from '../../system/registry-query.ts';
import { countOf, type Fields, listOf, textOf } from '../windows/script-answer.ts';
import { keepFor, type WindowsMachine } from '../windows/windows-machine.ts';

export interface RegisteredProduct {
  readonly name: string;
  readonly isOn: boolean | undefined;
  readonly outOfDate: boolean | undefined;
  /** Of Windows itself. */
  readonly isMicrosoft: boolean;
  /** As registered, with variables. */
  readonly program: string | undefined;
  /** Milliseconds since 1970 of the last change; only PowerShell knows it. */
  readonly time: number | undefined;
}

const place = 'HKLM\\SOFTWARE\\Microsoft\\Security Center\\Provider\\Av';
const defender = '{D68DDC3A-831F-4FAE-9E44-DA132C1ACF46}';

/** Newest first; of products with the same name only the newest. Empty on servers. */
export async function registeredProducts(machine: WindowsMachine, signal: AbortSignal): Promise<RegisteredProduct[]> {
  if ((await machine.isClient(signal)) === false) return [];
  const keys = await machine.registry([place, '/s'], { signal, seconds: keepFor.settings });
  const fromRegistry = keys.flatMap((key) => fromKey(key) ?? []);
  if (fromRegistry.length > 0) return newestOfEach(fromRegistry);
  const answer = await machine.powershell.ask('protection', signal);
  return newestOfEach(listOf(answer?.fields?.wsc).flatMap((entry) => fromScript(entry) ?? []));
}

export function fromKey(key: RegistryKey): RegisteredProduct | undefined {
  const name = registryText(key, 'DISPLAYNAME');
  const state = registryNumber(key, 'STATE');
  if (name === undefined || state === undefined) return undefined;
  const guid = registryText(key, 'GUID') ?? key.path.slice(key.path.lastIndexOf('\\') + 1);
  return { name, ...decodeState(state, guid), program: registryText(key, 'PRODUCTEXE'), time: undefined };
}

export function fromScript(entry: Fields): RegisteredProduct | undefined {
  const name = textOf(entry.displayName);
  const state = countOf(entry.productState);
  if (name === undefined || state === undefined) return undefined;
  const program = textOf(entry.pathToSignedProductExe);
  const time = Date.parse(textOf(entry.timestamp) ?? '');
  const decoded = decodeState(state, textOf(entry.instanceGuid) ?? '');
  return { name, ...decoded, program, time: Number.isNaN(time) ? undefined : time };
}

/** The bits are not documented; these are the ones that others rely on. */
export function decodeState(state: number, guid: string) {
  const activity = (state >> 12) & 0xf;
  const signatures = (state >> 4) & 0xf;
  return {
    // 0 off, 1 on, 2 snoozed, 3 expired.
    isOn: activity > 3 ? undefined : activity === 1,
    outOfDate: signatures > 1 ? undefined : signatures === 1,
    isMicrosoft: guid.toUpperCase() === defender,
  };
}

export function newestOfEach(products: readonly RegisteredProduct[]): RegisteredProduct[] {
  const byName = new Map<string, RegisteredProduct>();
  // Without times, an entry that is on comes before its twin that is off.
  const rank = ({ time, isOn }: RegisteredProduct) => [time ?? 0, isOn === true ? 1 : 0] as const;
  const sorted = products.toSorted((a, b) => rank(b)[0] - rank(a)[0] || rank(b)[1] - rank(a)[1]);
  for (const product of sorted) {
    if (!byName.has(product.name)) byName.set(product.name, product);
  }
  return [...byName.values()];
}
