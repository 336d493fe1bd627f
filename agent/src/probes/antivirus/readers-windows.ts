/** Every protection product on a Windows machine: what each says, beside what Windows Security Center has been told. */
import type { WindowsMachine } from '../windows/windows-machine.ts';
import { defenderEvents } from './defender-events-windows.ts';
import { readDefender } from './defender-windows.ts';
import { esetDetections } from './eset-detections-windows.ts';
import { readProducts } from './generic-windows.ts';
import { installedPrograms } from './installed-windows.ts';
import { kasperskyEvents } from './kaspersky-events-windows.ts';
import type { AntivirusReader, DetectionSource, ProductStatus } from './product-status.ts';
import { productCalled, tagOf } from './products-windows.ts';
import { failedRead } from './read-failure.ts';
import { type RegisteredProduct, registeredProducts } from './security-center-windows.ts';
import { symantecEvents } from './symantec-events-windows.ts';
import { TamperLog } from './tamper-windows.ts';

export function windowsAntivirus(machine: WindowsMachine): {
  readers: readonly AntivirusReader[];
  sources: readonly DetectionSource[];
} {
  const tampering = new TamperLog();
  return {
    readers: [windowsReader(machine, tampering)],
    sources: [
      defenderEvents(machine, tampering),
      kasperskyEvents(machine),
      esetDetections(machine),
      ...symantecEvents(machine),
    ],
  };
}

/** One reader, because Security Center speaks of products that the others found. */
function windowsReader(machine: WindowsMachine, tampering: TamperLog): AntivirusReader {
  return {
    name: 'windows',
    isPresent: () => true,
    async read({ time }, signal) {
      const others = await readProducts(machine, signal);
      const defender = await readDefender(machine, signal).catch((error: unknown) => {
        signal.throwIfAborted();
        return [{ product: 'defender', ...failedRead(error) }] satisfies ProductStatus[];
      });
      let unread: string | undefined;
      const registered = await registeredProducts(machine, signal).catch((error: unknown) => {
        signal.throwIfAborted();
        unread = `Windows Security Center is not read: ${failedRead(error).problem}`;
        return [];
      });
      const withTampering = (status: ProductStatus) => ({
        ...status,
        problem: status.problem ?? tampering.problem(time) ?? unread,
      });
      const programs = await installedPrograms(machine, signal).catch(() => {
        signal.throwIfAborted();
        return undefined;
      });
      const installed = programs?.map(({ name }) => name.toLowerCase());
      const known = registered.filter(({ isMicrosoft }) => !isMicrosoft);
      return [...defender.map(withTampering), ...withRegistered(others, { registered: known, installed, machine })];
    },
  };
}

interface Neighbours {
  /** Names of installed programs in lower case; undefined when they could not be read. */
  readonly installed: readonly string[] | undefined;
  readonly machine: WindowsMachine;
}

function withRegistered(
  found: readonly ProductStatus[],
  { registered, ...neighbours }: Neighbours & { readonly registered: readonly RegisteredProduct[] },
): ProductStatus[] {
  const statuses = new Map(found.map((status) => [status.product, status]));
  for (const entry of registered) {
    const tag = productCalled(entry.name)?.product ?? tagOf(entry.name);
    const status = statuses.get(tag);
    if (status === undefined) statuses.set(tag, nameOnly(entry, { tag, ...neighbours }));
    else if (status.orphan !== true) statuses.set(tag, completed(status, entry));
  }
  return [...statuses.values()];
}

/** A running service and the product's own word to Windows: two witnesses. */
function completed(status: ProductStatus, entry: RegisteredProduct): ProductStatus {
  const outOfDate = status.outOfDate ?? entry.outOfDate;
  if (status.running !== true) return { ...status, outOfDate };
  if (status.realtime === undefined) {
    const isKnown = entry.isOn !== undefined;
    const mode = entry.isOn ? 'active' : 'disabled';
    const wasUnknown = status.readState === 'unsupported' && isKnown;
    return {
      ...status,
      outOfDate,
      realtime: entry.isOn,
      ...(isKnown && { mode, source: 'Windows Security Center' }),
      ...(wasUnknown && { readState: 'ok', problem: undefined }),
    };
  }
  if (entry.isOn === undefined || status.realtime === entry.isOn) return { ...status, outOfDate };
  const problem = `Windows Security Center says that it is ${entry.isOn ? 'on' : 'off'}, the product the opposite`;
  return { ...status, outOfDate, problem: status.problem ?? problem };
}

/**
 * No service of it is known here. With its program in place and an entry among the installed programs it is a product that
 * is not known; otherwise one that was removed, or one that was made up to turn Defender off.
 */
function nameOnly(entry: RegisteredProduct, { tag, installed, machine }: Neighbours & { tag: string }): ProductStatus {
  const program = entry.program === undefined ? '' : machine.expand(entry.program);
  const isThere = /^[A-Za-z]:\\/.test(program) && machine.exists(program);
  const name = entry.name.toLowerCase();
  const isInstalled = installed === undefined || installed.some((one) => one.includes(name));
  const base = { product: tag, name: entry.name, source: 'Windows Security Center' } as const;
  const says = `Windows Security Center says that it is ${entry.isOn === true ? 'on' : 'not on'}`;
  if (isThere && isInstalled) {
    return { ...base, readState: 'unsupported', problem: `${says}; no service of it is known` };
  }
  const missing = isThere ? 'it is not among the installed programs' : 'its program is not there';
  return { ...base, readState: 'ok', orphan: true, problem: `${says}, but ${missing} and no service of it is known` };
}
