/**
 * Every product besides Defender, by service, list of installed programs or process; and what their own readers add.
 * Of products without a source of their state it says just that.
 */
import type { ServiceList } from '../../system/service-list-windows.ts';
import { keepFor, type WindowsMachine } from '../windows/windows-machine.ts';
import { readBitdefender } from './bitdefender-windows.ts';
import { withoutUnknown } from './defender-windows.ts';
import { readEset } from './eset-windows.ts';
import type { FoundProduct, ProductReader } from './found-windows.ts';
import { installedPrograms } from './installed-windows.ts';
import { readKaspersky } from './kaspersky-windows.ts';
import type { ProductStatus } from './product-status.ts';
import { type KnownProduct, knownProducts, productCalled } from './products-windows.ts';
import { failedRead } from './read-failure.ts';
import { readSophos } from './sophos-windows.ts';
import { readSymantec } from './symantec-windows.ts';
import { readTrellix } from './trellix-windows.ts';
import { readTrend } from './trend-windows.ts';

const readers: Readonly<Record<string, ProductReader>> = {
  kaspersky: readKaspersky,
  eset: readEset,
  bitdefender: readBitdefender,
  symantec: readSymantec,
  trend: readTrend,
  sophos: readSophos,
  trellix: readTrellix,
};

const stateUnknown = 'present, its state is not known: it has no interface that says it';
const guessed = 'recognised by a name that was not checked on a real machine';

export async function readProducts(machine: WindowsMachine, signal: AbortSignal): Promise<ProductStatus[]> {
  const services = await machine.services(signal);
  const programs = await installedPrograms(machine, signal).catch((error: unknown) => {
    signal.throwIfAborted();
    // Only names and versions are lost with it.
    return failedRead(error);
  });
  const installed = 'readState' in programs ? [] : programs;
  const found: ProductStatus[] = [];
  for (const known of knownProducts) {
    const present = servicesOf(known, services);
    const program = installed.find(({ name }) => productCalled(name) === known);
    if (present.length === 0 && program === undefined) continue;
    const hasService = present.length > 0;
    found.push(await statusOf(known, { machine, hasService, running: runningOf(present), program, signal }));
  }
  return found;
}

async function statusOf(known: KnownProduct, found: FoundProduct): Promise<ProductStatus> {
  const { program, hasService } = found;
  const running = hasService ? found.running : await hasProcess(known, found);
  const base = {
    product: known.product,
    name: program?.name ?? known.name,
    version: program?.version,
    running,
    source: hasService ? 'service' : 'installed programs',
  };
  const reader = readers[known.product];
  if (reader === undefined) {
    const problem = known.isGuess ? `${stateUnknown}; ${guessed}` : stateUnknown;
    return { ...base, readState: 'unsupported', problem };
  }
  if (!hasService) return { ...base, readState: 'ok', problem: 'installed, but its service is not there' };
  if (running === undefined) return { ...base, readState: 'ok', mode: 'starting' };
  let detail: Partial<ProductStatus>;
  try {
    detail = await reader(found);
  } catch (error) {
    found.signal.throwIfAborted();
    detail = failedRead(error);
  }
  const status: ProductStatus = { ...base, readState: 'ok', ...withoutUnknown(detail) };
  // What it wrote down while it ran is not what it does now.
  return running ? status : { ...status, realtime: false, mode: 'not_running' };
}

function servicesOf(known: KnownProduct, services: ServiceList) {
  return [...services].flatMap(([name, service]) => (known.service.test(name) ? [service] : []));
}

/** One of its services that runs is enough: products have several and start some only when needed. */
function runningOf(services: readonly { readonly running: boolean | undefined }[]): boolean | undefined {
  if (services.some(({ running }) => running === true)) return true;
  return services.length > 0 && services.every(({ running }) => running === false) ? false : undefined;
}

/** For products whose services are not known by name. */
async function hasProcess(known: KnownProduct, { machine, signal }: FoundProduct): Promise<boolean | undefined> {
  const { process } = known;
  if (process === undefined) return undefined;
  try {
    const names = await machine.remember('processes', {
      seconds: keepFor.settings,
      ask: async () => parseProcesses((await machine.system('tasklist.exe', ['/fo', 'csv', '/nh'], signal)).stdout),
    });
    return names.some((name) => process.test(name)) ? true : undefined;
  } catch {
    signal.throwIfAborted();
    return undefined;
  }
}

/** The first column of a table without headings. */
function parseProcesses(text: string): string[] {
  return text.split('\n').flatMap((line) => /^"([^"]{1,100})"/.exec(line)?.[1]?.toLowerCase() ?? []);
}
