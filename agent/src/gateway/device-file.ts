/**
 * `lan-devices.json` in the data folder: the devices of the gateway's networks, so that "first seen" outlives a restart.
 *
 * Written whole as `lan-devices.json.new`, then renamed: what is there is the old state or the new one. A file that
 * cannot be used is set aside as `lan-devices.json.damaged`, and the census begins anew, with nothing called new.
 */
import { readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod/mini';
import type { Logger } from '../log.ts';
import { moveInto } from '../system/move-into.ts';
import { maxDevices, maxNetworks, type RegisterState } from './device-register.ts';

const Seconds = z.int().check(z.nonnegative());
const Text = z.string().check(z.maxLength(64));

const Network = z.object({ name: Text, began: Seconds, complete: z.boolean(), swept: z.optional(Seconds) });
const Device = z.object({
  mac: z.string().check(z.regex(/^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/)),
  address: z.optional(Text),
  address6: z.optional(Text),
  network: Text,
  firstSeen: Seconds,
  lastSeen: Seconds,
  present: z.boolean(),
  told: Seconds,
});
const Content = z.object({
  version: z.literal(1),
  networks: z.array(Network).check(z.maxLength(maxNetworks)),
  devices: z.array(Device).check(z.maxLength(maxDevices)),
});

/** Twice what `maxDevices` need. */
const maxBytes = 2 * 1_048_576;

export class DeviceFile {
  readonly #path: string;
  readonly #logger: Logger;
  #failing = false;

  constructor(folder: string, logger: Logger) {
    this.#path = join(folder, 'lan-devices.json');
    this.#logger = logger;
  }

  /** Never throws: without the file the census begins anew. */
  read(): RegisterState {
    try {
      if (statSync(this.#path).size > maxBytes) throw new Error(`larger than ${maxBytes} bytes`);
      return Content.parse(JSON.parse(readFileSync(this.#path, 'utf8')));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') this.#setAside(error as Error);
      return { networks: [], devices: [] };
    }
  }

  /** Never throws: the census goes on without, and the next change tries again. */
  write(state: RegisterState): void {
    try {
      const fresh = `${this.#path}.new`;
      writeFileSync(fresh, JSON.stringify({ version: 1, ...state }), { mode: 0o600, flush: true });
      moveInto(fresh, this.#path);
      this.#failing = false;
    } catch (error) {
      if (!this.#failing)
        this.#logger.warn('cannot keep the devices of the LAN', { problem: (error as Error).message });
      this.#failing = true;
    }
  }

  #setAside({ message }: Error): void {
    const damaged = `${this.#path}.damaged`;
    try {
      renameSync(this.#path, damaged);
      this.#logger.error('the file of LAN devices is damaged and set aside', {
        damaged,
        problem: message.slice(0, 200),
      });
    } catch (error) {
      this.#logger.error('the file of LAN devices cannot be used', { problem: (error as Error).message });
    }
  }
}
