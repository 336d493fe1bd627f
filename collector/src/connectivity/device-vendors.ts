/** Who made a device, by the first half of its MAC address (IEEE's list of OUIs). */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { isLocalMac } from '@vonggac/shared';

/** The list takes some 20 MB in memory and is asked for seldom. */
const forgetAfterMs = 60_000;

export class DeviceVendors {
  #list: Readonly<Record<string, string>> | undefined;
  #timer: NodeJS.Timeout | undefined;

  /** Undefined for an address that was made up, or whose maker is not in the list. */
  of(mac: string): string | undefined {
    if (isLocalMac(mac)) return undefined;
    const key = mac.replaceAll(':', '').slice(0, 6).toUpperCase();
    const list = this.#load();
    return Object.hasOwn(list, key) ? list[key]?.split('\n')[0]?.trim() : undefined;
  }

  #load(): Readonly<Record<string, string>> {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#list = undefined;
    }, forgetAfterMs).unref();
    const file = fileURLToPath(import.meta.resolve('oui-data'));
    this.#list ??= JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>;
    return this.#list;
  }
}
